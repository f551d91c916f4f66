/**
 * Debian's vocabulary: versions (deb-version(7)), relations (deb-control(5)), paragraphs
 * (deb822(5)), and the archive they are read from.
 *
 * <pre>
 *   InRelease ─trust─► Release ─► PackageIndex ─resolve─► Resolution ─unpack─► UnpackedPackage
 * </pre>
 */
@NullMarked
package io.hardbake.debian;

import org.jspecify.annotations.NullMarked;
