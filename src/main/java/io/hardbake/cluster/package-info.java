/**
 * The whole cluster in containers: which machines there are, where they are, what each is given at
 * first boot, and how long it may take.
 *
 * <pre>
 *   Wish ────────► Topology (subnet, controllers, load balancer) ─┐
 *   Passports ───► credentials, made once, kept ──────────────────┼─► Seed (tar) ─┐
 *   BakedImage ──────────────────────────────────────────────────►│ Raising ──────┴─► engine
 *   engine ─labels─► Standing (what is there) ────────────────────┘    │
 *                                                           Arrival (API, then every machine ready)
 * </pre>
 *
 * <p>What a cluster is stands in the labels of its network and machines, so that the engine alone
 * is the truth about it; the directory holds the credentials and nothing else that would be missed.
 * A machine finds its own place from its seed: nothing is typed on it, and nothing of the host is
 * mounted into it.
 */
@NullMarked
package io.hardbake.cluster;

import org.jspecify.annotations.NullMarked;
