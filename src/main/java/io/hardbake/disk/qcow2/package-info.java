/**
 * QEMU's disk format, version 3, with compressed clusters.
 *
 * <pre>
 *   header │ compressed │ L1 │ refcount table │ compressed │ stored │ L2 tables │ refcount blocks
 * </pre>
 *
 * <p>Compressed clusters lie end to end; what did not become smaller lies behind them, each at a
 * cluster's boundary. Holes and zeros are not allocated. There is no backing file, no snapshot, and
 * nothing random.
 *
 * <p>A file's SHA-256 begins with the header, and the header says where the L1 table is. If that
 * lay at the front, or at an end that nobody knows yet, no byte could be hashed before the last
 * cluster is compressed. So it is promised a place in the middle, that most of the clusters reach:
 * what is in front of it is written, hashed and on its way to the disk while the rest is still
 * compressed.
 *
 * <p>Compression with zstd needs QEMU 5.1, deflate any QEMU that reads version 3.
 *
 * <p>{@link io.hardbake.disk.qcow2.Qcow2Disk} reads such a file, whoever wrote it, and holds its
 * refcounts against what refers to what.
 *
 * @see <a href="https://www.qemu.org/docs/master/interop/qcow2.html">QEMU, docs/interop/qcow2</a>
 */
@NullMarked
package io.hardbake.disk.qcow2;

import org.jspecify.annotations.NullMarked;
