package io.hardbake.cli;

import io.hardbake.artifact.Artifacts;
import io.hardbake.attestation.VerificationKey;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UsageException;
import io.hardbake.hygiene.Allowed;
import io.hardbake.hygiene.Rule;
import io.hardbake.image.Finding;
import io.hardbake.verify.Check;
import io.hardbake.verify.Verification;
import io.hardbake.verify.Verifier;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hardbake verify}: whether outputs are whole, as documented, and clean. */
@Command(
    name = "verify",
    description =
        "Checks outputs from their files alone, images against manifest and SBOM too, and for what"
            + " no image may hold: keys, tokens, traces of a machine, rights that nobody allowed."
            + " Ends with 5 where something is found.")
final class VerifyCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ARTIFACT",
      arity = "0..*",
      description =
          "images, disks, boxes, catalogs, manifests, SBOMs, provenance statements, bake.json, the"
              + " lock")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "the manifest of the one ARTIFACT (default: the one in ../manifests)")
  private @Nullable Path manifest;

  @Option(
      names = "--sbom",
      paramLabel = "FILE",
      description = "the SBOM of the one ARTIFACT (default: the one in ../sbom)")
  private @Nullable Path sbom;

  @Option(
      names = "--allow",
      paramLabel = "FILE",
      description = "a list of what is fine in roles of your own; findings name the line to add")
  private List<Path> lists = new ArrayList<>();

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "a public key (PEM) that has to have signed a statement about each ARTIFACT")
  private @Nullable Path key;

  @Option(
      names = "--rules",
      description = "lists what is checked, and why",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean rules;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description = "threads (default: one for each core)")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  VerifyCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    requireSense();
    Verifier.Wishes wishes =
        new Verifier.Wishes(
            allowed(),
            Optional.ofNullable(manifest),
            Optional.ofNullable(sbom),
            key == null ? Optional.empty() : Optional.of(VerificationKey.read(key)),
            jobs);
    int count = 0;
    List<String> unsound = new ArrayList<>();
    List<HostException> hindrances = new ArrayList<>();
    try (Console console = speech.console(Objects.requireNonNull(spec))) {
      if (rules) {
        showRules(console);
      }
      Verifier verifier = new Verifier(wishes, console);
      for (Path file : files) {
        Verification verification = verifier.verify(file);
        show(console, file, verification);
        count += verification.findings().size();
        if (!verification.findings().isEmpty()) {
          unsound.add(file.toString());
        }
        verification.hindrance().ifPresent(hindrances::add);
      }
    }
    if (count > 0) {
      throw found(count, unsound, hindrances);
    }
    if (!hindrances.isEmpty()) {
      throw new HostException(
          joined(hindrances, HostException::getMessage), joined(hindrances, HostException::remedy));
    }
    return 0;
  }

  /** A finding weighs more than a file that could not be read: more memory does not mend it. */
  private static IntegrityException found(
      int count, List<String> unsound, List<HostException> hindrances) {
    String problem =
        "%d finding%s in %s".formatted(count, count == 1 ? "" : "s", String.join(", ", unsound));
    String remedy = "each finding above has its own; `hardbake verify --rules` says why it is one";
    if (hindrances.isEmpty()) {
      return new IntegrityException(problem, remedy);
    }
    return new IntegrityException(
        problem + "\n" + joined(hindrances, HostException::getMessage),
        remedy + "\n" + joined(hindrances, HostException::remedy));
  }

  /** Each text once, a line each. */
  private static String joined(
      List<HostException> hindrances, Function<HostException, @Nullable String> text) {
    return hindrances.stream()
        .map(hindrance -> String.valueOf(text.apply(hindrance)))
        .distinct()
        .collect(Collectors.joining("\n"));
  }

  private void requireSense() throws HostException, UsageException {
    if (files.isEmpty() && !rules) {
      throw new UsageException(
          "no file is named", "name one, such as target/images/controller-amd64.oci.tar");
    }
    if (files.size() > 1 && (manifest != null || sbom != null)) {
      throw new UsageException(
          "--manifest and --sbom belong to one file, and %d are named".formatted(files.size()),
          "leave them out: what a bake wrote finds its own; or name one file");
    }
    if (jobs < 1) {
      throw new UsageException(
          "--jobs " + jobs + ": at least one thread has to work", "use --jobs 1");
    }
    if (manifest != null) {
      requireReadable(manifest, "--manifest");
    }
    if (sbom != null) {
      requireReadable(sbom, "--sbom");
    }
  }

  /** Else an image that may be sound would be read in whole, and then get the blame. */
  private static void requireReadable(Path file, String option)
      throws HostException, UsageException {
    Artifacts.requireReadable(file, "correct the path behind " + option);
  }

  private Allowed allowed() throws BakeException, IOException {
    Allowed allowed = Allowed.ofRoles();
    for (Path list : lists) {
      requireReadable(list, "--allow");
      allowed = allowed.and(list.toString(), text(list));
    }
    return allowed;
  }

  private static String text(Path list) throws BakeException, IOException {
    try {
      return Files.readString(list, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new RecipeException(
          list + " is not UTF-8",
          "write other than ASCII letters in UTF-8, or as escapes like the lines that findings name",
          e);
    }
  }

  private void show(Console console, Path file, Verification verification) {
    for (Finding finding : verification.findings()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("file", file.toString());
      fields.put("rule", finding.rule());
      fields.put("where", finding.where());
      fields.put("problem", finding.problem());
      fields.put("remedy", finding.remedy());
      String line = "%s %s: %s".formatted(finding.rule(), finding.where(), finding.problem());
      console.result(Table.printable(line), fields);
      console.heading("  remedy: " + Table.printable(finding.remedy()));
    }
    if (speech.isQuiet()) {
      return;
    }
    int count = verification.findings().size();
    String line = "%s: %s: %s".formatted(file, state(verification), verification.what());
    if (!verification.checked().isEmpty()) {
      line += ", " + String.join(", ", verification.checked());
    }
    if (!verification.unchecked().isEmpty()) {
      line += "; not checked: " + String.join("; ", verification.unchecked());
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", file.toString());
    fields.put("kind", verification.what());
    fields.put("findings", count);
    fields.put("checked", verification.checked());
    fields.put("unchecked", verification.unchecked());
    console.result(Table.printable(line), fields);
  }

  private static String state(Verification verification) {
    int count = verification.findings().size();
    if (count > 0) {
      return count + (count == 1 ? " finding" : " findings");
    }
    return verification.hindrance().isPresent() ? "undecided" : "sound";
  }

  private static void showRules(Console console) {
    for (Rule rule : Rule.values()) {
      show(console, rule.name(), rule.title(), rule.reason(), rule.remedy());
    }
    for (Check check : Check.values()) {
      show(console, check.name(), check.title(), check.reason(), check.remedy());
    }
  }

  private static void show(
      Console console, String rule, String title, String reason, String remedy) {
    console.result(
        "%s %s: %s".formatted(rule, title, reason),
        Map.of("rule", rule, "title", title, "reason", reason, "remedy", remedy));
  }
}
