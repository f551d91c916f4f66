/**
 * QEMU's disk format, version 3, with compressed clusters.
 *
 * <pre>
 *   header │ refcount table │ refcount blocks │ L1 │ L2 tables │ compressed clusters │ stored clusters
 * </pre>
 *
 * <p>All is planned before a byte is written: the clusters are compressed already, so every offset
 * is known, and the file is a {@link io.hardbake.disk.Volume} like any other. Compressed clusters
 * lie end to end; what did not become smaller lies behind them, each at a cluster's boundary. Holes
 * and zeros are not allocated. There is no backing file, no snapshot, and nothing random.
 *
 * <p>Compression with zstd needs QEMU 5.1, deflate any QEMU that reads version 3.
 *
 * <p>{@link io.hardbake.disk.qcow2.Qcow2Disk} reads such a file, whoever wrote it, and holds its
 * refcounts against what refers to what.
 *
 * <p>May be imported by {@code disk.machine}, {@code vagrant} and {@code bake}; imports {@code
 * disk} and {@code disk.cluster}.
 *
 * @see <a href="https://www.qemu.org/docs/master/interop/qcow2.html">QEMU, docs/interop/qcow2</a>
 */
@NullMarked
package io.hardbake.disk.qcow2;

import org.jspecify.annotations.NullMarked;
