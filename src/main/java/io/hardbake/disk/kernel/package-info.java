/**
 * The modules of a Linux kernel: what they say about themselves, which need which, and the indexes
 * with which the machine finds them.
 *
 * <pre>
 *   *.ko, modules.order, modules.builtin ─KernelModules─┬─loadOrder──► initramfs
 *                                                       └─ModuleIndexes─► modules.dep.bin, …
 * </pre>
 *
 * <p>Debian's kernel packages leave the indexes to depmod, which their scripts call. A machine
 * without them boots, but loads no driver by itself; making them at first boot would cost seconds.
 * {@link io.hardbake.disk.kernel.ModuleIndexes} writes what depmod of kmod 30 writes, byte for byte
 * but for the order of lines in {@code modules.symbols}.
 */
@NullMarked
package io.hardbake.disk.kernel;

import org.jspecify.annotations.NullMarked;
