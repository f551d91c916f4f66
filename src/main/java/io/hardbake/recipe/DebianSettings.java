package io.hardbake.recipe;

import java.net.URI;
import java.util.Optional;

/**
 * Which Debian a role is made of.
 *
 * @param suite a codename such as {@code bookworm}; its updates and security suites belong to it
 * @param mirror the archive to bake from and the one that the machine's apt is told of; empty:
 *     found at bake time, and the machine is told of the public one
 * @param securityMirror the same for the security archive
 */
public record DebianSettings(String suite, Optional<URI> mirror, Optional<URI> securityMirror) {}
