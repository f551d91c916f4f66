/** Bytes: quantities, digests, bounded and atomic streams. The lowest room of the house. */
@NullMarked
package io.hardbake.io;

import org.jspecify.annotations.NullMarked;
