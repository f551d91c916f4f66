package io.hardbake.debian;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * One version of a source package as a signed index describes it.
 *
 * @param directory where its files are, relative to a mirror's base
 * @param files the .dsc, tarballs and signatures
 */
public record SourcePackage(
    String name, DebVersion version, String directory, List<SourceFile> files, Origin origin) {

  public SourcePackage {
    files = List.copyOf(files);
  }

  /** A file of a source package; {@code name} is without directory. */
  public record SourceFile(String name, Size size, Sha256 sha256) {}

  /** Reads a paragraph of a Sources file. */
  public static SourcePackage of(Paragraph paragraph, Origin origin)
      throws MalformedControlException {
    Fields fields = new Fields(paragraph);
    return new SourcePackage(
        fields.packageName("Package"),
        fields.version("Version"),
        fields.poolPath("Directory"),
        files(fields.required("Checksums-Sha256")),
        origin);
  }

  /** Every place where {@code file} should be found. */
  public List<URI> candidates(SourceFile file) {
    return origin.candidates(directory + "/" + file.name());
  }

  /** {@code name=version}. */
  @Override
  public String toString() {
    return name + "=" + version;
  }

  private static List<SourceFile> files(String field) throws MalformedControlException {
    List<SourceFile> files = new ArrayList<>();
    for (ChecksumLine line : ChecksumLine.parse("Checksums-Sha256", field)) {
      if (line.path().indexOf('/') >= 0) {
        throw new MalformedControlException(
            "a source file in a directory: " + Quoted.of(line.path()));
      }
      files.add(new SourceFile(line.path(), line.size(), line.sha256()));
    }
    return files;
  }
}
