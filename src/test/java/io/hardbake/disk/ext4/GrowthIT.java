package io.hardbake.disk.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Guest;
import io.hardbake.GuestKernel;
import io.hardbake.Oracle;
import io.hardbake.Qemu;
import io.hardbake.image.UnpackedTree;
import io.hardbake.io.Size;
import io.hardbake.tree.Content;
import io.hardbake.tree.FileTree;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** File systems that grow, as at the first boot on a larger disk. */
final class GrowthIT {
  @TempDir private Path directory;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private Path root;

  @BeforeEach
  void requireTools() throws Exception {
    Oracle.require("e2fsck", "resize2fs", "losetup", "mount");
    Oracle.requireRoot();
    root = Files.createDirectory(directory.resolve("root"));
  }

  private FileSystemFile write(Size size) throws Exception {
    return FileSystemFile.write(
        Ext4.plan(TestTree.small(), List.of(), TestTree.settings(size)),
        directory.resolve("root.ext4"));
  }

  private static void lengthen(FileSystemFile image, Size size) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(image.file().toFile(), "rw")) {
      file.setLength(size.bytes());
    }
  }

  private String mounted(FileSystemFile image) throws Exception {
    return image.mounted(root, at -> UnpackedTree.comparable(UnpackedTree.manifestOf(at)));
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 200, 3000})
  void growsOffline(int mebibytes) throws Exception {
    FileSystemFile image = write(Size.mib(mebibytes));
    String before = mounted(image);
    lengthen(image, Size.gib(20));
    image.e2fsck().succeeded();
    Oracle.run("resize2fs", "-f", image.file().toString()).succeeded();
    image.e2fsck().succeeded();
    assertEquals(before, mounted(image));
    assertEquals(5242880, blocks(image, "resize_inode"));
  }

  /**
   * The machine's own root, from 64 MiB to a hundred times as much, to 20 GiB, and so far that the
   * reserved descriptor blocks do not suffice: with a kernel of Debian, in QEMU, since not
   * everybody who may mount may also resize.
   */
  @ParameterizedTest
  @CsvSource({"64, 6400, resize_inode", "3000, 20480, resize_inode", "16, 133120, meta_bg"})
  void growsOnline(int from, int to, String feature) throws Exception {
    Oracle.require("ldd");
    GuestKernel kernel = GuestKernel.open(directory);
    Ext4Settings settings = TestTree.settings(Size.mib(from));
    FileSystemFile image =
        FileSystemFile.write(
            Ext4.plan(growing(kernel.busybox()), List.of(), settings),
            directory.resolve("root.ext4"));
    lengthen(image, Size.mib(to));
    String line = "console=ttyS0 panic=-1 quiet init=/start root=UUID=" + settings.uuid();
    Qemu machine = kernel.machine("ext4-growth", image.file(), line);
    try (Guest guest = kernel.start(machine)) {
      guest.await("has grown", PATIENCE);
      guest.awaitEnd(PATIENCE);
    }
    image.e2fsck().succeeded();
    assertEquals(Size.mib(to).bytes() / Block.BYTES, blocks(image, feature));
    String written = image.mounted(root, at -> Files.readString(at.resolve("written")));
    assertEquals("after growing\n", written);
  }

  /** A root whose init lets resize2fs, taken from this host, do its work. */
  private static FileTree growing(Content busybox) throws Exception {
    TestTree tree = new TestTree();
    for (String path : List.of("/dev", "/proc", "/sys")) {
      tree.directory(path);
    }
    tree.program("/bin/busybox", busybox);
    tree.program(
        "/start",
        Content.of(
            """
            #!/bin/busybox sh
            /bin/busybox mount -o remount,rw / || exit 1
            /usr/sbin/resize2fs /dev/vda || exit 1
            echo after growing >/written
            /bin/busybox mount -o remount,ro / || exit 1
            echo has grown
            /bin/busybox poweroff -f
            """));
    String resize2fs = "/usr/sbin/resize2fs";
    tree.program(resize2fs, Content.of(Files.readAllBytes(Path.of(resize2fs))));
    for (String word : Oracle.run("ldd", resize2fs).succeeded().stdout().split("\\s+", -1)) {
      if (word.startsWith("/")) {
        tree.program(word, Content.of(Files.readAllBytes(Path.of(word))));
      }
    }
    return tree.freeze();
  }

  private static long blocks(FileSystemFile image, String feature) {
    String seen = Oracle.run("dumpe2fs", "-h", image.file().toString()).succeeded().stdout();
    assertTrue(seen.contains(" " + feature + " "), seen);
    return seen.lines()
        .filter(line -> line.startsWith("Block count:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }
}
