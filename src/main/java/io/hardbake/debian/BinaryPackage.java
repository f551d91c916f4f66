package io.hardbake.debian;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One version of a binary package as a signed index describes it.
 *
 * @param path of the .deb, relative to a mirror's base
 * @param size of the .deb
 * @param sha256 of the .deb
 * @param paragraph everything the index says of it
 */
public record BinaryPackage(
    String name,
    DebVersion version,
    String path,
    Size size,
    Sha256 sha256,
    Relations relations,
    Paragraph paragraph,
    Origin origin) {

  /** Debian policy 5.6.1, with the upper case that dpkg lets pass left out. */
  public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]+");

  /** Reads a paragraph of a Packages file. */
  public static BinaryPackage of(Paragraph paragraph, Origin origin)
      throws MalformedControlException {
    Fields fields = new Fields(paragraph);
    return new BinaryPackage(
        fields.packageName("Package"),
        fields.version("Version"),
        fields.poolPath("Filename"),
        fields.size("Size"),
        fields.sha256("SHA256"),
        Relations.of(paragraph),
        paragraph,
        origin);
  }

  public boolean essential() {
    return says("Essential");
  }

  /** Whether apt keeps it as it keeps essential ones (Important: or Protected: yes). */
  public boolean important() {
    return says("Important") || says("Protected");
  }

  /** Every place where the .deb should be found. */
  public List<URI> candidates() {
    return origin.candidates(path);
  }

  /** {@code name=version}, as provenance writes it. */
  @Override
  public String toString() {
    return name + "=" + version;
  }

  private boolean says(String field) {
    return paragraph.get(field).filter("yes"::equals).isPresent();
  }
}
