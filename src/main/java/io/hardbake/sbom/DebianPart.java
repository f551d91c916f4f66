package io.hardbake.sbom;

import io.hardbake.io.Sha256;
import io.hardbake.tree.Content;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A Debian package.
 *
 * @param architecture its own, {@code all} included
 * @param origin the source package, and where the {@code .deb} comes from
 * @param sha256 of the {@code .deb}
 * @param copyright what the package says of its licences
 * @param formats which kinds of files of the role have it, as the command line names them
 */
public record DebianPart(
    String name,
    String version,
    String architecture,
    Origin origin,
    Sha256 sha256,
    Optional<Content> copyright,
    State state,
    SortedSet<String> formats) {

  public DebianPart {
    formats = Collections.unmodifiableSortedSet(new TreeSet<>(formats));
  }

  /**
   * Where a package comes from.
   *
   * @param source the source package's name
   * @param sourceVersion its version
   * @param archive which archive has the {@code .deb}: {@code debian} or {@code debian-security}
   * @param path below the base of any mirror of that archive
   */
  public record Origin(String source, String sourceVersion, String archive, String path) {}

  /** How a package is on the machine. */
  public enum State {
    INSTALLED,
    /** Left to be configured at first boot. */
    UNPACKED,
    /** Files of it are in the boot partitions or the initramfs; dpkg does not know it. */
    EMBEDDED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** All that the part's share of a document depends on, in a line. */
  String identity() {
    return String.join(
        " ",
        name,
        version,
        architecture,
        origin.toString(),
        sha256.hex(),
        copyright.map(content -> content.sha256().hex()).orElse("-"),
        state.toString(),
        formats.toString());
  }
}
