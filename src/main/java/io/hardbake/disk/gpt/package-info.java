/**
 * The partition table: volumes of partitions become the volume of a disk.
 *
 * <pre>
 *   LBA 0            protective MBR: boot code (GRUB's boot.img), one entry over the whole disk
 *       1            GPT header
 *       2..33        128 entries
 *    2048..4095      BIOS boot partition: GRUB's core image
 *    4096..135167    EFI system partition, 64 MiB
 *  135168..          root, to the last whole MiB
 *     n-33..n-2      the entries again
 *     n-1            backup header
 * </pre>
 *
 * <p>{@link io.hardbake.disk.gpt.DiskLayout} says where the partitions of a bootable disk lie, so
 * that their contents can be planned; {@link io.hardbake.disk.gpt.PartitionTable} puts planned
 * contents together with the table, and knows nothing of what they are. Identifiers come from the
 * caller, who derives them; nothing here is random.
 *
 * <p>{@link io.hardbake.disk.gpt.GptReading} is the way back: it reads both tables, holds them
 * against their sums and against each other, and tells what is wrong.
 *
 * @see <a href="https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html">UEFI 2.10,
 *     chapter 5, GUID Partition Table (GPT) Disk Layout</a>
 */
@NullMarked
package io.hardbake.disk.gpt;

import org.jspecify.annotations.NullMarked;
