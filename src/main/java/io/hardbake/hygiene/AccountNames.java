package io.hardbake.hygiene;

import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The names behind owners' numbers, as the image's own passwd(5) and group(5) have them. */
record AccountNames(Map<Integer, String> users, Map<Integer, String> groups) {
  private static final Size LIMIT = Size.mib(4);

  static AccountNames of(FileTree tree) throws IOException {
    return new AccountNames(names(tree, "/etc/passwd"), names(tree, "/etc/group"));
  }

  /** {@code root:shadow}; a number that has no name stays one. */
  String owner(Meta meta) {
    return users.getOrDefault(meta.uid(), Integer.toString(meta.uid()))
        + ":"
        + groups.getOrDefault(meta.gid(), Integer.toString(meta.gid()));
  }

  private static Map<Integer, String> names(FileTree tree, String path) throws IOException {
    Map<Integer, String> names = new HashMap<>(Map.of(0, "root"));
    AbsolutePath place = AbsolutePath.of(path);
    Optional<RegularFile> file = tree.file(place);
    if (file.isPresent()) {
      for (String line : new Texts(LIMIT).read(place, file.get().content()).split("\n", -1)) {
        String[] fields = line.split(":", -1);
        if (fields.length > 2 && !fields[0].isEmpty() && fields[2].matches("[0-9]{1,9}")) {
          names.putIfAbsent(Integer.parseInt(fields[2]), fields[0]);
        }
      }
    }
    return names;
  }
}
