package io.hardbake.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.DirectoryClusterCache;
import io.hardbake.disk.ext4.Ext4;
import io.hardbake.disk.ext4.Ext4Settings;
import io.hardbake.disk.qcow2.Compression;
import io.hardbake.disk.qcow2.Qcow2;
import io.hardbake.disk.vmdk.Vmdk;
import io.hardbake.image.BlankLedger;
import io.hardbake.io.Size;
import io.hardbake.oci.ImageReading;
import io.hardbake.progress.Progress;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileSlice;
import io.hardbake.tree.FileTree;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Writes an image's tree once in one format, and says how many seconds that took from the tree in
 * memory, its bodies in a file, to the file that is written: {@code make bench} holds them against
 * other writers. The JVM is a fresh one, so its compiler's work counts.
 */
final class WriterBench {
  private static final UUID ID = new UUID(1, 2);

  private WriterBench() {}

  /**
   * {@code IMAGE SCRATCH ext4|zstd|deflate|vmdk OUT}. What a format is written of is planned before
   * the clock starts, but for ext4, which is that plan.
   */
  public static void main(String[] arguments) throws Exception {
    Path scratch = Files.createDirectories(Path.of(arguments[1]));
    Path out = Path.of(arguments[3]);
    FileTree tree;
    try (ImageReading image = ImageReading.of(Path.of(arguments[0]), scratch, Progress.silent())) {
      tree = stored(image.tree(), scratch.resolve("bodies"));
    }
    double seconds =
        switch (arguments[2]) {
          case "ext4" -> ext4(tree, out);
          case "zstd" -> packed(tree, disk -> qcow2(disk, Compression.ZSTD, scratch, out));
          case "deflate" -> packed(tree, disk -> qcow2(disk, Compression.DEFLATE, scratch, out));
          case "vmdk" -> packed(tree, disk -> VolumeFile.write(vmdk(disk, scratch), out));
          default -> throw new IllegalArgumentException(arguments[2]);
        };
    new PrintStream(System.out, true, UTF_8).println(String.format(Locale.ROOT, "%.2f", seconds));
  }

  /** The same tree with its bodies end to end in a file that is on disk, as packages have them. */
  private static FileTree stored(FileTree tree, Path bodies) throws IOException {
    FileTree.Builder stored = tree.toBuilder();
    try (FileOutputStream file = new FileOutputStream(bodies.toFile());
        OutputStream out = new BufferedOutputStream(file)) {
      long offset = 0;
      for (var named : tree.entries().entrySet()) {
        if (named.getValue() instanceof RegularFile regular) {
          Content content = regular.content();
          try (InputStream in = content.open()) {
            in.transferTo(out);
          }
          FileSlice slice = new FileSlice(bodies, offset, content.size(), content.sha256());
          stored.putExact(named.getKey(), new RegularFile(regular.meta(), slice));
          offset += content.size().bytes();
        }
      }
      out.flush();
      file.getChannel().force(true); // else the writer's own force would wait for these bytes too
    }
    return stored.freeze();
  }

  private interface Writer {
    void write(Volume disk) throws Exception;
  }

  private static Volume plan(FileTree tree) throws Exception {
    return Ext4.plan(
        tree,
        List.of(),
        Ext4Settings.of(Size.gib(10), ID, ID, "bench", Instant.ofEpochSecond(1_700_000_000)));
  }

  private static double ext4(FileTree tree, Path out) throws Exception {
    long start = System.nanoTime();
    SparseWriter.write(plan(tree), out);
    return seconds(start);
  }

  private static double packed(FileTree tree, Writer writer) throws Exception {
    Volume disk = plan(tree);
    long start = System.nanoTime();
    writer.write(disk);
    return seconds(start);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void qcow2(Volume disk, Compression compression, Path scratch, Path out)
      throws Exception {
    Qcow2.write(disk, compression, packer(scratch), out, new BlankLedger());
  }

  private static Volume vmdk(Volume disk, Path scratch) throws Exception {
    return Vmdk.file("disk", disk, "disk.vmdk", ID, packer(scratch));
  }

  /** Without anything worked out before. */
  private static ClusterPacker packer(Path scratch) throws Exception {
    Path cache = Files.createTempDirectory(scratch, "clusters");
    return new ClusterPacker(
        new DirectoryClusterCache(cache),
        Progress.silent(),
        Runtime.getRuntime().availableProcessors());
  }
}
