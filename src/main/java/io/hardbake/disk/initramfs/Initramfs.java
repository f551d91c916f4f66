package io.hardbake.disk.initramfs;

import io.hardbake.disk.kernel.KernelModule;
import io.hardbake.disk.kernel.KernelModules;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.deflate.Gzip;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes an initramfs: mounts the root file system that the kernel's command line names ({@code
 * root=UUID=…}), and starts its {@code /sbin/init}.
 */
public final class Initramfs {
  /**
   * The drivers of all disks that are supported. Which of them are modules, and what these need,
   * differs from kernel to kernel; one that a kernel does not have is no disk to boot it from.
   */
  private static final List<String> DRIVERS =
      List.of(
          "virtio_pci",
          "virtio_blk",
          "virtio_scsi",
          "sd_mod",
          "ata_piix",
          "ahci",
          "nvme",
          "crc32c_intel"); // ext4's checksums in hardware

  private static final String ROOT_FILE_SYSTEM = "ext4";

  private static final List<String> APPLETS =
      List.of(
          "cat dmesg findfs insmod ls lsmod mount reboot setsid sh sleep switch_root umount"
              .split(" ", -1));

  private Initramfs() {}

  /**
   * An initramfs for one kernel, gzip-compressed.
   *
   * @param busybox the program, statically linked: {@code /bin/busybox} of package busybox-static
   * @throws IntegrityException if the kernel cannot read ext4
   */
  public static Content of(KernelModules modules, Content busybox)
      throws IntegrityException, IOException {
    if (!modules.has(ROOT_FILE_SYSTEM)) {
      throw new IntegrityException(
          "kernel %s has no %s, neither built in nor as a module"
              .formatted(modules.version(), ROOT_FILE_SYSTEM),
          "choose a kernel package of Debian, such as linux-image-cloud-amd64");
    }
    CpioArchive archive = new CpioArchive();
    for (String directory : List.of("bin", "dev", "modules", "proc", "root", "sys")) {
      archive.directory(directory, 0755);
    }
    // Where the kernel writes before /init has mounted anything (init/main.c, console_on_rootfs).
    archive.character("dev/console", 0600, 5, 1);
    archive.file("bin/busybox", 0755, busybox.bytes());
    APPLETS.forEach(applet -> archive.symlink("bin/" + applet, "busybox"));
    archive.file("init", 0755, script());
    int number = 0;
    for (KernelModule module : loaded(modules)) {
      // The number is the order in which /init loads them.
      String name = String.format(Locale.ROOT, "modules/%02d-%s.ko", number++, module.name());
      archive.file(name, 0644, module.content().bytes());
    }
    return Content.of(Gzip.compress(archive.finish()));
  }

  /** The modules in an initramfs, in the order of loading. */
  static List<KernelModule> loaded(KernelModules modules) throws IntegrityException {
    List<String> wanted = new ArrayList<>(DRIVERS);
    wanted.add(ROOT_FILE_SYSTEM);
    return modules.loadOrder(wanted);
  }

  private static byte[] script() throws IOException {
    try (InputStream in = Initramfs.class.getResourceAsStream("init")) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks its resource init");
      }
      return in.readAllBytes();
    }
  }
}
