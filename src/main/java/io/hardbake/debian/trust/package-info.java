/**
 * What makes an archive's word believable: a clear-signed file, checked against a keyring before
 * anything in it is read.
 *
 * <pre>
 *   InRelease ─ClearSigned (framing)─► text + signatures ─Keyring (keys, digests, times)─► text
 * </pre>
 */
@NullMarked
package io.hardbake.debian.trust;

import org.jspecify.annotations.NullMarked;
