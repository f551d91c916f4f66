/**
 * From a verified {@code .deb} to entries: ar, the compressed tars inside, path rules, and a pack
 * in the store so that no later bake meets xz again.
 *
 * <pre>
 *   .deb ─ArReader─► control.tar.*, data.tar.* ─io.tar─► TarReader ─MemberPaths─► PackWriter
 *                                                                                        │
 *   UnpackedPackage ◄──────────────── PackReader ◄──────────────── pack in the store ◄───┘
 * </pre>
 *
 * A pack is one file: all bodies end to end, then the index, then a trailer with a checksum. A
 * member's {@link io.hardbake.tree.Content} is a slice of it that opens by seeking, so neither
 * writing nor reading holds a file in memory.
 *
 * <p>The archives are read as deb(5) and the pax format describe them, and strictly: what dpkg
 * forgives and no package of Debian needs (absolute names, members after the end, a path below a
 * symbolic link, sparse files, device nodes) is refused, and then nothing is left in the store.
 * Compression is bounded by what the control file declares and by {@link Limits}.
 */
@NullMarked
package io.hardbake.debian.unpack;

import org.jspecify.annotations.NullMarked;
