/**
 * The initial file system in memory from which a machine's kernel finds its disk: one static
 * busybox, a short {@code /init}, and the modules that the supported disks need, some 1.5 MiB
 * altogether.
 *
 * <pre>
 *   busybox + /init + KernelModules.loadOrder ─CpioArchive─► ─gzip─► /boot/initrd.img-VERSION
 * </pre>
 *
 * <p>Debian's own initramfs-tools stay installed: when the machine's administrator installs another
 * kernel, they make its initramfs, as on any Debian.
 */
@NullMarked
package io.hardbake.disk.initramfs;

import org.jspecify.annotations.NullMarked;
