package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who wants to be told about what (deb-triggers(5)): {@code triggers/File} for paths, a file named
 * after each explicit trigger. In both, a package that may be there for several architectures
 * carries its own. No trigger is pending after settling: what the interested packages would do has
 * been done.
 */
final class TriggerInterests {
  private static final AbsolutePath DIRECTORY = AbsolutePath.of("/var/lib/dpkg/triggers");

  private final StringBuilder paths = new StringBuilder();
  private final SortedMap<String, StringBuilder> names = new TreeMap<>();

  void add(UnpackedPackage one) {
    Content content = one.controlFiles().get("triggers");
    if (content == null) {
      return;
    }
    for (String line : Texts.of(content).lines().toList()) {
      List<String> words = List.of(line.replaceFirst("#.*", "").strip().split("\\s+"));
      if (words.size() == 2 && words.get(0).startsWith("interest")) {
        String who =
            DpkgDatabase.stem(one) + (words.get(0).equals("interest-noawait") ? "/noawait" : "");
        if (words.get(1).startsWith("/")) {
          paths.append(words.get(1)).append(' ').append(who).append('\n');
        } else {
          names.computeIfAbsent(words.get(1), n -> new StringBuilder()).append(who).append('\n');
        }
      }
    }
  }

  void writeTo(TreeEditor editor) {
    editor.write(DIRECTORY.child("File"), paths.toString());
    editor.write(DIRECTORY.child("Unincorp"), "");
    names.forEach((name, who) -> editor.write(DIRECTORY.child(name), who.toString()));
  }
}
