/**
 * Tar archives: the headers that hardbake writes into layers, image archives and boxes, and one
 * strict reader for those and for everybody else's.
 *
 * <pre>
 *   TarHeader ─encode─► bytes ─Compression─► TarReader (TarFields, PaxRecords) ─► TarHeader, body
 * </pre>
 *
 * <p>When writing, bodies, padding and the two zero blocks at the end are the writers' business.
 * Which names and types an archive may hold is the business of whoever reads it: packages, layers
 * and boxes differ there.
 */
@NullMarked
package io.hardbake.io.tar;

import org.jspecify.annotations.NullMarked;
