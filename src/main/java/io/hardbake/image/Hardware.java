package io.hardbake.image;

import io.hardbake.io.Size;

/**
 * What a machine has unless whoever starts it says otherwise.
 *
 * @param disk whole GiB, as hypervisors count them
 * @param memory whole MiB
 * @param processors at least one
 */
public record Hardware(Size disk, Size memory, int processors) {
  public Hardware {
    requireWhole(disk, Size.gib(1));
    requireWhole(memory, Size.mib(1));
    if (processors < 1) {
      throw new IllegalArgumentException("processors: " + processors);
    }
  }

  private static void requireWhole(Size size, Size unit) {
    if (size.bytes() == 0 || size.bytes() % unit.bytes() != 0) {
      throw new IllegalArgumentException("%s is no multiple of %s".formatted(size, unit));
    }
  }
}
