/**
 * The lock: every input of a bake by URL path, version, size and digest, so that two bakes of one
 * lock are equal byte for byte.
 *
 * <pre>
 *   recipes + signed index ─► Lock ◄─► images/hardbake.lock (canonical JSON, one package a line, final newline)
 * </pre>
 */
@NullMarked
package io.hardbake.lock;

import org.jspecify.annotations.NullMarked;
