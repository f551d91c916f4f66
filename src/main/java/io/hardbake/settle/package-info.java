/**
 * What the maintainer scripts would have done, declared: a generic engine for the regular part, and
 * a rule table for the hand-written part, each rule pinned to the hash of the script it stands for.
 *
 * <pre>
 *   UnpackedPackages ─unpack─► tree ─engine, rules─► settled FileTree + what is left to first boot
 * </pre>
 *
 * A pure function: the same packages give the same tree. A script that is not known leaves its
 * package {@code unpacked}.
 *
 * <p>Imported by {@code bake}; imports {@code debian}, {@code tree}.
 */
@NullMarked
package io.hardbake.settle;

import org.jspecify.annotations.NullMarked;
