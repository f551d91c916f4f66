package io.hardbake.cli;

import io.hardbake.artifact.InstalledPackage;
import io.hardbake.artifact.PathDetails;
import io.hardbake.artifact.Reading;
import io.hardbake.artifact.Usage;
import io.hardbake.failure.IntegrityException;
import io.hardbake.image.Finding;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.oci.ImageLayer;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/** What {@code hardbake inspect} prints: tables for people, one record a line for machines. */
final class InspectReport {
  private static final int SHORT_DIGEST = 12;

  private final Reading reading;
  private final Console console;
  private final int top;

  InspectReport(Reading reading, Console console, int top) {
    this.reading = reading;
    this.console = console;
    this.top = top;
  }

  void all() throws IOException, IntegrityException {
    artifact();
    facts();
    layerTable();
    SortedMap<String, InstalledPackage> packages = InstalledPackage.in(reading.root());
    Size installed =
        packages.values().stream().map(InstalledPackage::size).reduce(Size.ZERO, Size::plus);
    long left = packages.values().stream().filter(each -> !each.isConfigured()).count();
    console.heading("");
    console.heading(
        "packages: %d, %s installed%s; --packages lists them"
            .formatted(
                packages.size(), installed, left == 0 ? "" : ", " + left + " not configured"));
    usage();
    findings();
  }

  private void artifact() throws IOException {
    Size size = new Size(Files.size(reading.file()));
    Sha256 digest = Sha256.of(reading.file());
    Map<String, Object> fields = record("artifact");
    fields.put("file", reading.file().toString());
    fields.put("kind", reading.kind().toString());
    fields.put("size", size.bytes());
    fields.put("sha256", digest.hex());
    fields.put("entries", reading.root().entries().size());
    console.result(
        "%s: %s, %s, %d entries"
            .formatted(
                Table.printable(reading.file().toString()),
                reading.kind(),
                size,
                reading.root().entries().size()),
        fields);
    console.heading("  sha256:" + digest);
  }

  private void facts() {
    console.heading("");
    Table table = new Table("ll");
    reading
        .facts()
        .forEach(
            (name, value) -> {
              Map<String, Object> fields = record("fact");
              fields.put("name", name);
              fields.put("value", value);
              table.add(fields, name, value);
            });
    table.print(console);
  }

  private void layerTable() {
    if (reading.layers().isEmpty()) {
      return;
    }
    console.heading("");
    Table table = new Table("rrrrll");
    table.add(Map.of(), "packed", "unpacked", "entries", "removed", "sha256", "layer");
    for (ImageLayer layer : reading.layers()) {
      table.add(
          layer(layer),
          layer.compressed(),
          layer.size(),
          layer.content().entries().size(),
          layer.content().removals().size(),
          layer.digest().hex().substring(0, SHORT_DIGEST),
          layer.name());
    }
    table.print(console);
  }

  private static Map<String, Object> layer(ImageLayer layer) {
    Map<String, Object> fields = record("layer");
    fields.put("name", layer.name());
    fields.put("sha256", layer.digest().hex());
    fields.put("size", layer.compressed().bytes());
    fields.put("diff-id", layer.diffId().hex());
    fields.put("unpacked", layer.size().bytes());
    fields.put("entries", layer.content().entries().size());
    fields.put("removals", layer.content().removals().size());
    return fields;
  }

  private void usage() {
    Usage usage = Usage.of(reading.root(), top);
    console.heading("");
    console.heading("largest files");
    Table files = new Table("rll");
    for (Usage.LargeFile file : usage.largest()) {
      Map<String, Object> fields = record("file");
      fields.put("path", file.path().value());
      fields.put("size", file.size().bytes());
      fields.put("provenance", file.provenance().value());
      files.add(fields, file.size(), file.path(), source(file.provenance()));
    }
    files.print(console);
    boolean unknown =
        usage.shares().stream().allMatch(share -> share.provenance().equals(Provenance.UNKNOWN));
    console.heading("");
    console.heading(
        unknown
            ? "where files come from is in the manifest that the bake wrote: --manifest FILE"
            : "where files come from");
    Table shares = new Table("rrl");
    usage.shares().stream()
        .limit(unknown ? 0 : top)
        .forEach(
            share -> {
              Map<String, Object> fields = record("source");
              fields.put("provenance", share.provenance().value());
              fields.put("entries", share.entries());
              fields.put("size", share.size().bytes());
              shares.add(fields, share.size(), share.entries(), share.provenance());
            });
    shares.print(console);
  }

  private static String source(Provenance provenance) {
    return provenance.equals(Provenance.UNKNOWN) ? "" : provenance.value();
  }

  private void findings() {
    for (Finding finding : reading.findings()) {
      Map<String, Object> fields = record("finding");
      fields.put("rule", finding.rule());
      fields.put("where", finding.where());
      fields.put("problem", finding.problem());
      fields.put("remedy", finding.remedy());
      console.result("damage: " + Table.printable(finding.toString()), fields);
    }
  }

  void packages() throws IOException, IntegrityException {
    Table table = new Table("lllrl");
    for (InstalledPackage each : InstalledPackage.in(reading.root()).values()) {
      Map<String, Object> fields = record("package");
      fields.put("name", each.name());
      fields.put("version", each.version());
      fields.put("architecture", each.architecture());
      fields.put("status", each.status());
      fields.put("source", each.source());
      fields.put("size", each.size().bytes());
      table.add(
          fields,
          each.name(),
          each.version(),
          each.architecture(),
          each.size(),
          each.isConfigured() ? "" : each.status());
    }
    table.print(console);
    findings();
  }

  /** Each layer's own changes, in path order: {@code +} adds or replaces, {@code -} removes. */
  void layers() {
    for (ImageLayer layer : reading.layers()) {
      console.result(
          "%s: %s packed, %s unpacked, sha256:%s"
              .formatted(
                  Table.printable(layer.name()), layer.compressed(), layer.size(), layer.digest()),
          layer(layer));
      layer.content().removals().forEach(path -> layerPath(layer, "removes", "  - ", path));
      layer.opaque().forEach(path -> layerPath(layer, "empties", "  - all in ", path));
      layer.content().entries().keySet().forEach(path -> layerPath(layer, "adds", "  + ", path));
    }
    if (reading.layers().isEmpty()) {
      console.heading("a " + reading.kind() + " has no layers");
    }
    findings();
  }

  private void layerPath(ImageLayer layer, String change, String mark, AbsolutePath path) {
    Map<String, Object> fields = record("layer-path");
    fields.put("layer", layer.name());
    fields.put("change", change);
    fields.put("path", path.value());
    console.result(mark + Table.printable(path.value()), fields);
  }

  void path(PathDetails details) {
    Map<String, Object> fields = record("path");
    fields.put("path", details.path().value());
    fields.putAll(details.attributes());
    console.result(Table.printable(details.path().value()), fields);
    Table table = new Table("ll");
    details.attributes().forEach((name, value) -> table.add(Map.of(), name, value));
    table.print(console);
  }

  private static Map<String, Object> record(String name) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("record", name);
    return fields;
  }
}
