package io.hardbake.bake;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.disk.grub.EfiFiles;
import io.hardbake.image.Architecture;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The packages of which a disk's boot loaders and its initramfs are made. They are locked and
 * verified like all others, but not installed: nothing on the machine would use them.
 */
final class BootInputs {
  /** Under which the lock lists them; no recipe can have this name. */
  static final String LOCKED_AS = "+boot";

  static final String BUSYBOX_PACKAGE = "busybox-static";
  private static final AbsolutePath BUSYBOX = AbsolutePath.of("/bin/busybox");

  private final SortedMap<AbsolutePath, Content> files = new TreeMap<>();

  /** {@code packages} are the unpacked ones, by name; those that are no boot input are not used. */
  BootInputs(SortedMap<String, UnpackedPackage> packages, Architecture architecture) {
    for (String name : names(architecture)) {
      UnpackedPackage unpacked = packages.get(name);
      if (unpacked == null) {
        throw new IllegalStateException(name + " was not unpacked");
      }
      for (UnpackedPackage.Member member : unpacked.members()) {
        if (member.entry() instanceof RegularFile file) {
          files.put(member.path(), file.content());
        }
      }
    }
  }

  /** The packages for an architecture; only PCs have a BIOS to start from. */
  static SortedSet<String> names(Architecture architecture) {
    SortedSet<String> names = new TreeSet<>();
    names.add(BUSYBOX_PACKAGE);
    names.add(EfiFiles.grubPackage(architecture));
    names.add("shim-signed");
    if (architecture == Architecture.AMD64) {
      names.add("grub-pc-bin");
    }
    return names;
  }

  /** All their files, by path. */
  SortedMap<AbsolutePath, Content> files() {
    return files;
  }

  Content busybox() {
    Content busybox = files.get(BUSYBOX);
    if (busybox == null) {
      throw new IllegalStateException(BUSYBOX_PACKAGE + " has no " + BUSYBOX);
    }
    return busybox;
  }
}
