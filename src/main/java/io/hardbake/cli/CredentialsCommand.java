package io.hardbake.cli;

import io.hardbake.credentials.AlternativeName;
import io.hardbake.credentials.CredentialFile;
import io.hardbake.credentials.CredentialRequest;
import io.hardbake.credentials.Credentials;
import io.hardbake.credentials.Inventory;
import io.hardbake.credentials.KeyKind;
import io.hardbake.credentials.Member;
import io.hardbake.credentials.Renewal;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code hardbake credentials}: the CA, certificates, kubeconfigs and encryption key. */
@Command(
    name = "credentials",
    description = {
      "Makes a cluster's credentials: CA, certificates, kubeconfigs and encryption key.",
      "Nothing that is there is overwritten without --force."
    },
    footer = {
      "",
      "--show ends with 5 when something is missing, damaged, expired or does not fit together,",
      "and with 0 when something only expires within 30 days: then it warns."
    })
final class CredentialsCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where the files are (default: target/credentials in the project)")
  private Path out = Path.of(System.getProperty("hardbake.home", "."), "target", "credentials");

  @Option(
      names = "--controller",
      paramLabel = "NAME[=ADDRESS,...]",
      description =
          "a controller, and its addresses where they are known; one option each (default:"
              + " controller-0, controller-1, controller-2)")
  private List<String> controllers = new ArrayList<>();

  @Option(
      names = "--load-balancer",
      paramLabel = "NAME[=ADDRESS,...]",
      description =
          "the load balancer; remote.kubeconfig calls its first address, else its name (default:"
              + " loadbalancer)")
  private @Nullable String loadBalancer;

  @Option(
      names = "--san",
      paramLabel = "NAME|ADDRESS",
      description = "one more name or address under which the API may be called; repeatable")
  private List<String> extraNames = new ArrayList<>();

  @Option(
      names = "--key",
      paramLabel = "KIND",
      description = "kind of the keys: rsa (2048 bits) or ec (P-256) (default: rsa)")
  private @Nullable KeyKind key;

  @Option(
      names = "--days",
      paramLabel = "N",
      description =
          "how long the certificates last, but for the CA's, which lasts ten years (default: 365)")
  private @Nullable Integer days;

  @Option(
      names = "--force",
      description = "replace what is there, the CA included; machines need all files anew then",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean force;

  @Option(
      names = "--renew",
      description =
          "issue new certificates and keys from the same CA, for the names that kubernetes.pem has"
              + " and those given; the service-account key and the encryption key stay",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean renew;

  @Option(
      names = "--show",
      description = "show the certificates, and check that all is there, in time and fits",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean show;

  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  CredentialsCommand() {}

  @Override
  public Integer call() throws BakeException, IOException {
    preferTyped();
    refuseContradictions();
    try (Console console = speech.console(Objects.requireNonNull(spec))) {
      Credentials credentials = Credentials.ofThisMachine();
      if (show) {
        show(console, credentials.inspect(out));
      } else if (renew) {
        renew(console, credentials);
      } else {
        make(console, credentials);
      }
    }
    return 0;
  }

  /**
   * Where the command line has one of the three that say what is to be done, the environment's word
   * for another one does not count.
   */
  private void preferTyped() {
    boolean typedShow = show && isTyped("--show");
    boolean typedRenew = renew && isTyped("--renew");
    boolean typedForce = force && isTyped("--force");
    if (typedShow || typedRenew || typedForce) {
      show = typedShow;
      renew = typedRenew;
      force = typedForce;
    }
  }

  /** Whether one of the options is on the command line; a value may be the environment's. */
  private boolean isTyped(String... options) {
    ParseResult parsed = Objects.requireNonNull(spec).commandLine().getParseResult();
    return Stream.of(options).anyMatch(parsed::hasMatchedOption);
  }

  /** The environment speaks of all calls alike, and contradicts none that has no use for it. */
  private void refuseContradictions() throws UsageException {
    boolean others = isTyped("--controller", "--load-balancer", "--san", "--key", "--days");
    if (show && (renew || force || others)) {
      throw new UsageException(
          "--show only looks, and takes no other option than --out", "leave the others out");
    }
    if (renew && force) {
      throw new UsageException(
          "--renew keeps the CA and --force replaces it",
          "use --renew for new certificates, or --force for a new cluster");
    }
    if (renew && isTyped("--key")) {
      throw new UsageException(
          "--renew keeps the kind of the keys", "leave --key out, or make all anew with --force");
    }
  }

  private void make(Console console, Credentials credentials) throws BakeException, IOException {
    CredentialRequest request =
        new CredentialRequest(
            controllers.isEmpty() ? CredentialRequest.DEFAULT_CONTROLLERS : members(),
            loadBalancer == null
                ? CredentialRequest.DEFAULT_LOAD_BALANCER
                : Member.parse(loadBalancer),
            names(),
            key == null ? KeyKind.RSA : key,
            validity());
    Inventory made = force ? credentials.replace(out, request) : credentials.make(out, request);
    console.note("a controller needs: " + String.join(" ", controllerFiles()));
    report(console, "made", made);
  }

  private void renew(Console console, Credentials credentials) throws BakeException, IOException {
    List<AlternativeName> added = new ArrayList<>();
    for (Member member : members()) {
      added.addAll(member.names());
    }
    added.addAll(names());
    Optional<Member> balancer =
        loadBalancer == null ? Optional.empty() : Optional.of(Member.parse(loadBalancer));
    Inventory renewed = credentials.renew(out, new Renewal(added, balancer, validity()));
    if (days != null
        && end(renewed).isBefore(Instant.now().plus(validity()).minus(Duration.ofHours(1)))) {
      console.warn(
          "the certificates end with the CA on " + end(renewed) + ", before " + days + " days",
          "before that day, make a new CA and all certificates with --force");
    }
    console.note(
        "a controller needs the new files, and its services a restart: "
            + String.join(" ", controllerFiles()));
    report(console, "renewed", renewed);
  }

  private List<Member> members() throws UsageException {
    List<Member> members = new ArrayList<>();
    for (String controller : controllers) {
      members.add(Member.parse(controller));
    }
    return members;
  }

  private List<AlternativeName> names() throws UsageException {
    List<AlternativeName> names = new ArrayList<>();
    for (String name : extraNames) {
      names.add(AlternativeName.parse(name));
    }
    return names;
  }

  private Duration validity() {
    return days == null ? CredentialRequest.DEFAULT_LEAF_VALIDITY : Duration.ofDays(days);
  }

  private static List<String> controllerFiles() {
    return CredentialFile.onController().stream().map(CredentialFile::fileName).toList();
  }

  /** When the first certificate ends. */
  private static Instant end(Inventory inventory) {
    return inventory.certificates().stream()
        .map(Inventory.Certificate::notAfter)
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private void report(Console console, String verb, Inventory inventory) throws IntegrityException {
    judge(inventory);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("done", verb);
    fields.put("directory", out.toString());
    fields.put("files", Stream.of(CredentialFile.values()).map(CredentialFile::fileName).toList());
    fields.put("controllerFiles", controllerFiles());
    fields.put("expires", end(inventory).toString());
    console.result(
        "%s %d files in %s, good until %s"
            .formatted(verb, CredentialFile.values().length, out, end(inventory)),
        fields);
  }

  private void show(Console console, Inventory inventory) throws IntegrityException {
    Instant now = Instant.now();
    for (Inventory.Certificate certificate : inventory.certificates()) {
      console.result(text(certificate, now), fields(certificate, now));
    }
    int wrong = inventory.problems().size();
    console.result(
        wrong == 0 ? "all files are there, in time, and fit together" : wrong + " found wrong",
        Map.of(
            "sound",
            inventory.isSound(),
            "problems",
            inventory.problems().stream().map(Inventory.Finding::problem).toList()));
    for (Inventory.Finding warning : inventory.warnings()) {
      console.warn(warning.problem(), warning.remedy());
    }
    judge(inventory);
  }

  private static String text(Inventory.Certificate certificate, Instant now) {
    StringBuilder text = new StringBuilder(certificate.file());
    text.append("\n  subject  ").append(certificate.subject());
    text.append("\n  issuer   ").append(certificate.issuer());
    if (!certificate.names().isEmpty()) {
      text.append("\n  names    ").append(String.join(", ", names(certificate)));
    }
    text.append("\n  key      ").append(certificate.key());
    long left = certificate.daysLeft(now);
    text.append("\n  expires  ").append(certificate.notAfter());
    return text.append(left < 0 ? " (expired)" : " (%d days left)".formatted(left)).toString();
  }

  private static Map<String, Object> fields(Inventory.Certificate certificate, Instant now) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", certificate.file());
    fields.put("subject", certificate.subject());
    fields.put("issuer", certificate.issuer());
    fields.put("names", names(certificate));
    fields.put("key", certificate.key());
    fields.put("notBefore", certificate.notBefore().toString());
    fields.put("notAfter", certificate.notAfter().toString());
    fields.put("daysLeft", certificate.daysLeft(now));
    return fields;
  }

  private static List<String> names(Inventory.Certificate certificate) {
    return certificate.names().stream().map(AlternativeName::text).toList();
  }

  /** Fails for what cannot be used. */
  private void judge(Inventory inventory) throws IntegrityException {
    if (!inventory.isSound()) {
      throw new IntegrityException(
          "the credentials in %s cannot be used:%s"
              .formatted(
                  out,
                  inventory.problems().stream()
                      .map(finding -> "\n  " + finding.problem())
                      .collect(Collectors.joining())),
          inventory.problems().stream()
              .map(Inventory.Finding::remedy)
              .distinct()
              .collect(Collectors.joining("\n")));
    }
  }
}
