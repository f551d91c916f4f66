package io.hardbake.disk.grub;

import io.hardbake.image.Architecture;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the EFI system partition holds: the boot loader that firmware starts from a disk it knows
 * nothing about, {@code \EFI\BOOT\BOOT….EFI}. That is Debian's shim, signed by Microsoft, which
 * starts Debian's GRUB, signed by Debian, which reads {@code \EFI\debian\grub.cfg}. No entry in the
 * firmware's memory is needed.
 *
 * @see <a href="https://uefi.org/specs/UEFI/2.10/03_Boot_Manager.html">UEFI, 3.5.1.1, Removable
 *     Media Boot Behavior</a>
 */
public final class EfiFiles {
  private EfiFiles() {}

  /** Where the signed shim lies in package shim-signed. */
  public static AbsolutePath shim(Architecture architecture) {
    return AbsolutePath.of("/usr/lib/shim/shim" + suffix(architecture) + ".efi.signed");
  }

  /** Where the signed GRUB lies in package grub-efi-amd64-signed or grub-efi-arm64-signed. */
  public static AbsolutePath grub(Architecture architecture) {
    String platform = architecture == Architecture.AMD64 ? "x86_64" : "arm64";
    return AbsolutePath.of(
        "/usr/lib/grub/%s-efi-signed/grub%s.efi.signed".formatted(platform, suffix(architecture)));
  }

  /** The package that holds the signed GRUB. */
  public static String grubPackage(Architecture architecture) {
    return "grub-efi-" + architecture.debianName() + "-signed";
  }

  /**
   * The partition's files by path.
   *
   * @param shim the signed shim
   * @param grub the signed GRUB; its built-in prefix is {@code /EFI/debian}
   * @param rootFileSystem where GRUB goes on with {@code /boot/grub/grub.cfg}
   */
  public static SortedMap<AbsolutePath, Content> of(
      Architecture architecture, Content shim, Content grub, UUID rootFileSystem) {
    String suffix = suffix(architecture);
    String boot = "BOOT" + (architecture == Architecture.AMD64 ? "X64" : "AA64") + ".EFI";
    String config =
        """
        search.fs_uuid %s root
        set prefix=($root)/boot/grub
        configfile $prefix/grub.cfg
        """
            .formatted(rootFileSystem);
    SortedMap<AbsolutePath, Content> files = new TreeMap<>();
    files.put(AbsolutePath.of("/EFI/BOOT/" + boot), shim);
    files.put(AbsolutePath.of("/EFI/BOOT/grub" + suffix + ".efi"), grub);
    files.put(AbsolutePath.of("/EFI/debian/grub.cfg"), Content.of(config));
    return Collections.unmodifiableSortedMap(files);
  }

  /** UEFI's short name of the architecture, in lower case as Debian's file names have it. */
  private static String suffix(Architecture architecture) {
    return switch (architecture) {
      case AMD64 -> "x64";
      case ARM64 -> "aa64";
    };
  }
}
