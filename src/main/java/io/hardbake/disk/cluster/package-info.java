/**
 * Compression of a disk piece by piece, as qcow2 and VMDK both want it, in parallel and once.
 *
 * <pre>
 *   Volume ─regions of 4 MiB─► cache? ──yes────────────────────────────┐
 *                                └─no─► 64 KiB clusters ─codec─► file ─┴─► PackedVolume ─► qcow2 | vmdk
 * </pre>
 *
 * <p>Both formats cut a disk into clusters of 64 KiB and compress each by itself, so what a cluster
 * compresses to depends on nothing but its bytes and the codec. A cache entry of its own for each
 * would be tens of thousands of files; one for the whole disk would be lost with any change. So the
 * clusters of a region are kept together, by the region's {@linkplain
 * io.hardbake.disk.Volume#identity identity}: where a region is known, none of its bytes is read.
 * Roles that have their base packages at the same places share those regions, and an edit costs the
 * regions that it touched.
 *
 * <p>Results lie in files and only their lengths are kept, so memory does not grow with the disk: a
 * thread holds one cluster, plain and compressed. Threads take regions in any order; a region's
 * file does not tell.
 *
 * <p>The way back is {@link io.hardbake.disk.cluster.UnpackedClusters}: each cluster is
 * decompressed when it is read, and the last ones are kept, since files and tables share them.
 */
@NullMarked
package io.hardbake.disk.cluster;

import org.jspecify.annotations.NullMarked;
