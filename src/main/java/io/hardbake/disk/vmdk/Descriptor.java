package io.hardbake.disk.vmdk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text inside of the file that describes the disk.
 *
 * @param fileName the extent's file, which is the one that the text stands in
 * @param sectors of the disk
 * @param id the disk's UUID as VirtualBox keeps it
 */
record Descriptor(String fileName, long sectors, UUID id) {
  private static final int HEADS = 16;
  private static final int SECTORS_PER_TRACK = 63;
  private static final int MAX_CYLINDERS =
      16_383; // of ATA's geometry; larger disks tell only their size
  private static final int NO_PARENT = -1;

  private static final Pattern TYPE = Pattern.compile("(?m)^createType=\"([A-Za-z]+)\"$");
  private static final Pattern PARENT = Pattern.compile("(?m)^parentCID=([0-9a-f]{8})$");
  private static final Pattern EXTENT = Pattern.compile("(?m)^RW ([0-9]{1,19}) SPARSE \"[^\"]*\"$");
  private static final Pattern ID =
      Pattern.compile("(?m)^ddb\\.uuid\\.image = \"([0-9a-f-]{36})\"$");

  /** The text, for a disk on an IDE controller. */
  byte[] text() {
    long cylinders = Math.min(MAX_CYLINDERS, sectors / (HEADS * SECTORS_PER_TRACK));
    return String.format(
            Locale.ROOT,
            """
            # Disk DescriptorFile
            version=1
            CID=%08x
            parentCID=ffffffff
            createType="streamOptimized"

            # Extent description
            RW %d SPARSE "%s"

            # The Disk Data Base
            #DDB

            ddb.virtualHWVersion = "4"
            ddb.adapterType = "ide"
            ddb.geometry.cylinders = "%d"
            ddb.geometry.heads = "%d"
            ddb.geometry.sectors = "%d"
            ddb.uuid.image = "%s"
            ddb.uuid.parent = "00000000-0000-0000-0000-000000000000"
            ddb.uuid.modification = "00000000-0000-0000-0000-000000000000"
            ddb.uuid.parentmodification = "00000000-0000-0000-0000-000000000000"
            """,
            contentId(),
            sectors,
            fileName,
            cylinders,
            HEADS,
            SECTORS_PER_TRACK,
            id)
        .getBytes(US_ASCII);
  }

  /** The disk's UUID in a descriptor's text, if it is said there. */
  static Optional<String> id(String text) {
    return value(text, ID);
  }

  /**
   * Whether a text describes the file that it stands in.
   *
   * @param sectors of the disk, as the header has them
   */
  static boolean describes(String text, long sectors) {
    return value(text, TYPE).equals(Optional.of("streamOptimized"))
        && value(text, PARENT).equals(Optional.of("ffffffff"))
        && value(text, EXTENT).equals(Optional.of(Long.toString(sectors)));
  }

  private static Optional<String> value(String text, Pattern line) {
    Matcher matcher = line.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** A number that changes with the content; all ones would mean that there is no parent. */
  private int contentId() {
    int bits = (int) id.getLeastSignificantBits();
    return bits == NO_PARENT ? 0 : bits;
  }
}
