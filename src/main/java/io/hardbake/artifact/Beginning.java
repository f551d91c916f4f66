package io.hardbake.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * The first two sectors of a file, which tell what it is.
 *
 * @param hex two digits a byte
 */
record Beginning(String hex) {
  private static final int SECTOR = 512;
  private static final int SHOWN = 8;

  /** What a magic says. */
  enum Form {
    TAR,
    DISK,
    UNKNOWN
  }

  /** A form that begins with some bytes at some place. */
  private record Magic(int offset, String hex, Form form, String name) {
    boolean matches(String beginning) {
      return beginning.startsWith(hex, 2 * offset);
    }
  }

  // spotless:off
  private static final List<Magic> MAGICS = List.of(
      new Magic(0, "514649fb", Form.DISK, "qcow2"),
      new Magic(0, "4b444d56", Form.DISK, "VMDK"),
      new Magic(SECTOR, "4546492050415254", Form.DISK, "GPT"),         // EFI PART
      new Magic(450, "ee", Form.DISK, "protective MBR"),               // type of the first partition
      new Magic(257, "7573746172", Form.TAR, "tar"),                   // ustar
      new Magic(0, "1f8b", Form.UNKNOWN, "gzip"),
      new Magic(0, "28b52ffd", Form.UNKNOWN, "zstd"),
      new Magic(0, "fd377a585a00", Form.UNKNOWN, "xz"),
      new Magic(0, "504b0304", Form.UNKNOWN, "zip"),
      new Magic(0, "7f454c46", Form.UNKNOWN, "an ELF program"));
  // spotless:on

  static Beginning of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new Beginning(HexFormat.of().formatHex(in.readNBytes(2 * SECTOR)));
    }
  }

  Form form() {
    return MAGICS.stream()
        .filter(magic -> magic.matches(hex))
        .map(Magic::form)
        .findFirst()
        .orElse(Form.UNKNOWN);
  }

  /** What a file of unknown form looks like, for a message. */
  String description() {
    if (hex.isEmpty()) {
      return "it is empty";
    }
    return MAGICS.stream()
        .filter(magic -> magic.matches(hex))
        .map(magic -> "it is " + magic.name)
        .findFirst()
        .orElseGet(
            () -> {
              byte[] first = HexFormat.of().parseHex(hex, 0, Math.min(2 * SHOWN, hex.length()));
              String text = new String(first, StandardCharsets.US_ASCII);
              return "it begins with "
                  + (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)
                      ? "\"" + text + "\""
                      : "the bytes " + HexFormat.ofDelimiter(" ").formatHex(first));
            });
  }
}
