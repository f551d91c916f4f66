/**
 * Getting bytes from elsewhere and keeping them: HTTP with resume and several mirrors, and the
 * content-addressed store. Nothing leaves this package that does not have the digest it was asked
 * by, except what {@code Fetcher.read} returns, whose caller checks a signature.
 */
@NullMarked
package io.hardbake.fetch;

import org.jspecify.annotations.NullMarked;
