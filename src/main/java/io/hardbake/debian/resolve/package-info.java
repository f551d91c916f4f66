/**
 * Which packages a request needs: the choices of {@code apt-get install --no-install-recommends} on
 * an empty system, or an explanation of why there are none.
 *
 * <p>Imports {@code debian} and {@code failure}.
 */
@NullMarked
package io.hardbake.debian.resolve;

import org.jspecify.annotations.NullMarked;
