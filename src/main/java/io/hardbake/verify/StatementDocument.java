package io.hardbake.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.attestation.Envelope;
import io.hardbake.attestation.Resource;
import io.hardbake.attestation.Statement;
import io.hardbake.attestation.VerificationKey;
import io.hardbake.failure.IntegrityException;
import io.hardbake.hygiene.Rule;
import io.hardbake.image.Finding;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A provenance statement in a file, plain or in its signed envelope.
 *
 * @param isSigned whether there is an envelope
 */
record StatementDocument(Path file, boolean isSigned, Statement statement) {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}|[0-9a-f]{128}");

  static boolean is(JsonNode root) {
    return root.has("payloadType") || root.path("_type").asText().contains("in-toto");
  }

  /**
   * Reads a file that {@link #is} one.
   *
   * @param key that has to have signed an envelope, if one is given
   */
  static StatementDocument read(Path file, Optional<VerificationKey> key)
      throws IOException, IntegrityException {
    byte[] bytes = Files.readAllBytes(file);
    String what = file.toString();
    if (!Json.parse(file, bytes).has("payloadType")) {
      return new StatementDocument(file, false, Statement.parse(bytes, what));
    }
    Envelope envelope = Envelope.parse(bytes, what);
    byte[] payload =
        key.isPresent() ? envelope.verify(key.get(), what) : envelope.payload().toArray();
    return new StatementDocument(file, true, Statement.parse(payload, what));
  }

  /** The artifacts that it is about. */
  List<Records.Entry> subjects() {
    return statement.subjects().stream()
        .map(
            subject ->
                new Records.Entry(
                    file,
                    subject.name(),
                    Optional.ofNullable(subject.digest().get("sha256")).flatMap(Sha256::parse),
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
