package io.hardbake.debian;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The order of versions is one: each line of the input is a version, or refused. */
public final class DebVersionFuzz {
  /** Every three of them are compared. */
  private static final int MOST = 6;

  private DebVersionFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws MalformedControlException {
    List<DebVersion> versions = new ArrayList<>();
    for (String line : new String(input, StandardCharsets.UTF_8).split("\n", -1)) {
      try {
        DebVersion version = DebVersion.parse(line);
        if (!version.toString().equals(line)) {
          throw new AssertionError(line + " became " + version);
        }
        versions.add(version);
      } catch (MalformedControlException e) {
        continue;
      }
      if (versions.size() == MOST) {
        break;
      }
    }
    for (DebVersion a : versions) {
      requireParts(a);
      for (DebVersion b : versions) {
        requirePair(a, b);
        for (DebVersion c : versions) {
          if (a.compareTo(b) <= 0 && b.compareTo(c) <= 0 && a.compareTo(c) > 0) {
            throw new AssertionError("%s <= %s <= %s, and yet not <=".formatted(a, b, c));
          }
        }
      }
    }
  }

  private static void requirePair(DebVersion a, DebVersion b) {
    if (Integer.signum(a.compareTo(b)) != -Integer.signum(b.compareTo(a))) {
      throw new AssertionError(a + " and " + b + " compare one way only");
    }
    if (a.equals(b) != (a.compareTo(b) == 0) || (a.equals(b) && a.hashCode() != b.hashCode())) {
      throw new AssertionError(a + " and " + b + " are equal in one way only");
    }
    if (a.toString().equals(b.toString()) && !a.equals(b)) {
      throw new AssertionError(a + " is not itself");
    }
  }

  /** The parts put together are the same version, and ~ makes it earlier. */
  private static void requireParts(DebVersion version) throws MalformedControlException {
    String revision = version.revision().isEmpty() ? "" : "-" + version.revision();
    DebVersion again = DebVersion.parse(version.epoch() + ":" + version.upstream() + revision);
    if (!again.equals(version)) {
      throw new AssertionError(version + " is not " + again);
    }
    if (DebVersion.parse(version + "~").compareTo(version) >= 0) {
      throw new AssertionError(version + "~ is not earlier");
    }
  }
}
