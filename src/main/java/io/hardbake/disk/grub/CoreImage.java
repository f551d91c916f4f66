package io.hardbake.disk.grub;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;

/**
 * GRUB's core image for a BIOS: what lies in the BIOS boot partition, and the boot sector that
 * loads it.
 *
 * <pre>
 *   diskboot.img, 512 │ lzma_decompress.img │ LZMA stream │ zeros up to a whole sector
 * </pre>
 *
 * <p>The first sector loads the others and has to know where they lie, so the bytes depend on the
 * place: {@link #at}.
 */
public final class CoreImage {
  /** The sector size that GRUB's BIOS code counts in. */
  public static final int SECTOR = 512;

  /** The part of LBA 0 that is code; the disk's signature and the partition table follow. */
  public static final int BOOT_CODE = 440;

  // GRUB_DECOMPRESSOR_I386_PC_MAX_DECOMPRESSOR_SIZE: it runs at 0x8200 and may not reach 0x9000.
  private static final int DECOMPRESSOR_MAX = 0xe00;

  // GRUB_MEMORY_MACHINE_… of i386-pc: the loaded core lies between these two addresses.
  private static final int LOAD_LIMIT = 0x78000 - 0x9000;

  /** Names the compression; to be raised with every change to its options. */
  private static final String COMPRESSION =
      "LZMA 1, library " + LZMAOutputStream.class.getPackage().getImplementationVersion();

  private static final int DICTIONARY = 1 << 16; // what the decompressor has room for
  private static final int KERNEL_SECTOR = 0x5c; // in boot.img
  private static final int BLOCK_LIST_ENTRY = 12;
  private static final int BLOCK_LIST = 0x1f4; // the one entry; the zeros before it end the list

  private final byte[] bootImage;
  private final byte[] core;

  private CoreImage(byte[] bootImage, byte[] core) {
    this.bootImage = bootImage;
    this.core = core;
  }

  /**
   * Assembles a core image from the files of {@code i386-pc}.
   *
   * @throws IntegrityException if the files are not those of a GRUB that hardbake knows, or are too
   *     large together
   */
  public static CoreImage assemble(GrubFiles files, CoreSettings settings, CoreCache cache)
      throws BakeException, IOException, InterruptedException {
    byte[] diskboot = files.bytes("diskboot.img");
    require(diskboot.length == SECTOR, "diskboot.img is not one sector");
    byte[] boot = files.bytes("boot.img");
    require(boot.length == SECTOR, "boot.img is not one sector");
    byte[] decompressor = files.bytes("lzma_decompress.img");
    require(
        decompressor.length > 0x18 && decompressor.length <= DECOMPRESSOR_MAX,
        "lzma_decompress.img has %d bytes, at most %d are possible"
            .formatted(decompressor.length, DECOMPRESSOR_MAX));
    byte[] payload = Payload.of(files, settings);
    byte[] stream = cache.stream(COMPRESSION + " " + Sha256.of(payload), () -> compress(payload));
    int loaded = Math.addExact(decompressor.length, stream.length);
    require(
        loaded <= LOAD_LIMIT,
        "with the modules %s the core takes %d bytes, at most %d are possible"
            .formatted(settings.modules(), loaded, LOAD_LIMIT));

    long size = new Size(SECTOR + loaded).blocks(SECTOR) * SECTOR;
    ByteBuffer core = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    core.put(diskboot).put(decompressor).put(stream);
    // spotless:off
    core.putInt(SECTOR + 0x08, stream.length);    // 0x08  le32  compressed size
    core.putInt(SECTOR + 0x0c, payload.length);   // 0x0c  le32  uncompressed size
    core.putInt(SECTOR + 0x10, 0);                // 0x10  le32  Reed-Solomon redundancy: none
    // spotless:on
    return new CoreImage(boot, core.array());
  }

