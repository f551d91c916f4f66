package io.hardbake.vagrant;

import io.hardbake.image.Architecture;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a box is besides its disk.
 *
 * @param role such as {@code controller}; names the box, its machine and its files
 * @param memoryMib what a machine has unless a project says otherwise
 * @param cpus likewise
 * @param time of the members of the tar
 * @param info what {@code vagrant box list -i} shows
 */
public record BoxSettings(
    String role,
    Architecture architecture,
    int memoryMib,
    int cpus,
    Instant time,
    SortedMap<String, String> info) {
  // It stands in XML, in Ruby and in file names without being escaped.
  private static final Pattern ROLE = Pattern.compile("[a-z0-9][a-z0-9-]*");

  public BoxSettings {
    if (!ROLE.matcher(role).matches()) {
      throw new IllegalArgumentException("not a role's name: " + role);
    }
    if (memoryMib < 1 || cpus < 1) {
      throw new IllegalArgumentException(memoryMib + " MiB, " + cpus + " CPUs");
    }
    info = Collections.unmodifiableSortedMap(new TreeMap<>(info));
  }

  /**
   * The box's name. It has no slash: where a box is not found, Vagrant would look for one with a
   * slash in its public catalog.
   */
  public static String boxName(String role) {
    return "hardbake-" + role;
  }

  /** The box's file: {@code controller-amd64-libvirt.box}. */
  public String fileName(Provider provider) {
    return "%s-%s-%s.box".formatted(role, architecture, provider);
  }
}
