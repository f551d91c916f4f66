/**
 * Whether an output is what it should be: whole, as its manifest and its SBOM say, and clean.
 *
 * <pre>
 *   image, disk, box ─artifact─► Reading ─┬─ damage ──────────────────┐
 *                                         ├─ manifest, SBOM ──────────┤
 *                                         └─ hygiene ─────────────────┼─► Verification
 *   manifest, SBOM, statement, catalog, lock, bake.json ─ documents ──┤
 *   what lies beside the file and names its digest ─ Records ─────────┘
 * </pre>
 *
 * <p>A file is told by its content. What is found beside it, {@link io.hardbake.verify.Neighbours},
 * makes the check stronger but is never needed; what could not be checked for its lack is said.
 * Each {@link io.hardbake.verify.Check} has a number that never changes, as the rules of {@code
 * hygiene} have.
 */
@NullMarked
package io.hardbake.verify;

import org.jspecify.annotations.NullMarked;
