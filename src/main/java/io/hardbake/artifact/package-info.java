/**
 * Outputs, read back from their files alone: what is in one, and where two differ.
 *
 * <pre>
 *   file ─Artifacts (told by content)─► oci     ImageReading ─┐
 *                                  ├──► disk.*  DiskReading  ─┼─► Reading
 *                                  └──► vagrant BoxReading   ─┘   (root, EFI, layers, facts, findings)
 * </pre>
 *
 * <p>Each format is decoded in the room that encodes it. Damage that leaves the rest readable is a
 * finding of the reading; a file that cannot be read is an {@code IntegrityException}, whatever was
 * done to it.
 */
@NullMarked
package io.hardbake.artifact;

import org.jspecify.annotations.NullMarked;
