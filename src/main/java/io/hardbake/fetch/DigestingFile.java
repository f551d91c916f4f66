package io.hardbake.fetch;

import io.hardbake.io.Sha256;
import io.hardbake.io.WriteFailure;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** A file that is hashed while it is written, once. */
final class DigestingFile implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final MessageDigest digest;
  private final OutputStream stream;

  private DigestingFile(Path file, FileChannel channel, MessageDigest digest) {
    this.file = file;
    this.channel = channel;
    this.digest = digest;
    this.stream =
        new BufferedOutputStream(
            new DigestOutputStream(
                WriteFailure.naming(file, Channels.newOutputStream(channel)), digest),
            BUFFER);
  }

  static DigestingFile create(Path file) throws IOException {
    return new DigestingFile(
        file,
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        Sha256.newDigest());
  }

  /** Goes on where the file ends. */
  static DigestingFile append(Path file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    if (Files.exists(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      }
    }
    return new DigestingFile(
        file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), digest);
  }

  /** Where to write; closing it is not needed, and would keep {@link #finish} from syncing. */
  OutputStream stream() {
    return stream;
  }

  /** Syncs the file and gives the digest of all of it. */
  Sha256 finish() throws IOException {
    stream.flush();
    try {
      channel.force(true);
    } catch (IOException e) {
      throw WriteFailure.of(file, e);
    }
    return Sha256.of(digest);
  }

  /** What is still in the buffer is written first when {@link #finish} was not reached. */
  @Override
  public void close() throws IOException {
    try (channel) {
      if (channel.isOpen()) {
        stream.flush();
      }
    }
  }
}
