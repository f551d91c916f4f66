package io.hardbake.disk.ext4;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ChecksumTest {
  private static final UUID FILE_SYSTEM = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }

  @Test
  void isTheUsualCheckValueNotInverted() {
    assertEquals(~0xe3069283, Checksum.plain().of(ascii("123456789")));
  }

  @Test
  void takesAPart() {
    assertEquals(~0xe3069283, Checksum.plain().of(ascii("..123456789.."), 2, 9));
  }

  @Test
  void countsZerosBehind() {
    assertEquals(
        Checksum.plain().of(ascii("12\0\0\0")), Checksum.plain().of(ascii("123"), 0, 2, 3));
  }

  @Test
  void beginsWithWhereTheBytesBelong() {
    ByteBuffer whole =
        ByteBuffer.allocate(16 + 8 + 3)
            .putLong(0x0011223344556677L)
            .putLong(0x8899aabbccddeeffL)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(12)
            .putInt(0)
            .put(ascii("abc"));
    assertEquals(Checksum.plain().of(whole), Checksum.of(FILE_SYSTEM).ofInode(12).of(ascii("abc")));
    assertEquals(Checksum.plain().of(whole), Checksum.of(FILE_SYSTEM).ofBlock(12).of(ascii("abc")));
  }
}
