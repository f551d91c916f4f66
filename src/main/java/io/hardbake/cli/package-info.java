/**
 * The command line: options to requests, progress to the terminal, failures to exit codes. The only
 * printer.
 *
 * <pre>
 *   Main ─► Command (bake, plan, lock, load, push, inspect, diff, cluster, …)
 *     │                  └─► bake, artifact, cluster, credentials
 *     └── Console: bars on a terminal, lines elsewhere, JSON for machines
 * </pre>
 */
@NullMarked
package io.hardbake.cli;

import org.jspecify.annotations.NullMarked;
