/**
 * Plans ext4 file systems: a pure function from a tree, its layers and a few settings to a {@link
 * io.hardbake.disk.Volume}.
 *
 * <pre>
 *   tree, layers ─► Inventory ─► InodeNumbers ─► Directories ──┐
 *   settings ─────► Geometry ──► GroupTables ──► Demand ───────┴─► Layout ─► Rendering ─► Volume
 *                   (size,       (where the      (does it fit?)    (blocks   (bytes of
 *                    groups)      tables are)                       of all)   the metadata)
 * </pre>
 *
 * <p>What can be refused is refused before {@code Layout}; from there on nothing fails. Metadata is
 * rendered into memory, bodies of files stay slices of the store, and what was never used, be it
 * inode tables, bitmaps of empty groups or the journal, is not there at all: it reads as zero. So a
 * file system costs what is used of it, however large it is.
 *
 * <p>The features are those of Debian's mke2fs, no more: GRUB 2.06 and all kernels from 5.4 on read
 * and write them. Every file system has blocks of 4 KiB, inodes of 256 bytes, and room to grow
 * online.
 *
 * <p>The order on disk serves those who cut the volume into clusters and keep each by its digest
 * (see {@code Layout} and {@code LayerOrder}): equal layers give equal clusters, and a small change
 * of the last layer changes few.
 *
 * <p>The way back, {@link io.hardbake.disk.ext4.Ext4Reading}, knows the same kind of file system,
 * whoever wrote it: {@code FileSystem} reads superblock and descriptors, {@code TreeWalk} goes
 * through the directories, and {@code UsageCheck} holds bitmaps and counters against what was met.
 * Everything with a checksum is summed; a wrong one is told, and read on.
 */
@NullMarked
package io.hardbake.disk.ext4;

import org.jspecify.annotations.NullMarked;
