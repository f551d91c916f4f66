package io.hardbake.disk.fat;

import io.hardbake.io.Size;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What a file system is besides its files.
 *
 * @param size of the volume, a whole number of 512-byte sectors; it decides between FAT12, FAT16
 *     and FAT32
 * @param label as in {@code /dev/disk/by-label}: capitals, digits, {@code _} and {@code -}, at most
 *     11
 * @param serialNumber the volume's id, as in {@code /dev/disk/by-uuid}
 * @param time of every entry, kept in UTC to two seconds; before 1980 there is no time
 */
public record FatSettings(Size size, String label, int serialNumber, Instant time) {
  private static final Pattern LABEL = Pattern.compile("[A-Z0-9_-]{1,11}");

  public FatSettings {
    if (!LABEL.matcher(label).matches()) {
      throw new IllegalArgumentException("not a label for FAT: " + label);
    }
    if (size.bytes() % FatGeometry.SECTOR != 0) {
      throw new IllegalArgumentException("not whole sectors: " + size.bytes());
    }
  }

  /** The label as it stands on disk. */
  String paddedLabel() {
    return String.format("%-11s", label);
  }
}
