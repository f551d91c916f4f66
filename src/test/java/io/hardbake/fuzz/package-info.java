/**
 * Coverage-guided fuzzing, by Jazzer.
 *
 * <p>A target is a class {@code …Fuzz} beside what it feeds, with a method {@code
 * fuzzerTestOneInput(byte[])} that throws when a property does not hold: readers take any bytes and
 * either understand them or say what is wrong in the one way that they promise. Nothing else names
 * targets; whoever looks for them lists the files.
 *
 * <pre>
 * src/test/fuzz/DebFuzz/…     what the target begins with: samples, what widened coverage, and past findings
 * FuzzCorpusTest              runs all of that, always
 * FuzzIT, src/test/host/fuzz  a short search in make test, a long one in make fuzz
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package io.hardbake.fuzz;
