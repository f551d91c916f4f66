package io.hardbake.disk.machine;

import io.hardbake.disk.DiskImage;
import io.hardbake.disk.Segment;
import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeDisk;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.DirectoryClusterCache;
import io.hardbake.failure.BakeException;
import io.hardbake.io.Sha256;
import io.hardbake.progress.Progress;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The sample disk in some format, changed as a fuzzer says: a disk has 76 MiB, of which a fuzzer
 * would meet nothing but zeros. Ten bytes are an edit: which of the volume's segments, where in it,
 * how many bytes, and the bytes.
 */
final class EditedDisk {
  private static final int EDIT = 10;
  private static final int MOST_BYTES = 4;

  /** Structures, which begin with what counts, against bodies. */
  private static final int STRUCTURE = 1200;

  private final Volume file;
  private final Opener opener;

  private EditedDisk(Volume file, Opener opener) {
    this.file = file;
    this.opener = opener;
  }

  /** Opens a disk of one format. */
  interface Opener {
    DiskImage open(VolumeDisk file) throws IOException, BakeException;
  }

  /** Makes a file of the sample disk. */
  interface Maker {
    Volume make(Volume disk, ClusterPacker packer) throws Exception;
  }

  static EditedDisk of(Maker maker, Opener opener) {
    try {
      Path cache = Files.createTempDirectory("fuzz");
      cache.toFile().deleteOnExit();
      ClusterPacker packer =
          new ClusterPacker(new DirectoryClusterCache(cache), Progress.silent(), 1);
      Volume file = maker.make(SampleDisk.volume(), packer);
      try (Stream<Path> packed = Files.list(cache)) {
        packed.forEach(each -> each.toFile().deleteOnExit());
      }
      return new EditedDisk(file, opener);
    } catch (Exception e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** It is refused, or every file that it says it has can be read and is what its digest says. */
  void read(byte[] edits) throws BakeException {
    try (DiskImage disk = opener.open(edited(ByteBuffer.wrap(edits)))) {
      DiskReading reading = DiskReading.of(disk, Progress.silent());
      requireReadable(reading.root());
      requireReadable(reading.efiSystem());
    } catch (IOException e) {
      // It says what is wrong.
    }
  }

  private VolumeDisk edited(ByteBuffer edits) {
    VolumeDisk edited = new VolumeDisk(file);
    while (edits.remaining() >= EDIT) {
      Segment segment = file.segments().get((edits.getShort() & 0xffff) % file.segments().size());
      long length = segment.body().length();
      int place = edits.getShort() & 0xffff;
      int kind = edits.getShort();
      long reach = kind < 0 ? length : Math.min(length, STRUCTURE);
      long at = segment.offset() + (kind < 0 ? (place * length) >> 16 : place % reach);
      int values = edits.getInt();
      for (int i = 0; i <= (kind & (MOST_BYTES - 1)) && at + i < file.size().bytes(); i++) {
        edited.set(at + i, values >> (8 * i));
      }
    }
    return edited;
  }

  private static void requireReadable(FileTree tree) throws IOException {
    for (Entry entry : tree.entries().values()) {
      if (entry instanceof RegularFile found) {
        try (InputStream in = found.content().open()) {
          if (!Sha256.of(in.readAllBytes()).equals(found.content().sha256())) {
            throw new AssertionError("read again, a file has another digest");
          }
        }
      }
    }
  }
}
