package io.hardbake.tree;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a regular file: size and digest are known, the body is opened when it is needed and
 * as often.
 */
public interface Content {
  Size size();

  Sha256 sha256();

  /** The body from its beginning; exactly {@link #size()} bytes. */
  InputStream open() throws IOException;

  /** The whole body in memory; only for files that are known to be small. */
  default byte[] bytes() throws IOException {
    try (InputStream in = open()) {
      return in.readAllBytes();
    }
  }

  /** The whole body as UTF-8; only for files that are known to be small. */
  default String text() throws IOException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  static Content of(byte[] bytes) {
    byte[] copy = bytes.clone();
    Size size = new Size(copy.length);
    Sha256 sha256 = Sha256.of(copy);
    return new Content() {
      @Override
      public Size size() {
        return size;
      }

      @Override
      public Sha256 sha256() {
        return sha256;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(copy);
      }
    };
  }

  static Content of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }
}
