/**
 * Statements about artifacts that others can check: what a file was made of and by whom.
 *
 * <pre>
 *   Build ─► Statement ─► &lt;artifact&gt;.intoto.json          in-toto Statement v1, SLSA Provenance v1
 *                │
 *                └─ SigningKey ─► Envelope ─► &lt;artifact&gt;.intoto.jsonl    DSSE, a line each
 *                                     └─ VerificationKey ─► whether it counts
 * </pre>
 *
 * <p>Who checks: {@code JsonText.documents(bytes)} gives a file's envelopes, {@code Envelope.parse}
 * reads each, and one that {@code isSignedBy(VerificationKey.read(file))} counts; {@code
 * Statement.parse(payload, what)} its subjects and what they were made of. A statement that stands
 * alone is parsed the same way, and nobody vouches for it.
 *
 * <p>Keys and signatures are the JDK's own.
 */
@NullMarked
package io.hardbake.attestation;

import org.jspecify.annotations.NullMarked;
