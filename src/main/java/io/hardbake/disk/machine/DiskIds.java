package io.hardbake.disk.machine;

import io.hardbake.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The identifiers of a disk that are used on the machine alone, one for each purpose.
 *
 * @param rootFileSystem from which they all follow
 */
record DiskIds(UUID rootFileSystem) {
  UUID uuid(String purpose) {
    return digest(purpose).uuid();
  }

  /** 32 bits, as a BIOS and FAT have them. */
  int number(String purpose) {
    return (int) uuid(purpose).getLeastSignificantBits();
  }

  private Sha256 digest(String purpose) {
    return Sha256.of((rootFileSystem + " " + purpose).getBytes(StandardCharsets.US_ASCII));
  }
}
