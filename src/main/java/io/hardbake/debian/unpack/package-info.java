/**
 * From a verified {@code .deb} to entries: ar, the compressed tars inside, path rules, and a pack
 * in the store so that no later bake meets xz again.
 *
 * <pre>
 *   .deb (deb(5)) ─► pack (contents end to end + index) ─► UnpackedPackage
 * </pre>
 *
 * Imported by {@code settle}, {@code kubernetes} and {@code bake}.
 */
@NullMarked
package io.hardbake.debian.unpack;

import org.jspecify.annotations.NullMarked;
