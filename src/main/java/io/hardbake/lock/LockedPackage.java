package io.hardbake.lock;

import io.hardbake.io.Size;

/**
 * One {@code .deb}, by the package's name and version.
 *
 * @param installed what the package says it takes once unpacked (Installed-Size)
 */
public record LockedPackage(String name, String version, Size installed, LockedFile file) {}
