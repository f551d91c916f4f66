/**
 * The container engine of this host, or the one that {@code DOCKER_HOST} names: images go in,
 * machines come out.
 *
 * <pre>
 *   oci.BakedImage ─ImageLoad─► image ─┐
 *   MachineSpec ───────Rights──────────┴─► created ─copyInto─► started ─run, read, console─► words
 *   Subnet ────────────────────────────► Network
 * </pre>
 *
 * <p>A machine is a container whose first process is systemd; {@code Rights} is the one place that
 * knows what systemd needs on which host. Nothing is mounted from the host and nothing is pulled,
 * so an engine on another machine works too. Engines speak of failures in prose; {@code
 * EngineTrouble} turns that into problem and remedy.
 */
@NullMarked
package io.hardbake.engine;

import org.jspecify.annotations.NullMarked;
