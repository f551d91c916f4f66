package io.hardbake.lock;

/** One {@code .deb}, by the package's name and version. */
public record LockedPackage(String name, String version, LockedFile file) {}
