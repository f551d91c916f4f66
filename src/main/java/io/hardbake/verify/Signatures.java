package io.hardbake.verify;

import io.hardbake.attestation.Envelope;
import io.hardbake.attestation.VerificationKey;
import io.hardbake.image.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who vouches for a file. An envelope that the user's key accepts has to name it; that the digest
 * in it is the file's is a matter of {@link Records}, which reads the same statements.
 */
final class Signatures {
  private final Path file;
  private final List<StatementDocument> statements;

  private Signatures(Path file, List<StatementDocument> statements) {
    this.file = file;
    this.statements = statements;
  }

  /**
   * The signed statements about a file.
   *
   * @param statements that could be about it
   */
  static Signatures about(Path file, List<StatementDocument> statements) throws IOException {
    List<StatementDocument> about = new ArrayList<>();
    for (StatementDocument statement : statements) {
      if (vouches(statement, file)) {
        about.add(statement);
      }
    }
    return new Signatures(file, about);
  }

  boolean isEmpty() {
    return statements.isEmpty();
  }

  /** Nothing if the key's owner vouches for the file; else why not. */
  Optional<Finding> check(VerificationKey key) {
    String name = file.getFileName().toString();
    if (statements.stream().anyMatch(statement -> statement.isSignedBy(key))) {
      return Optional.empty();
    }
    String refused =
        statements.stream()
            .map(statement -> statement.file().getFileName().toString())
            .distinct()
            .collect(Collectors.joining(", "));
    return Optional.of(
        Check.V10.finding(
            name,
            refused.isEmpty()
                ? "there is no signed statement that names it"
                : refused + " is not signed by this key"));
  }

  private static boolean vouches(StatementDocument statement, Path file) throws IOException {
    Optional<Envelope> envelope = statement.envelope();
    if (envelope.isEmpty()) {
      return false;
    }
    if (Neighbours.isStatement(file)) {
      byte[] bytes = Files.readAllBytes(file);
      return Arrays.equals(bytes, envelope.get().payload().toArray())
          || Files.isSameFile(file, statement.file());
    }
    String name = file.getFileName().toString();
    return statement.products().stream().anyMatch(entry -> entry.name().equals(name));
  }
}
