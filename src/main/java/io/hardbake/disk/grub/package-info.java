/**
 * GRUB for a disk, put together from the files of Debian's packages, without grub-install and
 * grub-mkimage.
 *
 * <pre>
 *   kernel.img + *.mod + config + prefix ─Payload─► ─LZMA─┐  CoreCache keeps it
 *   diskboot.img + lzma_decompress.img ──────────────────┴─CoreImage─► BIOS boot partition
 *   boot.img ────────────────────────────────────────────────────────► LBA 0, beside the MBR
 *   signed shim and GRUB + a three-line grub.cfg ─EfiFiles───────────► EFI system partition
 * </pre>
 *
 * <p>The BIOS loads sector 0, which loads the core image's first sector, which loads the rest; the
 * core has all modules built in that find the root file system and start a kernel, so the root
 * needs no {@code /boot/grub/i386-pc}. The core knows its own place on the disk ({@link
 * io.hardbake.disk.grub.CoreImage#at}). Under UEFI, Debian's signed binaries are copied as they
 * are, so Secure Boot accepts them.
 *
 * @see <a href="https://www.gnu.org/software/grub/manual/grub-dev/grub-dev.html">GRUB developers'
 *     manual</a>
 */
@NullMarked
package io.hardbake.disk.grub;

import org.jspecify.annotations.NullMarked;
