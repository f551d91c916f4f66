package io.hardbake.disk.initramfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Guest;
import io.hardbake.GuestKernel;
import io.hardbake.Oracle;
import io.hardbake.Qemu;
import io.hardbake.disk.kernel.KernelModule;
import io.hardbake.tree.Content;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The initramfs of Debian's cloud kernel, as cpio and the kernel itself read it. */
class InitramfsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Says that it was started, where, and how the root is mounted. */
  private static final String START =
      """
      #!/bin/busybox sh
      [ $$ = 1 ] && [ -e /dev/console ] && [ -d /sys/class ] || exit 1
      /bin/busybox grep -q ' / ext4 ro' /proc/mounts || exit 1
      echo started "$@"
      /bin/busybox poweroff -f
      """;

  @TempDir static Path directory;
  private static GuestKernel kernel;

  @BeforeAll
  static void make() throws Exception {
    Oracle.require("cpio");
    kernel = GuestKernel.open(directory);
  }

  @Test
  void isReadByCpio() throws Exception {
    Path archive = directory.resolve("initrd.cpio");
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(kernel.initrd()))) {
      Files.write(archive, in.readAllBytes());
    }
    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    Oracle.Result result =
        Oracle.run(
                "env",
                "-C",
                unpacked.toString(),
                "cpio",
                "--quiet",
                "-idm",
                "-F",
                archive.toString())
            .succeeded();
    assertEquals("", result.stderr());
    assertEquals(-1, Files.mismatch(unpacked.resolve("bin/sh"), unpacked.resolve("bin/busybox")));
    for (KernelModule module : Initramfs.loaded(kernel.modules())) {
      List<Path> found;
      try (var all = Files.list(unpacked.resolve("modules"))) {
        found = all.filter(file -> file.toString().endsWith("-" + module.name() + ".ko")).toList();
      }
      assertEquals(1, found.size(), module.path());
      assertEquals(
          module.content().sha256(), Content.of(Files.readAllBytes(found.get(0))).sha256());
    }
    assertTrue(Files.size(kernel.initrd()) < 2 << 20, Files.size(kernel.initrd()) + " bytes");
  }

  /** Negative control: cpio sees an archive that is cut. */
  @Test
  void cpioSeesThatAnArchiveIsCut() throws Exception {
    Path cut = directory.resolve("cut.cpio");
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(kernel.initrd()))) {
      Files.write(cut, in.readNBytes(2_000_000));
    }
    Oracle.run("cpio", "--quiet", "-t", "-F", cut.toString()).refused();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AHCI") // the cloud kernel does not drive it
  void findsTheRootOnEachBus(Qemu.Bus bus) throws Exception {
    String line = "console=ttyS0 panic=-1 quiet init=/start word root=UUID=" + GuestKernel.ROOT;
    Qemu machine = kernel.machine("initramfs-" + bus, disk(), line).with(bus);
    try (Guest guest = kernel.start(machine)) {
      String said = guest.await("started word", PATIENCE);
      guest.awaitEnd(PATIENCE);
      assertFalse(said.contains("initramfs:"), said);
    }
  }

  @Test
  void saysThatThereIsNoRoot() throws Exception {
    String other = GuestKernel.ROOT.replace('0', '1');
    String line = "console=ttyS0 rootdelay=1 panic=1 root=UUID=" + other;
    try (Guest guest = kernel.start(kernel.machine("initramfs-no-root", disk(), line))) {
      String said = guest.await("disks and partitions: ", PATIENCE);
      assertTrue(said.contains("there is no root file system UUID="), said);
      guest.awaitEnd(PATIENCE);
    }
  }

  private static Path disk() throws Exception {
    return kernel.root(START, List.of());
  }
}
