package io.hardbake.io.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.io.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge is the JDK's Inflater, which is zlib's. */
class DeflateEncoderTest {
  private static final int LARGE = 200_000;

  private final DeflateEncoder encoder = new DeflateEncoder();

  /** Inputs that lead into different corners. */
  enum Kind {
    /** Stored blocks, more than one for each 64 KiB. */
    RANDOM {
      @Override
      void fill(byte[] bytes, Random random) {
        random.nextBytes(bytes);
      }
    },
    /** One literal and matches of the greatest length. */
    CONSTANT {
      @Override
      void fill(byte[] bytes, Random random) {
        Arrays.fill(bytes, (byte) 0x5a);
      }
    },
    /** Few symbols, short matches. */
    NARROW {
      @Override
      void fill(byte[] bytes, Random random) {
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) random.nextInt(3);
        }
      }
    },
    /** Frequencies like Fibonacci's numbers, whose Huffman codes would be longer than allowed. */
    STEEP {
      @Override
      void fill(byte[] bytes, Random random) {
        for (int i = 0; i < bytes.length; i++) {
          int value = 0;
          while (value < 40 && random.nextInt(1000) < 618) {
            value++;
          }
          bytes[i] = (byte) (value * 5);
        }
      }
    },
    /** Copies from every distance up to the window's edge and beyond, of every length. */
    COPIES {
      @Override
      void fill(byte[] bytes, Random random) {
        random.nextBytes(bytes);
        for (int at = 1; at < bytes.length; ) {
          int distance = 1 + random.nextInt(Math.min(at, DeflateEncoder.WINDOW + 3));
          int length = Math.min(random.nextInt(300), bytes.length - at);
          for (int i = 0; i < length; i++) {
            bytes[at + i] = bytes[at + i - distance];
          }
          at += length + random.nextInt(4);
        }
      }
    },
    /** Random stretches between long stretches of zeros, as in a tar of small files. */
    PADDED {
      @Override
      void fill(byte[] bytes, Random random) {
        for (int at = 0; at < bytes.length; at += 512) {
          for (int i = at; i < Math.min(bytes.length, at + random.nextInt(512)); i++) {
            bytes[i] = (byte) ('a' + random.nextInt(20));
          }
        }
      }
    };

    abstract void fill(byte[] bytes, Random random);

    byte[] make(int size, long seed) {
      byte[] bytes = new byte[size];
      fill(bytes, new Random(seed));
      return bytes;
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void decodesToTheInput(Kind kind) throws Exception {
    for (int size = 0; size < 70; size++) {
      check(kind.make(size, size));
    }
    Random random = new Random(1);
    for (int i = 0; i < 40; i++) {
      check(kind.make(random.nextInt(40_000), i));
    }
    for (int size : new int[] {257, 258, 259, 65_535, 65_536, 131_070, 131_071, LARGE}) {
      check(kind.make(size, size));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void joinsPieces(Kind kind) throws Exception {
    byte[] input = kind.make(LARGE, 3);
    for (int piece : new int[] {1000, 32_768, 50_000, LARGE}) {
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      for (int at = 0; at < input.length; at += piece) {
        int end = Math.min(input.length, at + piece);
        encoder.encode(input, at, end, end == input.length);
        encoder.writeTo(joined);
      }
      assertArrayEquals(input, inflate(joined.toByteArray(), input.length));
    }
  }

  /** The first bytes of a piece are found only in what came before. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100, DeflateEncoder.WINDOW - 1, DeflateEncoder.WINDOW})
  void reachesBackAsFarAsTheWindow(int distance) throws Exception {
    byte[] input = Kind.RANDOM.make(DeflateEncoder.WINDOW + 258, 4);
    for (int i = DeflateEncoder.WINDOW; i < input.length; i++) {
      input[i] = input[i - distance];
    }
    encoder.encode(input, DeflateEncoder.WINDOW, input.length, true);
    assertTrue(encoder.size() < 20 + Math.max(0, 258 - distance), "size " + encoder.size());
    Inflater inflater = new Inflater(true);
    inflater.setDictionary(input, 0, DeflateEncoder.WINDOW);
    byte[] tail = Arrays.copyOfRange(input, DeflateEncoder.WINDOW, input.length);
    assertArrayEquals(tail, inflate(inflater, encoded(), tail.length));
  }

  @Test
  void neverGrowsByMoreThanTheHeaders() throws Exception {
    byte[] input = Kind.RANDOM.make(1 << 20, 5);
    encoder.encode(input, 0, input.length, true);
    // A block ends after 12288 symbols here, each stored with five bytes before it.
    assertTrue(encoder.size() < input.length + 6 * (1 + input.length / DeflateBlock.CAPACITY));
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, names = "RANDOM", mode = EnumSource.Mode.EXCLUDE)
  void isNearlyAsGoodAsZlib(Kind kind) throws Exception {
    byte[] input = kind.make(LARGE, 6);
    Deflater zlib = new Deflater(6, true);
    zlib.setInput(input);
    zlib.finish();
    int theirs = zlib.deflate(new byte[2 * LARGE]);
    zlib.end();
    encoder.encode(input, 0, input.length, true);
    assertTrue(encoder.size() <= theirs * 1.15 + 20, encoder.size() + " against " + theirs);
  }

  @Test
  void anEncoderRemembersNothing() throws Exception {
    byte[] input = Kind.COPIES.make(LARGE, 7);
    encoder.encode(Kind.NARROW.make(LARGE, 8), 0, LARGE, false);
    encoder.encode(input, 0, input.length, true);
    byte[] reused = encoded();
    DeflateEncoder fresh = new DeflateEncoder();
    fresh.encode(input, 0, input.length, true);
    assertArrayEquals(encoded(fresh), reused);
  }

  /**
   * The bytes themselves, for they are in everybody's caches and images. Where a change is meant,
   * raise the version in {@code LayerKey} as well.
   */
  @Test
  void bytesStayAsTheyAre() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Kind kind : Kind.values()) {
      encoder.encode(kind.make(LARGE, 9), 0, LARGE, false);
      encoder.writeTo(all);
    }
    assertEquals(
        "63a376b62713a3ee11f3420f9120b441caaf77b3298c394b87f186d9d5552c1e",
        Sha256.of(all.toByteArray()).hex());
  }

  private void check(byte[] input) throws Exception {
    encoder.encode(input, 0, input.length, true);
    assertArrayEquals(input, inflate(encoded(), input.length));
  }

  private byte[] encoded() throws IOException {
    return encoded(encoder);
  }

  private static byte[] encoded(DeflateEncoder from) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    from.writeTo(bytes);
    assertEquals(from.size(), bytes.size());
    return bytes.toByteArray();
  }

  private static byte[] inflate(byte[] deflated, int size) throws DataFormatException {
    return inflate(new Inflater(true), deflated, size);
  }

  private static byte[] inflate(Inflater inflater, byte[] deflated, int size)
      throws DataFormatException {
    inflater.setInput(deflated);
    byte[] output = new byte[size + 1];
    int n = 0;
    while (!inflater.finished()) {
      int more = inflater.inflate(output, n, output.length - n);
      n += more;
      if (more == 0 && !inflater.finished()) {
        throw new DataFormatException("the stream does not end where the input does");
      }
    }
    assertEquals(0, inflater.getRemaining());
    inflater.end();
    return Arrays.copyOf(output, n);
  }
}
