package io.hardbake.debian.unpack;

import io.hardbake.io.tar.Compression;
import java.io.IOException;

/**
 * A {@code data.tar} whose headers get a fitting checksum, in a package that is well-formed
 * otherwise: what lies behind the checksum is met at once.
 */
public final class DataTarFuzz {
  private DataTarFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    TarBuilder data = new TarBuilder().withoutEnd().raw(TarBuilder.withChecksums(input), false);
    DebFuzz.unpack(DebBuilder.of("hello", "1.0-1").data(data).compressed(Compression.NONE).build());
  }
}
