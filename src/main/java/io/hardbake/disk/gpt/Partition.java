package io.hardbake.disk.gpt;

import io.hardbake.disk.Volume;
import java.util.UUID;

/**
 * A partition and what is in it.
 *
 * @param id its own, as in {@code PARTUUID=}
 * @param name for people, as in {@code /dev/disk/by-partlabel}; 36 characters at most
 * @param content as large as the extent
 */
public record Partition(PartitionType type, UUID id, String name, Extent extent, Volume content) {
  static final int MAX_NAME = 36;

  public Partition {
    if (name.length() > MAX_NAME) {
      throw new IllegalArgumentException("a partition's name of more than 36 characters: " + name);
    }
    if (!content.size().equals(extent.size())) {
      throw new IllegalArgumentException(
          "%s has %s, its content %s".formatted(name, extent.size(), content.size()));
    }
  }
}
