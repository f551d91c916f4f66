package io.hardbake.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The part of an ELF file's header that tells for which machine it is.
 *
 * @param wordBits 32 or 64
 * @param littleEndian the byte order of the file and the machine
 * @param machine {@code e_machine}: 62 is x86-64, 183 AArch64
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html">System V gABI,
 *     ELF header</a>
 */
record ElfHeader(int wordBits, boolean littleEndian, int machine) {
  /** As far as {@code e_machine}; the header itself goes on. */
  static final int BYTES = 20;

  private static final int MAGIC = 0x7F454C46;
  private static final int CLASS_32 = 1;
  private static final int CLASS_64 = 2;
  private static final int DATA_LITTLE = 1;
  private static final int DATA_BIG = 2;

  /** The header that the stream begins with; empty where it is no ELF file. */
  static Optional<ElfHeader> read(InputStream in) throws IOException {
    return decode(in.readNBytes(BYTES));
  }

  // spotless:off
  static Optional<ElfHeader> decode(byte[] file) {
    if (file.length < BYTES) {
      return Optional.empty();
    }
    ByteBuffer header = ByteBuffer.wrap(file);            // off   type  field
    int magic = header.getInt(0x00);                      // 0x00  u8[4] e_ident[EI_MAG0..3]
    int elfClass = header.get(0x04);                      // 0x04  u8    e_ident[EI_CLASS]
    int data = header.get(0x05);                          // 0x05  u8    e_ident[EI_DATA]
    if (magic != MAGIC
        || (elfClass != CLASS_32 && elfClass != CLASS_64)
        || (data != DATA_LITTLE && data != DATA_BIG)) {
      return Optional.empty();
    }
    header.order(data == DATA_LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int machine = Short.toUnsignedInt(header.getShort(0x12)); // 0x12  u16   e_machine
    return Optional.of(new ElfHeader(elfClass == CLASS_64 ? 64 : 32, data == DATA_LITTLE, machine));
  }
  // spotless:on
}
