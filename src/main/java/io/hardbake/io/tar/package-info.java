/**
 * The headers of tar archives that hardbake writes: layers, image archives, boxes. Bodies, padding
 * and the two zero blocks at the end are the writers' business.
 *
 * <p>May be imported by everyone; imports {@code io}.
 */
@NullMarked
package io.hardbake.io.tar;

import org.jspecify.annotations.NullMarked;
