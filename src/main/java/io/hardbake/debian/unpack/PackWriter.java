package io.hardbake.debian.unpack;

import io.hardbake.debian.unpack.PackIndex.Slice;
import io.hardbake.io.Sha256;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.tree.AbsolutePath;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.zip.CRC32C;

/** Writes a pack front to back: bodies as they come, the index kept in memory until the end. */
final class PackWriter {
  private final OutputStream out;
  private final CRC32C checksum = new CRC32C();
  private final MessageDigest digest = Sha256.newDigest();
  private final byte[] buffer = new byte[1 << 16];
  private final ByteArrayOutputStream indexBytes = new ByteArrayOutputStream();
  private final DataOutputStream index = new DataOutputStream(indexBytes);
  private long at;

  PackWriter(OutputStream out) {
    this.out = out;
  }

  void controlFile(String name, InputStream body) throws IOException {
    PackIndex.writeControlFile(index, name, append(body));
  }

  /** Comes after the last control file and before the first member. */
  void endControlFiles() throws IOException {
    index.writeByte(PackIndex.END);
  }

  void file(AbsolutePath path, TarHeader header, InputStream body) throws IOException {
    PackIndex.writeFile(index, path, header, append(body));
  }

  void directory(AbsolutePath path, TarHeader header) throws IOException {
    PackIndex.writeDirectory(index, path, header);
  }

  void symlink(AbsolutePath path, TarHeader header) throws IOException {
    PackIndex.writeSymlink(index, path, header);
  }

  void hardLink(AbsolutePath path, TarHeader header, AbsolutePath target) throws IOException {
    PackIndex.writeHardLink(index, path, header, target);
  }

  void finish() throws IOException {
    index.writeByte(PackIndex.END);
    long indexAt = at;
    byte[] bytes = indexBytes.toByteArray();
    write(bytes, bytes.length);
    out.write(new PackTrailer(indexAt, (int) checksum.getValue()).encode());
  }

  private Slice append(InputStream body) throws IOException {
    long offset = at;
    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
      digest.update(buffer, 0, n);
      write(buffer, n);
    }
    return new Slice(offset, at - offset, Sha256.of(digest));
  }

  private void write(byte[] bytes, int length) throws IOException {
    checksum.update(bytes, 0, length);
    out.write(bytes, 0, length);
    at += length;
  }
}
