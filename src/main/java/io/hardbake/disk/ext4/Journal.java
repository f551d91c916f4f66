package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.u32;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * An empty journal: its superblock, {@code struct journal_superblock_s}, and blocks of zeros. Like
 * mke2fs, hardbake leaves it to the kernel to turn on the journal's checksums at the first mount.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/journal.html#super-block">ext4, Journal
 *     Super Block</a>
 */
final class Journal {
  private static final int MAGIC = 0xc03b3998;
  private static final int SUPERBLOCK_V2 = 4;

  private Journal() {}

  // spotless:off
  /** The journal's first block; big-endian, as the journal alone is. */
  static ByteBuffer superblock(int blocks, UUID fileSystem) {
    ByteBuffer block = ByteBuffer.allocate(Block.BYTES).order(ByteOrder.BIG_ENDIAN);
    block.putInt(0x00, MAGIC);                          // 0x00  be32  h_magic
    block.putInt(0x04, SUPERBLOCK_V2);                  // 0x04  be32  h_blocktype
    block.putInt(0x08, 0);                              // 0x08  be32  h_sequence
    block.putInt(0x0c, u32(Block.BYTES));               // 0x0c  be32  s_blocksize
    block.putInt(0x10, u32(blocks));                    // 0x10  be32  s_maxlen
    block.putInt(0x14, 1);                              // 0x14  be32  s_first
    block.putInt(0x18, 1);                              // 0x18  be32  s_sequence
    block.putInt(0x1c, 0);                              // 0x1c  be32  s_start: nothing to replay
    block.putInt(0x20, 0);                              // 0x20  be32  s_errno
    block.putInt(0x24, 0);                              // 0x24  be32  s_feature_compat
    block.putInt(0x28, 0);                              // 0x28  be32  s_feature_incompat
    block.putInt(0x2c, 0);                              // 0x2c  be32  s_feature_ro_compat
    block.put(0x30, Checksum.bytes(fileSystem));        // 0x30  16    s_uuid
    block.putInt(0x40, 1);                              // 0x40  be32  s_nr_users
    return block;
  }
  // spotless:on

  /** Whether a block is what {@link #superblock} made, as far as it tells of an empty journal. */
  static boolean isClean(ByteBuffer block, long blocks) {
    return block.getInt(0x00) == MAGIC
        && block.getInt(0x04) == SUPERBLOCK_V2
        && block.getInt(0x0c) == Block.BYTES
        && block.getInt(0x10) == blocks
        && block.getInt(0x14) == 1
        && block.getInt(0x1c) == 0
        && block.getInt(0x20) == 0;
  }
}
