/**
 * Which packages a request needs: the choices of {@code apt-get install --no-install-recommends} on
 * an empty system, or an explanation of why there are none.
 *
 * <pre>
 *   PackageIndex ─Graph (made as far as it is looked at)─► Targets, Options, Clauses
 *   request ─Marker (depth first)─► marks ─Repair (what broke)─► ─Sweep (what nobody needs)─► Resolution
 *                                                    └─Explanation─► UnresolvableException
 * </pre>
 *
 * A complete solver would find more answers, but other ones than apt: people would bake another
 * machine than they install. So this is apt's own procedure, reduced to what an empty system of one
 * architecture leaves of it; an integration test holds it against apt itself.
 */
@NullMarked
package io.hardbake.debian.resolve;

import org.jspecify.annotations.NullMarked;
