package io.hardbake.verify;

import io.hardbake.artifact.Artifacts;
import io.hardbake.attestation.VerificationKey;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UsageException;
import io.hardbake.hygiene.Allowed;
import io.hardbake.image.Finding;
import io.hardbake.io.Sha256;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks files, one by one. */
public final class Verifier {
  /** What no statement is about. */
  private static final Set<String> UNSIGNED = Set.of("report", "catalog", "lock");

  private final Wishes wishes;
  private final Progress progress;

  public Verifier(Wishes wishes, Progress progress) {
    this.wishes = wishes;
    this.progress = progress;
  }

  /**
   * What a user says about the check.
   *
   * @param manifest the one that images are compared with; the one beside them if none is named
   * @param sbom likewise
   * @param key that has to have signed a statement about each file
   * @param jobs threads
   */
  public record Wishes(
      Allowed allowed,
      Optional<Path> manifest,
      Optional<Path> sbom,
      Optional<VerificationKey> key,
      int jobs) {}

  /**
   * Checks one file, as far as it can be read and what lies beside it goes.
   *
   * @throws UsageException if it is none of hardbake's outputs, or not there
   */
  public Verification verify(Path file) throws IOException, BakeException, InterruptedException {
    Neighbours neighbours = new Neighbours(file);
    List<Finding> findings = new ArrayList<>();
    List<String> checked = new ArrayList<>();
    try {
      Artifacts.requireFile(file);
      List<StatementDocument> statements = neighbours.statements();
      List<Records.Entry> records = Records.about(file, neighbours, statements);
      if (!records.isEmpty()) {
        Sha256 actual = Sha256.of(file);
        for (Records.Entry record : records) {
          findings.addAll(record.check(file, actual));
        }
        checked.add(Verification.count(records.size(), "record") + " of its digest");
      }
      Optional<Verification> document = Documents.check(file, neighbours);
      Verification found =
          document.isPresent() ? document.get() : Images.check(file, neighbours, wishes, progress);
      findings.addAll(found.findings());
      checked.addAll(0, found.checked());
      List<String> unchecked = new ArrayList<>(found.unchecked());
      Signatures signatures = Signatures.about(file, statements);
      if (UNSIGNED.contains(found.what())) {
        wishes.key().ifPresent(key -> unchecked.add("who made it: no statement names such a file"));
      } else if (wishes.key().isPresent()) {
        signatures.check(wishes.key().get()).ifPresent(findings::add);
        checked.add("signature");
      } else if (!signatures.isEmpty()) {
        unchecked.add("the signature: see --key");
      } else if (Neighbours.isStatement(file)) {
        unchecked.add("who made it: not signed");
      }
      return new Verification(found.what(), findings, checked, unchecked);
    } catch (IntegrityException | UsageException e) {
      if (e instanceof UsageException && findings.isEmpty()) {
        throw e; // Nothing says that it ever was an output.
      }
      // What cannot be read at all is one finding, so that other files have their turn.
      findings.add(
          new Finding(
              Check.V01.name(),
              String.valueOf(file.getFileName()),
              String.valueOf(e.getMessage()),
              e.remedy()));
      return new Verification("unreadable", findings, checked, List.of());
    } catch (HostException e) {
      // No finding, since the file may be sound; but other files have their turn here too.
      return new Verification("unread", findings, checked, List.of("all else"), Optional.of(e));
    }
  }
}
