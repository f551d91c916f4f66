/**
 * What stands on a disk, before any file format: bytes at places, and nothing in between.
 *
 * <pre>
 *   FileTree ─ext4─► Volume ─┐
 *   files    ─fat──► Volume ─┼─gpt─► Volume of the whole disk ─► qcow2 | vmdk
 *   modules  ─grub─► Volume ─┘
 * </pre>
 *
 * <p>A {@link io.hardbake.disk.Volume} is planned, not written: file bodies stay slices of the
 * packs in the store, and a 10 GiB file system costs what is used of it. Each writer reads the
 * volume from as many threads as it likes and goes straight to its own format; no raw disk lies in
 * between.
 *
 * <p>The way back has the same parts: a {@link io.hardbake.disk.ReadableDisk} is read at any place,
 * {@link io.hardbake.disk.DiskImage} tells what its format says, and {@link
 * io.hardbake.disk.Findings} takes what is wrong. What is read may be anything: sizes are bounded
 * before memory is taken, every loop by something that was counted, and what is no disk at all is a
 * {@link io.hardbake.disk.DamagedDiskException}.
 */
@NullMarked
package io.hardbake.disk;

import org.jspecify.annotations.NullMarked;
