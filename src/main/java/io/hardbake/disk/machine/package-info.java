/**
 * The disk of a machine: file systems, boot loaders and partition table put together.
 *
 * <pre>
 *   Machine.tree ─ext4─────────────────────► root          ─┐
 *   shim, GRUB   ─EfiFiles─► files ─fat────► EFI system     ├─gpt─► Volume of the whole disk
 *   GRUB         ─CoreImage────────────────► BIOS boot      │
 *                └─boot code───────────────► sector 0      ─┘
 * </pre>
 *
 * <p>The one place that knows all parts. Everything follows from the image and its machine: the
 * identifiers that nobody else has to know are derived from the root file system's UUID, which
 * itself follows from the lock ({@code DiskIds}).
 *
 * <p>{@link io.hardbake.disk.machine.DiskReading} goes the whole way back, from the file in any
 * format to the trees, and finds out what is not as it was baked; {@link
 * io.hardbake.disk.machine.DiskFile} knows the formats.
 */
@NullMarked
package io.hardbake.disk.machine;

import org.jspecify.annotations.NullMarked;
