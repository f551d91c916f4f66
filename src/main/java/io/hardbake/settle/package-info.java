/**
 * What the maintainer scripts would have done, declared: a generic engine for the regular part, and
 * a rule table for the hand-written part, each rule pinned to the hash of the script it stands for.
 *
 * <pre>
 *   UnpackedPackages ─Judge─► Verdicts ─Unpacking─► tree ─Effects, Finishers─► Settled
 *                       ▲
 *       SnippetTable (snippets.txt): sections by debhelper, known by their text
 *       RuleTable (rules.txt): the rest of a script, known by its hash
 *       IdTable (accounts.txt): the numbers of system accounts
 * </pre>
 *
 * Both tables speak in {@code Effect}s, a small vocabulary of what scripts do: directories, links,
 * users, alternatives, units. What has to see the whole tree is a {@code Finisher}: PAM, the
 * certificate store, the loader's cache.
 *
 * <p>A pure function: the same packages give the same tree, in whatever order they come. A script
 * that is not known leaves its package {@code unpacked}, conffiles waiting as {@code .dpkg-new} and
 * all, and so do the packages that depend on it: {@code dpkg --configure -a} takes over from there.
 */
@NullMarked
package io.hardbake.settle;

import org.jspecify.annotations.NullMarked;
