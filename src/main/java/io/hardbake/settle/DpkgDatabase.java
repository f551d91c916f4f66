package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.debian.unpack.UnpackedPackage.Member;
import io.hardbake.image.Architecture;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code /var/lib/dpkg}: what dpkg knows of the packages on the machine, byte for byte as dpkg
 * writes it. Locks and backups are left out; dpkg makes them when it needs them.
 */
final class DpkgDatabase {
  private static final AbsolutePath DIRECTORY = AbsolutePath.of("/var/lib/dpkg");
  private static final AbsolutePath INFO = DIRECTORY.child("info");
  private static final Set<String> PROGRAMS =
      Set.of("preinst", "postinst", "prerm", "postrm", "config");

  private final Architecture architecture;
  private final TreeEditor editor;
  private final BodyFacts facts;

  DpkgDatabase(Architecture architecture, TreeEditor editor, BodyFacts facts) {
    this.architecture = architecture;
    this.editor = editor;
    this.facts = facts;
  }

  /** Writes status, lists, scripts and triggers. */
  void write(List<Verdict> verdicts, Unpacking unpacking) throws IOException {
    for (String directory : List.of("info", "parts", "triggers", "updates")) {
      editor.directory(DIRECTORY.child(directory), 0755, Owner.ROOT);
    }
    List<Verdict> sorted =
        verdicts.stream().sorted(Comparator.comparing(verdict -> verdict.about().name())).toList();
    StringBuilder status = new StringBuilder();
    TriggerInterests triggers = new TriggerInterests();
    for (Verdict verdict : sorted) {
      UnpackedPackage one = verdict.about();
      status.append(StatusParagraph.of(one, verdict.isConfigured(), facts));
      writeInfo(one, unpacking.lost(one.name()));
      triggers.add(one);
    }
    editor.write(DIRECTORY.child("status"), status.toString());
    editor.write(DIRECTORY.child("arch"), architecture.debianName() + "\n");
    editor.write(INFO.child("format"), "1\n");
    triggers.writeTo(editor);
  }

  private void writeInfo(UnpackedPackage one, Set<AbsolutePath> lost) throws IOException {
    String stem = stem(one);
    one.controlFiles()
        .forEach(
            (name, content) -> {
              if (!name.equals("control")) {
                editor.write(
                    INFO.child(stem + "." + name),
                    PROGRAMS.contains(name) ? 0755 : 0644,
                    Owner.ROOT,
                    content);
              }
            });
    String list =
        one.members().stream()
            .map(Member::path)
            .filter(path -> !lost.contains(path))
            .map(path -> (path.isRoot() ? "/." : path.value()) + "\n")
            .collect(Collectors.joining());
    editor.write(INFO.child(stem + ".list"), 0644, Owner.ROOT, Content.of(list));
    if (!one.controlFiles().containsKey("md5sums")) {
      editor.write(INFO.child(stem + ".md5sums"), md5sums(one, lost));
    }
  }

  /** What dpkg finds out where a package brings no sums: its conffiles are among them. */
  private String md5sums(UnpackedPackage one, Set<AbsolutePath> lost) throws IOException {
    Map<AbsolutePath, Content> bodies = new HashMap<>();
    StringBuilder sums = new StringBuilder();
    for (Member member : one.members()) {
      AbsolutePath path = member.path();
      if (member.entry() instanceof RegularFile file) {
        bodies.put(path, file.content());
      } else if (member.entry() instanceof HardLink link && bodies.containsKey(link.target())) {
        bodies.put(path, bodies.get(link.target()));
      }
      Content body = bodies.get(path);
      if (body != null && !lost.contains(path)) {
        sums.append(facts.md5(body)).append("  ").append(path.value().substring(1)).append('\n');
      }
    }
    return sums.toString();
  }

  /** Packages that may be there for several architectures carry theirs in the names of files. */
  static String stem(UnpackedPackage one) {
    boolean several = one.control().get("Multi-Arch").filter("same"::equals).isPresent();
    return several ? one.name() + ":" + one.architecture() : one.name();
  }
}
