package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.Qemu;
import io.hardbake.disk.gpt.DiskLayout;
import io.hardbake.image.Architecture;
import io.hardbake.image.Image;
import io.hardbake.image.Machine;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The load balancer as a machine with a disk: it boots, gets ready, and finds itself in order. */
class MachineIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Size SIZE = Size.gib(2);

  @TempDir static Path directory;
  private static Path disk;
  private static Path seed;
  private static Machine baked;

  @BeforeAll
  static void bake() throws Exception {
    Oracle.require("apt-get", "mke2fs", "qemu-system-x86_64", "qemu-img", "ssh");
    Image image = MachineChecks.loadbalancer(Architecture.AMD64);
    baked = image.machine().orElseThrow();
    disk = MachineChecks.disk(image, SIZE, directory.resolve("loadbalancer.raw"));
    seed = directory.resolve("seed.img");
    String controllers = "--controllers=controller-0=10.240.0.10";
    Oracle.run("./hardbake", "seed", "--node=loadbalancer", "--out=" + seed, controllers)
        .succeeded();
  }

  @ParameterizedTest
  // MachineFirstBootIT has BIOS with virtio-blk, a dozen times, and Secure Boot with NVMe.
  @CsvSource({
    "BIOS, VIRTIO_SCSI",
    "BIOS, IDE",
    "BIOS, NVME",
    "UEFI, VIRTIO_BLK",
    "SECURE_BOOT, VIRTIO_SCSI"
  })
  @Execution(ExecutionMode.CONCURRENT)
  void boots(Qemu.Firmware firmware, Qemu.Bus bus) throws Exception {
    Path room = Files.createTempDirectory(directory, "qemu");
    Path overlay = Qemu.overlay(disk, room);
    Oracle.run("qemu-img", "resize", "-q", overlay.toString(), "5G").succeeded();
    Qemu machine =
        Qemu.of("machine-%s-%s".formatted(firmware, bus), overlay).with(firmware).with(bus);
    try (Qemu.Guest guest = machine.withDrive(seed).withSsh().start(room)) {
      guest.await("this loadbalancer is ready", PATIENCE);
      boolean secure = firmware == Qemu.Firmware.SECURE_BOOT;
      MachineChecks.assertInOrder(guest, baked.boot().kernelRelease(), secure ? "1" : "0");
      long root = Long.parseLong(say(guest, "df --output=size -B1 / | tail -1"));
      assertTrue(root > Size.gib(4).bytes(), "the root has not grown: " + root);
      guest.pressPowerButton();
      guest.awaitEnd(PATIENCE);
    }
  }

  /** Negative control: one bit of the kernel changed, and with Secure Boot nothing starts. */
  @Test
  void aChangedKernelDoesNotStartWithSecureBoot() throws Exception {
    Path room = Files.createTempDirectory(directory, "qemu");
    Path changed = room.resolve("changed.raw");
    Oracle.run("cp", "--sparse=always", disk.toString(), changed.toString()).succeeded();
    changeTheKernel(changed);
    Qemu machine = Qemu.of("machine-changed-kernel", changed).with(Qemu.Firmware.SECURE_BOOT);
    try (Qemu.Guest guest = machine.start(room)) {
      guest.await("bad shim signature", PATIENCE);
    }
  }

  @Test
  void isMadeForArmToo() throws Exception {
    Machine machine = MachineChecks.loadbalancer(Architecture.ARM64).machine().orElseThrow();
    String release = machine.boot().kernelRelease();
    assertTrue(release.endsWith("-arm64"), release);
    for (String path :
        List.of("/vmlinuz", "/initrd.img", "/lib/modules/" + release + "/modules.dep.bin")) {
      assertTrue(machine.tree().file(AbsolutePath.of(path)).isPresent(), path);
    }
  }

  private static String say(Qemu.Guest guest, String command) throws Exception {
    return guest.ssh(command, PATIENCE).succeeded().stdout().strip();
  }

  /** Finds the kernel's body on the disk, and turns one bit in its midst. */
  private static void changeTheKernel(Path file) throws Exception {
    String path = "/boot/vmlinuz-" + baked.boot().kernelRelease();
    byte[] kernel = baked.tree().file(AbsolutePath.of(path)).orElseThrow().content().bytes();
    byte[] start = Arrays.copyOf(kernel, 4096);
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] block = new byte[start.length];
      long at = DiskLayout.of(SIZE).root().offset();
      do {
        bytes.seek(at);
        bytes.readFully(block); // throws at the disk's end
        at += block.length;
      } while (!Arrays.equals(block, start));
      bytes.seek(at + kernel.length / 2);
      int old = bytes.read();
      bytes.seek(at + kernel.length / 2);
      bytes.write(old ^ 1);
    }
  }
}
