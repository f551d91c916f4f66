package io.hardbake.disk;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.Content;
import io.hardbake.tree.FileSlice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Volumes with something of all that disks have: holes, zeros, text, noise, in memory and files.
 */
public final class SampleVolume {
  private SampleVolume() {}

  /**
   * A volume of this size. Equal arguments, equal bytes.
   *
   * @param directory where a file is made that some of the segments lie in
   */
  public static Volume make(Path directory, Size size, int seed) throws IOException {
    Random random = new Random(seed);
    byte[] pack = new byte[1 << 20];
    random.nextBytes(pack);
    byte[] words = text(random, pack.length / 2);
    System.arraycopy(words, 0, pack, 0, words.length);
    Path file = Files.write(directory.resolve("pack-" + seed), pack);
    Content content = new FileSlice(file, 0, new Size(pack.length), Sha256.of(pack));
    Volume.Builder builder = Volume.builder(size);
    long at = 0;
    for (int i = 0; at < size.bytes(); i++) {
      int length = (int) Math.min(1 + random.nextInt(200_000), size.bytes() - at);
      switch (i % 5) {
        case 0 -> builder.add(at, text(random, length));
        case 1 -> builder.add(at, new byte[length]);
        case 2 -> builder.add(Segment.of(at, content, random.nextInt(800_000), length));
        case 3 -> builder.add(at, noise(random, length));
        default -> at += size.bytes() / 20 & -4096;
      }
      at += length;
    }
    return builder.build();
  }

  private static byte[] text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append("line ").append(random.nextInt(5_000)).append(" of some file\n");
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] noise(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
