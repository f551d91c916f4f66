package io.hardbake.debian.unpack;

import io.hardbake.io.tar.Compression;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A {@code data.tar} whose headers get a fitting checksum, in a package that is well-formed
 * otherwise: what lies behind the checksum is met at once.
 */
public final class DataTarFuzz {
  private static final byte[] USTAR = "ustar".getBytes(StandardCharsets.US_ASCII);

  private DataTarFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    byte[] tar = input.clone();
    for (int at = 0; at + 512 <= tar.length; at += 512) {
      if (Arrays.equals(tar, at + 257, at + 262, USTAR, 0, 5)) {
        TarBuilder.checksum(tar, at);
      }
    }
    TarBuilder data = new TarBuilder().withoutEnd().raw(tar, false);
    DebFuzz.unpack(DebBuilder.of("hello", "1.0-1").data(data).compressed(Compression.NONE).build());
  }
}
