/**
 * Bytes: quantities, digests, bounded and atomic streams. The lowest room of the house.
 *
 * <p>May be imported by everyone; imports only {@code failure}.
 */
@NullMarked
package io.hardbake.io;

import org.jspecify.annotations.NullMarked;
