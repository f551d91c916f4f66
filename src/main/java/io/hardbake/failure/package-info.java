/**
 * What can go wrong for a user: a closed family of failures, each with a problem, a remedy and the
 * exit code of the contract. Bugs are unchecked exceptions and never appear here; an {@link
 * java.io.IOException} stays one until a boundary that can say what it was doing turns it into one
 * of these.
 */
@NullMarked
package io.hardbake.failure;

import org.jspecify.annotations.NullMarked;
