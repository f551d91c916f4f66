/** How long work says how far it is. Everyone may report; only {@code cli} shows. */
@NullMarked
package io.hardbake.progress;

import org.jspecify.annotations.NullMarked;
