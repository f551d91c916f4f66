package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Guest;
import io.hardbake.Qemu;
import io.hardbake.disk.gpt.DiskLayout;
import io.hardbake.image.Architecture;
import io.hardbake.image.Image;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine's disk must not do, and what one of the other architecture does. */
class MachineIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Size SIZE = Size.gib(2);

  @TempDir private Path directory;

  /** Negative control: one bit of the kernel changed, and with Secure Boot nothing starts. */
  @Test
  void aChangedKernelDoesNotStartWithSecureBoot() throws Exception {
    Image image = MachineChecks.loadbalancer(Architecture.AMD64);
    Path disk = MachineChecks.disk(image, SIZE, directory.resolve("loadbalancer.raw"));
    changeTheKernel(disk, image);
    Qemu machine = Qemu.of("machine-changed-kernel", disk).with(Qemu.Firmware.SECURE_BOOT);
    try (Guest guest = machine.start(directory)) {
      guest.await("bad shim signature", PATIENCE);
    }
  }

  /** The other architecture, to the end of its first boot. */
  @Test
  void becomesReadyOnArm() throws Exception {
    Image image = MachineChecks.loadbalancer(Architecture.ARM64);
    String kernel = MachineChecks.kernelRelease(image);
    assertTrue(kernel.endsWith("-arm64"), kernel);
    Path disk = MachineChecks.disk(image, SIZE, directory.resolve("loadbalancer-arm64.raw"));
    Path seed = MachineChecks.seed(directory, "loadbalancer", "controller-0=10.240.0.10");
    Qemu machine =
        Qemu.of("machine-arm64", disk)
            .with(Qemu.Firmware.ARM64_SECURE_BOOT)
            .withDrive(seed)
            .withSsh();
    try (Guest guest = machine.start(directory)) {
      guest.await("this loadbalancer is ready", PATIENCE);
      MachineChecks.assertInOrder(guest, kernel, true);
    }
  }

  /** Finds the kernel's body on the disk, and turns one bit in its midst. */
  private static void changeTheKernel(Path file, Image image) throws Exception {
    AbsolutePath path = AbsolutePath.of(MachineChecks.KERNEL + MachineChecks.kernelRelease(image));
    byte[] kernel = image.machine().orElseThrow().tree().file(path).orElseThrow().content().bytes();
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
