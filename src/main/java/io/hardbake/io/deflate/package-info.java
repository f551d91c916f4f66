/**
 * A deflate encoder of our own. The JDK's {@link java.util.zip.Deflater} is whatever zlib the JDK
 * was built with or finds on the system (zlib, zlib-ng, Intel's, IBM's hardware), and their bytes
 * differ; what hardbake writes must be the same on every machine. Decoding has one right answer, so
 * the JDK's {@link java.util.zip.Inflater} stays in use everywhere.
 *
 * <pre>
 *   bytes ─MatchFinder─► literals and matches ─DeflateBlock─► stored | fixed | dynamic ─BitWriter─► bytes
 *                                                 └ HuffmanCode
 * </pre>
 *
 * <p>Greedy with one step of look-ahead over hash chains, Huffman codes per block: somewhat larger
 * than zlib's default, and several times as fast. A change to any constant here changes the bytes
 * of every layer; whoever caches the results has to raise the version in the key.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1951">RFC 1951, DEFLATE</a>
 */
@NullMarked
package io.hardbake.io.deflate;

import org.jspecify.annotations.NullMarked;
