package io.hardbake.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.attestation.Envelope;
import io.hardbake.attestation.Resource;
import io.hardbake.attestation.Statement;
import io.hardbake.attestation.VerificationKey;
import io.hardbake.failure.IntegrityException;
import io.hardbake.hygiene.Rule;
import io.hardbake.image.Finding;
import io.hardbake.io.JsonText;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A provenance statement in a file, plain or in its signed envelope.
 *
 * @param envelope nothing where the statement is plain
 */
record StatementDocument(Path file, Optional<Envelope> envelope, Statement statement) {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}|[0-9a-f]{128}");

  static boolean is(JsonNode root) {
    return root.has("payloadType") || root.path("_type").asText().contains("in-toto");
  }

  /** Reads a file that {@link #is} one, or has one on each line, whoever signed them. */
  static List<StatementDocument> read(Path file) throws IOException, IntegrityException {
    List<StatementDocument> documents = new ArrayList<>();
    for (byte[] document : JsonText.documents(Json.bytes(file))) {
      documents.add(of(file, document));
    }
    return documents;
  }

  private static StatementDocument of(Path file, byte[] bytes)
      throws IOException, IntegrityException {
    String what = file.toString();
    if (!Json.parse(file, bytes).has("payloadType")) {
      return new StatementDocument(file, Optional.empty(), Statement.parse(bytes, what));
    }
    Envelope envelope = Envelope.parse(bytes, what);
    return new StatementDocument(
        file, Optional.of(envelope), Statement.parse(envelope.payload().toArray(), what));
  }

  boolean isSignedBy(VerificationKey key) {
    return envelope.isPresent() && envelope.get().isSignedBy(key);
  }

  /** The artifacts that it is about. */
  List<Records.Entry> subjects() {
    return entries(statement.subjects().stream());
  }

  /** The artifacts that it is about, and what was written beside them; by file names alone. */
  List<Records.Entry> products() {
    return entries(Stream.concat(statement.subjects().stream(), statement.byproducts().stream()));
  }

  private List<Records.Entry> entries(Stream<Resource> resources) {
    return resources
        .map(
            resource ->
                new Records.Entry(
                    file,
                    resource.name().substring(resource.name().lastIndexOf('/') + 1),
                    Optional.ofNullable(resource.digest().get("sha256")).flatMap(Sha256::parse),
                    Optional.empty()))
        .toList();
  }

  /** What is wrong with the document by itself. */
  List<Finding> check() {
    List<Finding> findings = new ArrayList<>();
    if (statement.subjects().isEmpty()) {
      findings.add(Check.V09.finding("subject", "there is none"));
    }
    for (Resource input : statement.materials()) {
      if (!input.digest().values().stream().allMatch(hex -> DIGEST.matcher(hex).matches())) {
        findings.add(Rule.H20.finding(input.name(), "has no digest that could be one"));
      }
    }
    return findings;
  }
}
