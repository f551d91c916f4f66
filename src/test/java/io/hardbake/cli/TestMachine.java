package io.hardbake.cli;

import io.hardbake.debian.TestArchive;
import io.hardbake.debian.unpack.DebBuilder;
import io.hardbake.debian.unpack.TarBuilder;
import io.hardbake.disk.grub.FakeGrub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Packages of a kernel and of boot loaders that start nothing, and recipes that make disks and
 * boxes of them.
 */
final class TestMachine {
  static final String IN_BASE =
      """
      machine: machine
      box: box
      hardware: {disk: 1GiB, memory: 256MiB, processors: 1}
      """;

  static final String MACHINE =
      """
      description: a kernel
      abstract: true
      boot: {kernel: linux-image-test, commandLine: [quiet]}
      """;

  static final String BOX =
      """
      description: the user of boxes
      abstract: true
      files:
        - {path: /etc/box, content: "a box\\n"}
      """;

  /** Incompressible, so that writing it takes a while. */
  private static final int KERNEL_BYTES = 1 << 20;

  private TestMachine() {}

  static void addTo(TestArchive archive) throws IOException {
    add(archive, "linux-image-test-amd64", kernel());
    add(archive, "busybox-static", Map.of("/bin/busybox", bytes("busybox")));
    add(
        archive,
        "grub-efi-amd64-signed",
        Map.of("/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", bytes("grub")));
    add(archive, "shim-signed", Map.of("/usr/lib/shim/shimx64.efi.signed", bytes("shim")));
    SortedMap<String, byte[]> grub = new TreeMap<>();
    FakeGrub.files().forEach((name, body) -> grub.put("/usr/lib/grub/i386-pc/" + name, body));
    add(archive, "grub-pc-bin", grub);
  }

  private static Map<String, byte[]> kernel() {
    byte[] image = new byte[KERNEL_BYTES];
    new Random(1).nextBytes(image);
    return Map.of(
        "/boot/vmlinuz-6.1.0-test",
        image,
        "/usr/lib/modules/6.1.0-test/modules.order",
        new byte[0],
        "/usr/lib/modules/6.1.0-test/modules.builtin",
        bytes("kernel/fs/ext4/ext4.ko\nkernel/drivers/block/virtio_blk.ko\n"));
  }

  private static void add(TestArchive archive, String name, Map<String, byte[]> contents)
      throws IOException {
    TarBuilder tar = new TarBuilder().directory("./");
    Set<String> directories = new LinkedHashSet<>();
    for (Map.Entry<String, byte[]> file : new TreeMap<>(contents).entrySet()) {
      String path = file.getKey();
      for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
        String directory = path.substring(0, slash);
        if (directories.add(directory)) {
          tar.directory("." + directory + "/");
        }
      }
      tar.file("." + path, file.getValue());
    }
    archive.add(
        "Package: " + name + "\nVersion: 1\n",
        control -> DebBuilder.withControl(control).data(tar).build());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
