/**
 * The bill of materials of what was baked, as CycloneDX writes it.
 *
 * <pre>
 *   Bill: DebianPart, KubernetesPart ─┬─ identity ─► serial number, and the key that a store keeps it by
 *   /usr/share/doc/…/copyright ───────┴─ Sbom ─────► &lt;role&gt;-&lt;arch&gt;.cdx.json
 * </pre>
 *
 * A bill is made without reading a file or loading CycloneDX's library, which takes longer to start
 * than most bakes take; so it names all that the document depends on, and a caller that has kept
 * the document of an equal bill need not write it again.
 */
@NullMarked
package io.hardbake.sbom;

import org.jspecify.annotations.NullMarked;
