package io.hardbake.disk.ext4;

import io.hardbake.io.Size;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * What a file system is to be, apart from its files. The same settings and the same tree give the
 * same bytes.
 *
 * @param size of the whole file system; what is left over behind the last block, or a last group
 *     too small for its own tables, stays unused
 * @param hashSeed of the directory indexes, so that nobody can prepare names that collide
 * @param label at most 16 bytes in UTF-8; may be empty
 * @param time when the file system is said to have been made; files have their own times
 * @param bytesPerInode one inode for so many bytes of the file system: 4096 to 64 MiB
 * @param reservedPercent of the blocks that only root may fill: 0 to 50
 */
public record Ext4Settings(
    Size size,
    UUID uuid,
    UUID hashSeed,
    String label,
    Instant time,
    int bytesPerInode,
    int reservedPercent) {

  static final int LABEL_BYTES = 16;

  public Ext4Settings {
    if (label.getBytes(StandardCharsets.UTF_8).length > LABEL_BYTES || label.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a label of 16 bytes at most: " + label);
    }
    if (bytesPerInode < Block.BYTES || bytesPerInode > 1 << 26) {
      throw new IllegalArgumentException("bytes per inode out of range: " + bytesPerInode);
    }
    if (reservedPercent < 0 || reservedPercent > 50) {
      throw new IllegalArgumentException("reserved percentage out of range: " + reservedPercent);
    }
    if (size.bytes() / Block.BYTES > Geometry.MAX_BLOCKS
        || size.bytes() / bytesPerInode > 1 << 30) {
      throw new IllegalArgumentException("larger than 16 TiB or 2^30 inodes: " + size);
    }
    if (time.getEpochSecond() < 0) {
      throw new IllegalArgumentException("before 1970: " + time);
    }
  }

  /** With as many inodes and as much reserved space as Debian's mke2fs gives. */
  public static Ext4Settings of(Size size, UUID uuid, UUID hashSeed, String label, Instant time) {
    return new Ext4Settings(size, uuid, hashSeed, label, time, 16384, 5);
  }

  public Ext4Settings withSize(Size newSize) {
    return new Ext4Settings(newSize, uuid, hashSeed, label, time, bytesPerInode, reservedPercent);
  }
}
