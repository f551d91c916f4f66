/**
 * Images for container engines: one archive that every engine reads, and the way into a registry.
 *
 * <pre>
 *   Layer ─LayerTar─► tar ─GzipStream─► gzip ─LayerCache─► CompressedLayer ─┐
 *   Image ─ImageDocuments─► configuration, manifest, index ────────────────┴─OciArchive─► oci.tar
 *   oci.tar ─ArchiveReader─► RegistryPush ─Jib─► registry
 *                       └──► BakedImage ─► engine
 * </pre>
 *
 * <p>Every byte of an archive follows from the image: entries in path order, gzip blocks cut at
 * fixed places and compressed by our own encoder, canonical JSON. What a registry receives is the
 * archive's manifest and blobs as they stand: Jib's image builder does not know the stop signal and
 * other fields, so only its registry client is used.
 */
@NullMarked
package io.hardbake.oci;

import org.jspecify.annotations.NullMarked;
