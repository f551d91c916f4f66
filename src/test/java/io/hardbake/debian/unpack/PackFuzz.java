package io.hardbake.debian.unpack;

import io.hardbake.fuzz.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A pack of the store's, with a checksum that fits: what another version wrote, or a hand. It is
 * damaged, or it is read.
 */
public final class PackFuzz {
  private static final InputFile FILE = new InputFile("pack");

  private PackFuzz() {}

  /** The input is the index, after eight bytes of contents, which the first eight are. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    int indexAt = Math.min(8, input.length);
    CRC32C checksum = new CRC32C();
    checksum.update(input);
    byte[] trailer = new PackTrailer(indexAt, (int) checksum.getValue()).encode();
    byte[] pack = Arrays.copyOf(input, input.length + trailer.length);
    ByteBuffer.wrap(pack).put(input.length, trailer);
    try {
      PackReader.read(FILE.holding(pack)).members();
    } catch (DamagedPackException e) {
      // It is made anew.
    }
  }
}
