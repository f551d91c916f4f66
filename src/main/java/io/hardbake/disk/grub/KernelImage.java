package io.hardbake.disk.grub;

import io.hardbake.failure.IntegrityException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * GRUB's own kernel out of {@code kernel.img}, an ELF file with one segment to load. Of the segment
 * only what the file has is taken: GRUB looks for its modules right behind its data, where the
 * zeros of .bss would begin.
 *
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html">System V ABI,
 *     chapters 4 and 5</a>
 */
final class KernelImage {
  private static final int MAGIC = 0x464c457f; // 0x7f, "ELF"
  private static final int CLASS_32_LITTLE_ENDIAN = 0x0101;
  private static final int HEADER_BYTES = 52;
  private static final int PROGRAM_HEADER_BYTES = 32;
  private static final int PT_LOAD = 1;

  private KernelImage() {}

  /** The bytes that stand in memory from the segment's address on. */
  // spotless:off
  static byte[] segment(byte[] elf) throws IntegrityException {
    ByteBuffer in = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
    if (elf.length < HEADER_BYTES
        || in.getInt(0x00) != MAGIC                              // 0x00  e_ident
        || in.getShort(0x04) != CLASS_32_LITTLE_ENDIAN) {        // 0x04  EI_CLASS, EI_DATA
      throw GrubFiles.unusable("kernel.img is no 32-bit ELF file");
    }
    int table = in.getInt(0x1c);                                 // 0x1c  le32  e_phoff
    int count = Short.toUnsignedInt(in.getShort(0x2c));          // 0x2c  le16  e_phnum
    for (int i = 0; i < count; i++) {
      long at = table + (long) i * PROGRAM_HEADER_BYTES;
      if (table < 0 || at + PROGRAM_HEADER_BYTES > elf.length) {
        break;
      }
      int header = (int) at;
      if (in.getInt(header) == PT_LOAD) {                        // 0x00  le32  p_type
        long from = Integer.toUnsignedLong(in.getInt(header + 0x04)); //  0x04  le32  p_offset
        long size = Integer.toUnsignedLong(in.getInt(header + 0x10)); //  0x10  le32  p_filesz
        if (size == 0 || from + size > elf.length) {
          break;
        }
        return Arrays.copyOfRange(elf, (int) from, (int) (from + size));
      }
    }
    throw GrubFiles.unusable("kernel.img has no segment to load");
  }
  // spotless:on
}
