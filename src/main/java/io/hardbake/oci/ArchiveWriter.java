package io.hardbake.oci;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.io.tar.TarHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Writes the members of an archive: the documents that say what is there first, then the blobs, so
 * that a reader of the stream knows early what it reads. A blob that two layers share is there
 * once.
 */
final class ArchiveWriter {
  private static final int MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;

  private final OutputStream out;
  private final long mtime;
  private final LongConsumer written;
  private final Set<Sha256> blobs = new HashSet<>();

  /** A cached layer is not what its footer says; carries the failure through a stream's filler. */
  static final class DamagedLayerException extends IOException {
    private final transient IntegrityException failure;

    DamagedLayerException(IntegrityException failure) {
      super(failure);
      this.failure = failure;
    }

    IntegrityException failure() {
      return failure;
    }
  }

  /**
   * @param mtime of all members, in seconds since the epoch
   * @param written is told how many bytes of layers were written
   */
  ArchiveWriter(OutputStream out, long mtime, LongConsumer written) {
    this.out = out;
    this.mtime = mtime;
    this.written = written;
  }

  /** What {@link #write} will report as written. */
  static Size size(List<CompressedLayer> layers) {
    return layers.stream().map(CompressedLayer::size).reduce(Size.ZERO, Size::plus);
  }

  void write(ImageDocuments documents, List<CompressedLayer> layers) throws IOException {
    member("oci-layout", documents.layout());
    member("index.json", documents.index());
    member("manifest.json", documents.dockerManifest());
    directory("blobs/");
    directory(ImageDocuments.BLOBS);
    blob(documents.manifest());
    blob(documents.configuration());
    for (CompressedLayer layer : layers) {
      blob(layer);
    }
    out.write(new byte[2 * TarHeader.BLOCK]);
  }

  private void blob(Bytes document) throws IOException {
    Sha256 digest = Sha256.of(document.toArray());
    blobs.add(digest);
    member(ImageDocuments.BLOBS + digest, document);
  }

  private void blob(CompressedLayer layer) throws IOException {
    long size = layer.size().bytes();
    if (!blobs.add(layer.digest())) {
      written.accept(size);
      return;
    }
    String name = ImageDocuments.BLOBS + layer.digest();
    out.write(TarHeader.plain(name, TarHeader.FILE, MODE, size, mtime).encode());
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[1 << 18];
    long left = size;
    try (InputStream in = Files.newInputStream(layer.file())) {
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          break;
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
        written.accept(n);
        left -= n;
      }
    }
    if (left > 0 || !Sha256.of(digest).equals(layer.digest())) {
      throw new DamagedLayerException(CompressedLayer.damaged(layer.file(), layer.name()));
    }
    out.write(new byte[TarHeader.padding(size)]);
  }

  private void member(String name, Bytes body) throws IOException {
    out.write(TarHeader.plain(name, TarHeader.FILE, MODE, body.length(), mtime).encode());
    out.write(body.toArray());
    out.write(new byte[TarHeader.padding(body.length())]);
  }

  private void directory(String name) throws IOException {
    out.write(TarHeader.plain(name, TarHeader.DIRECTORY, DIRECTORY_MODE, 0, mtime).encode());
  }
}
