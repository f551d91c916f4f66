package io.hardbake.disk.ext4;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the bitmaps and inode tables of all groups lie: those of sixteen groups in a row together,
 * at the beginning of the first of them (the feature flex_bg), so that file bodies lie together
 * too.
 *
 * <pre>
 *   superblock area | 16 block bitmaps | 16 inode bitmaps | 16 inode tables | free ...
 * </pre>
 */
final class GroupTables {
  /** Binary logarithm of the groups whose tables lie together; mke2fs's default. */
  static final int LOG_GROUPS = 4;

  private static final int GROUPS = 1 << LOG_GROUPS;

  private final Geometry geometry;
  private final long[] blockBitmaps;
  private final long[] inodeBitmaps;
  private final long[] inodeTables;
  private long next;

  GroupTables(Geometry geometry) {
    this.geometry = geometry;
    int groups = geometry.groups();
    blockBitmaps = new long[groups];
    inodeBitmaps = new long[groups];
    inodeTables = new long[groups];
    for (int first = 0; first < groups; first += GROUPS) {
      int end = Math.min(first + GROUPS, groups);
      next = geometry.firstBlock(first);
      place(blockBitmaps, first, end, 1);
      place(inodeBitmaps, first, end, 1);
      place(inodeTables, first, end, geometry.tableBlocks());
    }
  }

  private void place(long[] tables, int first, int end, int count) {
    for (int group = first; group < end; group++) {
      tables[group] = take(count);
    }
  }

  /** Blocks in a row that touch no superblock area; many inodes make the tables reach one. */
  private long take(int count) {
    int first = Math.toIntExact(next / Geometry.BLOCKS_PER_GROUP);
    int last = Math.toIntExact((next + count - 1) / Geometry.BLOCKS_PER_GROUP);
    for (int group = first; group <= last; group++) {
      long area = geometry.firstBlock(group);
      if (next < area + geometry.superblockArea(group) && next + count > area) {
        next = area + geometry.superblockArea(group);
      }
    }
    long start = next;
    next += count;
    return start;
  }

  long blockBitmap(int group) {
    return blockBitmaps[group];
  }

  long inodeBitmap(int group) {
    return inodeBitmaps[group];
  }

  long inodeTable(int group) {
    return inodeTables[group];
  }

  /** The tables of all groups. */
  List<BlockRun> tables() {
    List<BlockRun> runs = new ArrayList<>();
    for (int group = 0; group < geometry.groups(); group++) {
      runs.add(new BlockRun(blockBitmaps[group], 1));
      runs.add(new BlockRun(inodeBitmaps[group], 1));
      runs.add(new BlockRun(inodeTables[group], geometry.tableBlocks()));
    }
    return runs;
  }

  /** What is in use before there are files: the tables and the superblock areas. */
  List<BlockRun> used() {
    List<BlockRun> used = tables();
    used.add(new BlockRun(0, geometry.superblockArea(0)));
    for (int group : geometry.backups()) {
      used.add(new BlockRun(geometry.firstBlock(group), geometry.superblockArea(group)));
    }
    return used;
  }

  Geometry geometry() {
    return geometry;
  }
}
