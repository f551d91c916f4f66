package io.hardbake.bake;

import io.hardbake.Guest;
import io.hardbake.Oracle;
import io.hardbake.Qemu;
import io.hardbake.image.Architecture;
import io.hardbake.image.Image;
import io.hardbake.io.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an administrator does later: another kernel, installed by apt, whose initramfs Debian's own
 * tools make. That takes minutes in an emulated machine.
 */
class MachineUpgradeIT {
  private static final String KERNEL = "linux-image-";

  @TempDir Path room;

  @Test
  @EnabledIfSystemProperty(named = "hardbake.slow", matches = "true")
  void startsAnotherKernelOnceItIsInstalled() throws Exception {
    Oracle.require("apt-get", "mke2fs", "qemu-system-x86_64", "ssh");
    Image image = MachineChecks.loadbalancer(Architecture.AMD64);
    Path disk = MachineChecks.disk(image, Size.gib(2), room.resolve("loadbalancer.raw"));
    String other = otherKernel(MachineChecks.kernelRelease(image));
    Qemu machine = Qemu.of("machine-other-kernel", disk).withDrive(packages(other)).withSsh();
    try (Guest guest = machine.start(room)) {
      String install = "mount /dev/vdb /mnt && apt-get install -qq -y /mnt/*.deb && umount /mnt";
      guest.ssh(install, MachineChecks.PATIENCE).succeeded();
      guest.ssh("systemctl reboot", MachineChecks.PATIENCE);
      guest.await("Restarting system", MachineChecks.PATIENCE);
      MachineChecks.assertInOrder(guest, other.substring(KERNEL.length()), false);
    }
  }

  /** The archive's newest kernel of the same flavour that the image does not have. */
  private static String otherKernel(String release) {
    String own = KERNEL + release;
    return Oracle.run("apt-cache", "pkgnames", "linux-image-6.")
        .succeeded()
        .stdout()
        .lines()
        .filter(name -> name.matches("linux-image-[0-9.]+-[0-9]+-cloud-amd64"))
        .filter(name -> !name.equals(own))
        .max(Comparator.comparingInt(name -> Integer.parseInt(name.split("-", -1)[3])))
        .orElseThrow();
  }

  /** A disk with the package of a kernel. */
  private Path packages(String name) throws Exception {
    Path debs = Files.createDirectory(room.resolve("debs"));
    Oracle.run("env", "-C", debs.toString(), "apt-get", "-qq", "download", name).succeeded();
    Path drive = room.resolve("packages.raw");
    Oracle.run("mke2fs", "-q", "-t", "ext4", "-d", debs.toString(), drive.toString(), "128M")
        .succeeded();
    return drive;
  }
}
