package io.hardbake.hygiene;

import io.hardbake.image.Finding;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who a machine is, it learns at boot: neither machine-id nor host name. */
final class Identity {
  private static final AbsolutePath HOSTS = AbsolutePath.of("/etc/hosts");

  /** What systemd takes for "not yet" (machine-id(5)). */
  private static final Set<String> NOT_YET = Set.of("", "uninitialized");

  private static final Set<String> ANYBODY =
      Set.of(
          "localhost",
          "localhost.localdomain",
          "ip6-localhost",
          "ip6-loopback",
          "ip6-localnet",
          "ip6-mcastprefix",
          "ip6-allnodes",
          "ip6-allrouters");

  private static final Size LIMIT = Size.mib(1);

  private Identity() {}

  static List<Finding> check(FileTree tree) throws IOException {
    List<Finding> findings = new ArrayList<>();
    Texts texts = new Texts(LIMIT);
    for (String path : List.of("/etc/machine-id", "/var/lib/dbus/machine-id")) {
      Optional<String> id = line(tree, path, texts);
      // The second one is a link to the first.
      if (id.isPresent() && !NOT_YET.contains(id.get()) && isOwnFile(tree, path)) {
        findings.add(Rule.H01.finding(path, "holds an id"));
      }
    }
    for (String path : List.of("/etc/hostname", "/etc/mailname", "/etc/machine-info")) {
      Optional<String> name = line(tree, path, texts);
      if (name.isPresent() && !name.get().isEmpty() && !ANYBODY.contains(name.get())) {
        findings.add(Rule.H13.finding(path, "names the machine: " + name.get()));
      }
    }
    Optional<RegularFile> hosts = tree.file(HOSTS);
    if (hosts.isPresent()) {
      hosts(texts.read(HOSTS, hosts.get().content()), findings);
    }
    return findings;
  }

  private static void hosts(String text, List<Finding> findings) {
    for (String line : text.split("\n", -1)) {
      String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
      for (int i = 1; i < words.length; i++) {
        if (isOwnAddress(words[0]) && !ANYBODY.contains(words[i])) {
          findings.add(Rule.H13.finding(HOSTS.value(), "names the machine: " + words[i]));
        }
      }
    }
  }

  /** Other addresses name other machines, which a recipe may do. */
  private static boolean isOwnAddress(String address) {
    return address.startsWith("127.") || address.equals("::1");
  }

  private static boolean isOwnFile(FileTree tree, String path) {
    return tree.get(AbsolutePath.of(path)).filter(RegularFile.class::isInstance).isPresent();
  }

  private static Optional<String> line(FileTree tree, String path, Texts texts) throws IOException {
    AbsolutePath place = AbsolutePath.of(path);
    Optional<RegularFile> file = tree.file(place);
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(texts.read(place, file.get().content()).strip());
  }
}
