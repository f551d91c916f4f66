package io.hardbake.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.failure.IntegrityException;
import io.hardbake.image.Finding;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What documents say of files that lie elsewhere: name, digest and, where they know it, size. */
final class Records {
  private Records() {}

  /**
   * One file, as a document names it.
   *
   * @param document that names it
   * @param size in bytes, where the document has it
   */
  record Entry(Path document, String name, Optional<Sha256> sha256, Optional<Long> size) {

    /**
     * What is wrong with the file, if it is there.
     *
     * @param actual its digest
     */
    List<Finding> check(Path file, Sha256 actual) throws IOException {
      List<Finding> findings = new ArrayList<>();
      if (sha256.isEmpty()) {
        findings.add(Check.V09.finding(name, "has no SHA-256 in " + document));
        return findings;
      }
      long actualSize = Files.size(file);
      if (size.isPresent() && size.get() != actualSize) {
        findings.add(
            Check.V08.finding(
                name, "has %d bytes, and %d in %s".formatted(actualSize, size.get(), document)));
        return findings;
      }
      if (!actual.equals(sha256.get())) {
        findings.add(
            Check.V08.finding(
                name, "SHA-256 is %s, and %s in %s".formatted(actual, sha256.get(), document)));
      }
      return findings;
    }
  }

  /** The files of {@code bake.json}. */
  static List<Entry> ofReport(Path document, JsonNode root) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode role : root.path("roles")) {
      for (String list : List.of("artifacts", "documents")) {
        for (JsonNode file : role.path(list)) {
          entries.add(
              new Entry(
                  document,
                  file.path("file").asText(),
                  Sha256.parse(file.path("sha256").asText()),
                  Optional.of(file.path("size").asLong(-1))));
        }
      }
    }
    return entries;
  }

  /** The boxes of a catalog. */
  static List<Entry> ofCatalog(Path document, JsonNode root) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode version : root.path("versions")) {
      for (JsonNode provider : version.path("providers")) {
        Optional<Sha256> digest =
            provider.path("checksum_type").asText().equals("sha256")
                ? Sha256.parse(provider.path("checksum").asText())
                : Optional.empty();
        entries.add(new Entry(document, provider.path("url").asText(), digest, Optional.empty()));
      }
    }
    return entries;
  }

  /** What all neighbours of a file say of it. */
  static List<Entry> about(Path file, Neighbours neighbours, List<StatementDocument> statements)
      throws IOException, IntegrityException {
    List<Entry> entries = new ArrayList<>();
    Optional<Path> report = neighbours.report();
    if (report.isPresent() && !Files.isSameFile(report.get(), file)) {
      entries.addAll(ofReport(report.get(), Json.read(report.get())));
    }
    Optional<Path> catalog = neighbours.catalog();
    if (catalog.isPresent()) {
      entries.addAll(ofCatalog(catalog.get(), Json.read(catalog.get())));
    }
    for (StatementDocument statement : statements) {
      entries.addAll(statement.products());
    }
    String name = file.getFileName().toString();
    entries.removeIf(entry -> !entry.name.equals(name));
    return entries;
  }
}
