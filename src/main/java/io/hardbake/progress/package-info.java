/**
 * How long work says how far it is. Everyone may report; only {@code cli} shows.
 *
 * <p>Imports only {@code io}.
 */
@NullMarked
package io.hardbake.progress;

import org.jspecify.annotations.NullMarked;
