package io.hardbake.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UsageException;
import io.hardbake.hygiene.Rule;
import io.hardbake.image.Finding;
import io.hardbake.image.Manifest;
import io.hardbake.io.Sha256;
import io.hardbake.lock.Lock;
import io.hardbake.lock.LockFile;
import io.hardbake.tree.AbsolutePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The outputs that are text: told by how they begin, checked by themselves and by what they name.
 */
final class Documents {
  private static final Pattern PINNED = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

  private final Path file;
  private final Neighbours neighbours;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> checked = new ArrayList<>();
  private final List<String> unchecked = new ArrayList<>();

  private Documents(Path file, Neighbours neighbours) {
    this.file = file;
    this.neighbours = neighbours;
  }

  /** What is wrong with a document; nothing where the file is none. */
  static Optional<Verification> check(Path file, Neighbours neighbours)
      throws IOException, BakeException {
    byte[] beginning = new byte[1];
    try (var in = Files.newInputStream(file)) {
      if (in.read(beginning) < 1) {
        throw new IntegrityException(file + " is empty", Check.V01.remedy());
      }
    }
    Documents documents = new Documents(file, neighbours);
    if ((beginning[0] == '{' || beginning[0] == '/') && Json.isTooLarge(file)) {
      documents.findings.add(
          Check.V09.finding(file.getFileName().toString(), "is larger than " + Json.LIMIT));
      return Optional.of(documents.verification("document"));
    }
    return switch (beginning[0]) {
      case '{' -> Optional.of(documents.json());
      case '/' -> Optional.of(documents.manifest());
      default -> Optional.empty();
    };
  }

  private Verification json() throws IOException, BakeException {
    JsonNode root = Json.read(file);
    if (SbomDocument.is(root)) {
      return sbom(new SbomDocument(root));
    }
    if (StatementDocument.is(root)) {
      return statement();
    }
    if (root.has("format") && root.has("architectures")) {
      return lock();
    }
    if (root.has("lock") && root.has("roles")) {
      return report(root);
    }
    if (root.has("versions") && root.has("name")) {
      return catalog(root);
    }
    throw new UsageException(
        file + " is no output of hardbake: JSON, and none that a bake writes",
        "name an image, a disk, a box, a catalog, a manifest, an SBOM, a statement, bake.json or"
            + " the lock");
  }

  private Verification verification(String what) {
    return new Verification(what, findings, checked, unchecked);
  }

  private Verification manifest() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Manifest manifest;
    try {
      manifest = Manifest.parse(bytes);
    } catch (IOException e) {
      findings.add(
          Check.V09.finding(file.getFileName().toString(), String.valueOf(e.getMessage())));
      return verification("manifest");
    }
    ByteArrayOutputStream canonical = new ByteArrayOutputStream(bytes.length);
    manifest.write(canonical);
    if (!Arrays.equals(bytes, canonical.toByteArray())) {
      findings.add(
          Check.V09.finding(file.getFileName().toString(), "is not written as hardbake does"));
    }
    @Nullable AbsolutePath last = null;
    for (Manifest.Line line : manifest.lines()) {
      if (last != null && line.path().compareTo(last) <= 0) {
        findings.add(
            Check.V09.finding(
                line.path().value(),
                line.path().equals(last) ? "is there twice" : "is not sorted"));
      }
      last = line.path();
    }
    checked.add(Verification.count(manifest.lines().size(), "path"));
    return verification("manifest");
  }

  private Verification sbom(SbomDocument sbom) {
    findings.addAll(sbom.check());
    checked.add(Verification.count(sbom.components(), "component"));
    return verification("sbom");
  }

  private Verification statement() throws IOException, IntegrityException {
    int inputs = 0;
    List<Records.Entry> subjects = new ArrayList<>();
    for (StatementDocument document : StatementDocument.read(file)) {
      findings.addAll(document.check());
      inputs += document.statement().materials().size();
      subjects.addAll(document.subjects());
    }
    checked.add(Verification.count(inputs, "input"));
    files(subjects, "subject");
    return verification("provenance");
  }

  private Verification catalog(JsonNode root) throws IOException {
    List<Records.Entry> boxes = Records.ofCatalog(file, root);
    if (boxes.isEmpty()) {
      findings.add(Check.V09.finding("versions", "names no box"));
    }
    String version = root.at("/versions/0/version").asText();
    if (!version.matches("[0-9]+\\.[0-9]+\\.[0-9]+")) {
      findings.add(Check.V09.finding("version", "is not three numbers: " + version));
    }
    files(boxes, "box file");
    return verification("catalog");
  }

  private Verification report(JsonNode root) throws IOException {
    for (String digest : List.of("inputs", "keyring")) {
      if (Sha256.parse(root.path("lock").path(digest).asText()).isEmpty()) {
        findings.add(Rule.H20.finding("lock/" + digest, "is no SHA-256"));
      }
    }
    JsonNode roles = root.path("roles");
    if (!roles.isArray() || roles.isEmpty()) {
      findings.add(Check.V09.finding("roles", "is no list of what was baked"));
    }
    if (!root.path("kubernetes").isArray()) { // which is empty where no role has its programs
      findings.add(Check.V09.finding("kubernetes", "is no list of where its programs come from"));
    }
    int inputs = 0;
    for (JsonNode source : root.path("kubernetes")) {
      for (var input : source.path("inputs").properties()) {
        inputs++;
        if (!PINNED.matcher(input.getValue().asText()).matches()) {
          findings.add(Rule.H20.finding(input.getKey(), "is not pinned by a digest"));
        }
      }
    }
    checked.add(Verification.count(inputs, "input"));
    List<Records.Entry> files = Records.ofReport(file, root);
    if (files.isEmpty()) {
      findings.add(Check.V09.finding("roles", "names no file"));
    }
    files(files, "file");
    return verification("report");
  }

  private Verification lock() throws IOException, BakeException {
    Optional<Lock> lock;
    try {
      lock = new LockFile(file).read();
    } catch (RecipeException e) {
      findings.add(
          Check.V09.finding(file.getFileName().toString(), String.valueOf(e.getMessage())));
      return verification("lock");
    }
    if (lock.isEmpty()) {
      findings.add(Check.V09.finding("format", "is not the one of this version of hardbake"));
      return verification("lock");
    }
    if (!Arrays.equals(
        Files.readAllBytes(file), LockFile.text(lock.get()).getBytes(StandardCharsets.UTF_8))) {
      findings.add(
          Check.V09.finding(file.getFileName().toString(), "is not written as hardbake does"));
    }
    lock.get()
        .architectures()
        .forEach(
            (architecture, part) ->
                checked.add(
                    Verification.count(part.packages().size(), "package")
                        + " for "
                        + architecture));
    return verification("lock");
  }

  /** The files that a document names are there, and are the ones that it means. */
  private void files(List<Records.Entry> entries, String noun) throws IOException {
    int found = 0;
    for (Records.Entry entry : entries) {
      if (!Neighbours.isPlain(entry.name())) {
        findings.add(Check.V09.finding(entry.name(), "is no name of a file beside this one"));
        continue;
      }
      Optional<Path> named = neighbours.named(entry.name());
      if (named.isEmpty()) {
        findings.add(Check.V08.finding(entry.name(), "is missing beside " + file.getFileName()));
        continue;
      }
      found++;
      findings.addAll(entry.check(named.get(), Sha256.of(named.get())));
    }
    checked.add(Verification.count(found, noun));
  }
}