  /**
   * The image as it lies at one place of the disk.
   *
   * @param lba the image's first sector, counted from the disk's beginning
   */
  public byte[] at(long lba) {
    requirePlace(lba);
    byte[] placed = core.clone();
    ByteBuffer out = ByteBuffer.wrap(placed).order(ByteOrder.LITTLE_ENDIAN);
    int sectors = core.length / SECTOR - 1;
    if (sectors > 0xffff) {
      throw new IllegalStateException("the limit of the core's size was not kept");
    }
    // spotless:off
    out.putLong(BLOCK_LIST, Math.addExact(lba, 1));      // 0x1f4  le64  start
    out.putShort(BLOCK_LIST + 8, (short) sectors);       // 0x1fc  le16  len, in sectors
                                                         // 0x1fe  le16  segment: as it is, 0x820
    // spotless:on
    return placed;
  }

  /**
   * The code of LBA 0 that loads the image, {@link #BOOT_CODE} bytes.
   *
   * @param lba the image's first sector, as for {@link #at}
   */
  public byte[] bootCode(long lba) {
    requirePlace(lba);
    byte[] code = Arrays.copyOf(bootImage, BOOT_CODE);
    Arrays.fill(code, 0x03, 0x5a, (byte) 0); // the BIOS parameter block: a hard disk has none
    ByteBuffer out = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
    // spotless:off
    out.putLong(KERNEL_SECTOR, lba);        // 0x5c  le64  kernel_sector
    out.put(0x64, (byte) 0xff);             // 0x64  u8    boot_drive: the one the BIOS started from
    out.put(0x66, (byte) 0x90);             // 0x66  u8    boot_drive_check: nop, nop, so that the
    out.put(0x67, (byte) 0x90);             // 0x67  u8      BIOS's word is taken as for hard disks
    // spotless:on
    return code;
  }

  /**
   * What keeps a BIOS from loading a core image, if anything does; nothing as well where there is
   * no code at all, so that a BIOS will not try.
   *
   * @param bootCode of LBA 0, as {@link #bootCode} made it
   * @param first the image's first sector, as {@link #at} made it
   * @param lba the place of that sector
   * @param sectors how many the image may have
   */
  public static Optional<String> flaw(Bytes bootCode, ByteBuffer first, long lba, long sectors) {
    ByteBuffer code = ByteBuffer.wrap(bootCode.toArray()).order(ByteOrder.LITTLE_ENDIAN);
    if (Arrays.equals(code.array(), new byte[code.capacity()])) {
      return Optional.empty();
    }
    long kernel = code.getLong(KERNEL_SECTOR);
    if (kernel != lba) {
      return Optional.of("it loads sector %d, and the core begins in %d".formatted(kernel, lba));
    }
    ByteBuffer in = first.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long start = in.getLong(BLOCK_LIST);
    int length = Short.toUnsignedInt(in.getShort(BLOCK_LIST + 8));
    if (start != lba + 1 || length == 0 || length >= sectors) {
      return Optional.of(
          "the core goes on with %d sectors from %d, and has %d from %d"
              .formatted(length, start, sectors, lba));
    }
    // The list grows towards the front, and ends with a length of 0.
    return in.getShort(BLOCK_LIST - BLOCK_LIST_ENTRY + 8) == 0
        ? Optional.empty()
        : Optional.of("the core has a second part");
  }

  private static void requirePlace(long lba) {
    if (lba < 1) {
      throw new IllegalArgumentException("a core image cannot lie at sector " + lba);
    }
  }

  /** A raw LZMA stream without header and end marker: both sizes stand in the decompressor. */
  private static byte[] compress(byte[] payload) throws IOException {
    LZMA2Options options = new LZMA2Options(9);
    options.setDictSize(DICTIONARY);
    options.setLcLp(3, 0);
    options.setPb(2);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (LZMAOutputStream out = new LZMAOutputStream(stream, options, false)) {
      out.write(payload);
    }
    return stream.toByteArray();
  }

  private static void require(boolean condition, String problem) throws IntegrityException {
    if (!condition) {
      throw GrubFiles.unusable(problem);
    }
  }
}
