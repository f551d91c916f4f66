package io.hardbake.settle;

import io.hardbake.debian.DebVersion;
import io.hardbake.debian.MalformedControlException;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.FileTree;
import java.util.List;

/**
 * The links by which a boot loader finds the kernel to start and the one to fall back to, as {@code
 * linux-update-symlinks} of linux-base keeps them: {@code /vmlinuz}, {@code /initrd.img}, and both
 * with {@code .old}. With one kernel all of them lead to it. The initramfs comes later, but under a
 * name that is known.
 */
final class KernelLinks {
  private static final AbsolutePath BOOT = AbsolutePath.of("/boot");
  private static final String IMAGE = "vmlinuz-";

  private KernelLinks() {}

  /** Whether there is a kernel for them to lead to. */
  static boolean areWanted(FileTree.Builder tree) {
    return !releases(tree).isEmpty();
  }

  static void write(TreeEditor editor) {
    List<String> releases = releases(editor.tree());
    if (releases.isEmpty()) {
      throw new IllegalStateException("a kernel's package without a kernel in " + BOOT);
    }
    String newest = releases.get(releases.size() - 1);
    String older = releases.get(Math.max(0, releases.size() - 2));
    link(editor, "", newest);
    link(editor, ".old", older);
  }

  private static List<String> releases(FileTree.Builder tree) {
    return tree.children(BOOT).keySet().stream()
        .map(AbsolutePath::name)
        .filter(name -> name.startsWith(IMAGE))
        .map(name -> name.substring(IMAGE.length()))
        .sorted(KernelLinks::compare)
        .toList();
  }

  private static void link(TreeEditor editor, String suffix, String release) {
    editor.link(AbsolutePath.of("/vmlinuz" + suffix), "boot/vmlinuz-" + release);
    editor.link(AbsolutePath.of("/initrd.img" + suffix), "boot/initrd.img-" + release);
  }

  private static int compare(String a, String b) {
    try {
      return DebVersion.parse(a).compareTo(DebVersion.parse(b));
    } catch (MalformedControlException e) {
      throw new IllegalStateException("not a kernel's release: " + a + " or " + b, e);
    }
  }
}
