package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.debian.unpack.UnpackedPackage.Member;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The {@code conffiles} member of a control archive (deb-conffiles(5)). */
final class Conffiles {
  private static final String FLAG = "remove-on-upgrade ";

  /**
   * A line.
   *
   * @param removed whether the package only wants to see it removed
   */
  record Conffile(AbsolutePath path, boolean removed) {}

  private Conffiles() {}

  /** The package's conffiles, in order, without those that it only wants to see removed. */
  static List<AbsolutePath> of(UnpackedPackage one) {
    return all(one).stream().filter(each -> !each.removed).map(Conffile::path).toList();
  }

  /** All lines, in order. */
  static List<Conffile> all(UnpackedPackage one) {
    Content content = one.controlFiles().get("conffiles");
    List<Conffile> all = new ArrayList<>();
    if (content != null) {
      for (String line : Texts.of(content).lines().map(String::strip).toList()) {
        boolean removed = line.startsWith(FLAG);
        String path = removed ? line.substring(FLAG.length()).strip() : line;
        if (!path.isEmpty()) {
          all.add(new Conffile(AbsolutePath.of(path), removed));
        }
      }
    }
    return all;
  }

  /** The MD5 digest of a conffile as the package ships it. */
  static String digest(UnpackedPackage one, AbsolutePath path, BodyFacts facts) throws IOException {
    for (Member member : one.members()) {
      if (member.path().equals(path) && member.entry() instanceof RegularFile file) {
        return facts.md5(file.content());
      }
    }
    return "newconffile";
  }
}
