package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipStreamTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        GzipStream.BLOCK - 1,
        GzipStream.BLOCK,
        GzipStream.BLOCK + 1,
        2 * GzipStream.BLOCK,
        5 * GzipStream.BLOCK + 12345
      })
  void bytesDoNotDependOnThreadsOrWrites(int size) throws IOException {
    byte[] input = Specimen.noise(size).bytes();
    byte[] one = gzip(input, 1, 1, size + 1);
    for (int threads = 2; threads <= 8; threads++) {
      assertArrayEquals(one, gzip(input, threads, threads + 2, 1000 * threads + 7));
    }
    assertArrayEquals(input, new GZIPInputStream(new ByteArrayInputStream(one)).readAllBytes());
    assertTrue(one.length < size * 0.7 + 100);
  }

  @Test
  void isOneMember() throws Exception {
    byte[] input = Specimen.noise(3 * GzipStream.BLOCK).bytes();
    byte[] gzip = gzip(input, 2, 4, 1 << 16);
    // One raw deflate stream between the header of 10 bytes and the trailer of 8.
    Inflater inflater = new Inflater(true);
    inflater.setInput(gzip, 10, gzip.length - 10);
    byte[] output = new byte[input.length];
    int n = 0;
    while (!inflater.finished()) {
      n += inflater.inflate(output, n, output.length - n);
    }
    assertEquals(8, inflater.getRemaining());
    assertArrayEquals(input, output);
    inflater.end();
  }

  @Test
  void usesTheBytesBeforeABlock() throws IOException {
    // What repeats only across a block's edge is found by way of the dictionary.
    byte[] input = new byte[GzipStream.BLOCK + 20_000];
    byte[] secret = Arrays.copyOf(Specimen.noise(20_000).bytes(), 20_000);
    System.arraycopy(secret, 0, input, GzipStream.BLOCK - secret.length, secret.length);
    System.arraycopy(secret, 0, input, GzipStream.BLOCK, secret.length);
    assertTrue(gzip(input, 2, 4, 1 << 16).length < 1.3 * gzip(secret, 1, 1, 1 << 16).length);
  }

  @Test
  void passesOnWhatGoesWrongBelow() {
    OutputStream full =
        new OutputStream() {
          private int written;

          @Override
          public void write(int b) throws IOException {
            if (++written > 1000) {
              throw new IOException("no space left on device");
            }
          }
        };
    ExecutorService pool = Executors.newFixedThreadPool(2);
    IOException e =
        assertThrows(
            IOException.class,
            () -> {
              try (GzipStream out = new GzipStream(full, pool, 2)) {
                out.write(Specimen.noise(5 * GzipStream.BLOCK).bytes());
                out.finish();
              }
            });
    assertEquals("no space left on device", e.getMessage());
    pool.shutdownNow();
  }

  private static byte[] gzip(byte[] input, int threads, int blocks, int write) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (GzipStream out = new GzipStream(bytes, pool, blocks)) {
      for (int at = 0; at < input.length; at += write) {
        out.write(input, at, Math.min(write, input.length - at));
      }
      out.finish();
    } finally {
      pool.shutdownNow();
    }
    return bytes.toByteArray();
  }
}
