/**
 * FAT file systems: the EFI system partition (FAT32) and seed disks (FAT12, or what their size asks
 * for), with long names.
 *
 * <pre>
 *   files ─FatDirectory─► names checked, short names ─FatFileSystem─► clusters, front to back ─► Volume
 *   size  ─FatGeometry──► FAT12 | FAT16 | FAT32, sectors of each area
 * </pre>
 *
 * <p>Equal files and settings give equal bytes: serial number and time come from the caller, and
 * entries stand in the order of their names. What cannot be stored is refused before there is a
 * volume.
 *
 * <p>{@link io.hardbake.disk.fat.FatReading} is the way back: the files of a file system, whoever
 * wrote it, and what of it is not as it has to be.
 *
 * @see <a href="https://academy.cba.mit.edu/classes/networking_communications/SD/FAT.pdf">Microsoft
 *     FAT Specification, 2005</a>
 */
@NullMarked
package io.hardbake.disk.fat;

import org.jspecify.annotations.NullMarked;
