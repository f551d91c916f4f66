package io.hardbake.disk.cluster;

import io.hardbake.io.Size;
import java.util.List;

/**
 * A disk after compression.
 *
 * @param size of the disk
 * @param clusters those that are not all zero, in order
 */
public record PackedVolume(Size size, List<PackedCluster> clusters) {
  public PackedVolume {
    clusters = List.copyOf(clusters);
  }
}
