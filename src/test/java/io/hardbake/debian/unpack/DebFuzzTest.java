package io.hardbake.debian.unpack;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.io.Bytes;
import io.hardbake.io.tar.Compression;
import io.hardbake.io.tar.MalformedArchiveException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small packages, damaged at random, 20,000 in all: each is unpacked or refused, and nothing else
 * happens. The numbers are fixed, so a failure comes back.
 */
class DebFuzzTest {
  private static final int ROUNDS = 10_000;

  @TempDir Path directory;

  @Test
  void damagedPackagesAreUnpackedOrRefused() {
    List<byte[]> seeds = new ArrayList<>();
    for (Compression compression : Compression.values()) {
      seeds.add(builder().data(tar()).compressed(compression).build());
    }
    fuzz(1, random -> mutate(seeds.get(random.nextInt(seeds.size())).clone(), random));
  }

  /** Headers get a fitting checksum again, so that what lies behind it is met. */
  @Test
  void damagedTarsAreUnpackedOrRefused() {
    byte[] seed = tar().build();
    fuzz(
        2,
        random -> {
          byte[] tar = mutate(seed.clone(), random);
          for (int at = 0; at + 512 <= tar.length; at += 512) {
            if (Arrays.equals(
                tar, at + 257, at + 262, "ustar".getBytes(StandardCharsets.UTF_8), 0, 5)) {
              TarBuilder.checksum(tar, at);
            }
          }
          TarBuilder data = new TarBuilder().withoutEnd().raw(tar, false);
          return builder().data(data).compressed(Compression.NONE).build();
        });
  }

  private void fuzz(int seed, Function<Random, byte[]> input) {
    Random random = new Random(seed);
    int[] unpacked = new int[1];
    assertTimeoutPreemptively(
        Duration.ofMinutes(3),
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            byte[] deb = input.apply(random);
            try {
              unpack(deb);
              unpacked[0]++;
            } catch (MalformedArchiveException e) {
              // Refused, as it should be.
            } catch (IOException | RuntimeException | Error e) {
              throw new AssertionError("round " + round + " of seed " + seed, e);
            }
          }
        });
    assertTrue(unpacked[0] > ROUNDS / 100, "unpacked: " + unpacked[0]);
    assertTrue(unpacked[0] < ROUNDS * 9 / 10, "refused too few: " + unpacked[0]);
  }

  private void unpack(byte[] deb) throws IOException {
    Path pack = directory.resolve("pack");
    try (OutputStream out = Files.newOutputStream(pack)) {
      DebPacker.pack(new ByteArrayInputStream(deb), out);
    }
    PackReader.read(pack);
  }

  private static DebBuilder builder() {
    return DebBuilder.of("hello", "1.0-1").controlFile("postinst", "#!/bin/sh\n");
  }

  private static TarBuilder tar() {
    return new TarBuilder()
        .directory("./")
        .directory("./usr/")
        .owner(0, 42)
        .file("./usr/file", "contents")
        .hardLink("./usr/hard", "./usr/file")
        .symlink("./usr/soft", "file")
        .xattrs(new TreeMap<>(Map.of("user.name", Bytes.ofHex("00ff"))))
        .file("./usr/attributes", "")
        .extension('L', ("./usr/" + "n".repeat(120) + "\0").getBytes(StandardCharsets.UTF_8))
        .file("./cut", "long");
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) "0 /.\n-9\0".charAt(random.nextInt(8));
        case 3 ->
            Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(16)), (byte) -1);
        case 4 -> {
          int from = random.nextInt(bytes.length);
          int length = Math.min(random.nextInt(64), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, length);
        }
        default -> bytes = random.nextInt(8) == 0 ? Arrays.copyOf(bytes, Math.max(1, at)) : bytes;
      }
    }
    return bytes;
  }
}
