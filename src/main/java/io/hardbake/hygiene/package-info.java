/**
 * What an image must not hold: secrets, traces of a machine that ran, and rights that nobody agreed
 * to.
 *
 * <pre>
 *   Subject (tree, what layers hide, packages, manifest) ─┐
 *   allowed.txt + the user's own ─────► Allowed ──────────┼─Hygiene─► findings
 *   forbidden.txt ────────────────────► ForbiddenPaths ───┘
 * </pre>
 *
 * <p>Every {@link io.hardbake.hygiene.Rule} has a number that never changes, a reason and a remedy.
 * What is decided by paths alone stands in {@code forbidden.txt}, what is fine although a rule
 * speaks against it in {@code allowed.txt}, each line with its reason. Nothing here knows where a
 * tree comes from; file bodies are read once, side by side, by {@link
 * io.hardbake.hygiene.SecretScanner}.
 */
@NullMarked
package io.hardbake.hygiene;

import org.jspecify.annotations.NullMarked;
