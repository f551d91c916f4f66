package io.hardbake.io.tar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Names that the header block has no room for, wherever they are cut there. */
final class TarReaderTest {
  private static final int CHECKSUM = 148;

  private static TarHeader link(String name, String target) {
    return new TarHeader(name, TarHeader.SYMLINK, 0777, 0, 0, 0, 0, target, 0, 0, new TreeMap<>());
  }

  private static String longName(int length) {
    return "usr/" + "x".repeat(length) + "é".repeat(60);
  }

  private static TarHeader read(byte[] members) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    tar.writeBytes(members);
    tar.writeBytes(new byte[2 * TarHeader.BLOCK]);
    return new TarReader(new ByteArrayInputStream(tar.toByteArray())).next().orElseThrow();
  }

  @Test
  void aNameInAPaxHeaderMayBeCutInTheBlock() throws Exception {
    for (int n = 1; n <= 60; n++) {
      TarHeader header = link(longName(n), "../" + longName(n));
      assertEquals(header, read(header.encode()));
    }
  }

  @Test
  void aLongNameOfGnuMayBeCutInTheBlock() throws Exception {
    for (int n = 1; n <= 60; n++) {
      TarHeader header = link(longName(n), "../" + longName(n));
      ByteArrayOutputStream members = new ByteArrayOutputStream();
      members.writeBytes(gnu('L', header.name()));
      members.writeBytes(gnu('K', header.linkName()));
      members.writeBytes(block(header));
      assertEquals(header, read(members.toByteArray()));
    }
  }

  @Test
  void aCutNameAloneIsRefused() {
    assertThrows(
        MalformedArchiveException.class, () -> read(block(link("x" + "é".repeat(60), "target"))));
  }

  /** The last block of a header, without what precedes it. */
  private static byte[] block(TarHeader header) {
    byte[] all = header.encode();
    byte[] block = new byte[TarHeader.BLOCK];
    System.arraycopy(all, all.length - block.length, block, 0, block.length);
    return block;
  }

  private static byte[] gnu(char type, String text) {
    byte[] body = (text + '\0').getBytes(StandardCharsets.UTF_8);
    byte[] header = TarHeader.plain("././@LongLink", TarHeader.FILE, 0, body.length, 0).encode();
    // The type is part of the checksum.
    header[CHECKSUM + 8] = (byte) type;
    int sum = 8 * ' ';
    for (int i = 0; i < header.length; i++) {
      sum += i >= CHECKSUM && i < CHECKSUM + 8 ? 0 : header[i] & 0xff;
    }
    byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, header, CHECKSUM, digits.length);
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    member.writeBytes(header);
    member.writeBytes(body);
    member.writeBytes(new byte[TarHeader.padding(body.length)]);
    return member.toByteArray();
  }
}
