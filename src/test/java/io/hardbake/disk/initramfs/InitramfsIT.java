package io.hardbake.disk.initramfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.PackageFiles;
import io.hardbake.Qemu;
import io.hardbake.disk.kernel.KernelModule;
import io.hardbake.disk.kernel.KernelModules;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The initramfs of Debian's cloud kernel, as cpio and the kernel itself read it. */
class InitramfsIT {
  private static final String ROOT = "0d6b9bd4-4ad6-4bd0-8f8e-3d0ea8a29d6f";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir static Path directory;
  private static KernelModules modules;
  private static Path kernel;
  private static Path initrd;
  private static Content busybox;

  @BeforeAll
  static void make() throws Exception {
    Oracle.require("cpio", "mke2fs", "qemu-system-x86_64");
    PackageFiles image = PackageFiles.cloudKernel();
    String version = image.name().substring("linux-image-".length());
    String prefix = "/lib/modules/" + version + "/";
    SortedMap<String, Content> files = new TreeMap<>();
    image
        .files()
        .forEach(
            (path, content) -> {
              if (path.value().startsWith(prefix)) {
                files.put(path.value().substring(prefix.length()), content);
              }
            });
    modules = KernelModules.of(version, files);
    busybox = PackageFiles.of("busybox-static").file("/bin/busybox");
    initrd = Files.write(directory.resolve("initrd"), Initramfs.of(modules, busybox).bytes());
    kernel =
        Files.write(directory.resolve("vmlinuz"), image.file("/boot/vmlinuz-" + version).bytes());
  }

  @Test
  void isReadByCpio() throws Exception {
    Path archive = directory.resolve("initrd.cpio");
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(initrd))) {
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
    for (KernelModule module : Initramfs.loaded(modules)) {
      List<Path> found;
      try (var all = Files.list(unpacked.resolve("modules"))) {
        found = all.filter(file -> file.toString().endsWith("-" + module.name() + ".ko")).toList();
      }
      assertEquals(1, found.size(), module.path());
      assertEquals(
          module.content().sha256(), Content.of(Files.readAllBytes(found.get(0))).sha256());
    }
    assertTrue(Files.size(initrd) < 2 << 20, Files.size(initrd) + " bytes");
  }

  /** Negative control: cpio sees an archive that is cut. */
  @Test
  void cpioSeesThatAnArchiveIsCut() throws Exception {
    Path cut = directory.resolve("cut.cpio");
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(initrd))) {
      Files.write(cut, in.readNBytes(2_000_000));
    }
    Oracle.run("cpio", "--quiet", "-t", "-F", cut.toString()).refused();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AHCI") // the cloud kernel does not drive it
  void findsTheRootOnEachBus(Qemu.Bus bus) throws Exception {
    Qemu machine = Qemu.of("initramfs-" + bus, disk()).with(bus).withoutReboot();
    machine.withKernel(
        kernel, initrd, "console=ttyS0 panic=-1 quiet root=UUID=" + ROOT + " init=/start word");
    try (Qemu.Guest guest = machine.start(Files.createTempDirectory(directory, "qemu"))) {
      String said = guest.await("started", PATIENCE);
      guest.awaitEnd(PATIENCE);
      assertFalse(said.contains("initramfs:"), said);
    }
  }

  @Test
  void saysThatThereIsNoRoot() throws Exception {
    Qemu machine = Qemu.of("initramfs-no-root", disk()).withoutReboot();
    machine.withKernel(
        kernel, initrd, "console=ttyS0 rootdelay=1 panic=1 root=UUID=" + ROOT.replace('0', '1'));
    try (Qemu.Guest guest = machine.start(Files.createTempDirectory(directory, "qemu"))) {
      String said = guest.await("disks and partitions: ", PATIENCE);
      assertTrue(said.contains("there is no root file system UUID="), said);
      guest.awaitEnd(PATIENCE);
    }
  }

  /** A root whose init says that it was started, where, and how the root is mounted. */
  private static Path disk() throws IOException {
    Path tree = Files.createTempDirectory(directory, "tree");
    for (String name : List.of("dev", "proc", "sys", "bin")) {
      Files.createDirectory(tree.resolve(name));
    }
    Files.write(tree.resolve("bin/busybox"), busybox.bytes());
    Files.writeString(
        tree.resolve("start"),
        """
        #!/bin/busybox sh
        [ $$ = 1 ] && [ -e /dev/console ] && [ -d /sys/class ] || exit 1
        /bin/busybox grep -q ' / ext4 ro' /proc/mounts || exit 1
        echo started "$@"
        /bin/busybox poweroff -f
        """);
    Oracle.run("chmod", "755", tree + "/start", tree + "/bin/busybox").succeeded();
    Path disk = Files.createTempFile(directory, "disk", ".raw");
    Oracle.run(
            "mke2fs", "-q", "-t", "ext4", "-U", ROOT, "-d", tree.toString(), disk.toString(), "16M")
        .succeeded();
    return disk;
  }
}
