package io.hardbake.debian.resolve;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.debian.ArchiveSettings;
import io.hardbake.debian.BinaryPackage;
import io.hardbake.debian.HostArchive;
import io.hardbake.debian.PackageIndex;
import io.hardbake.debian.Suite;
import io.hardbake.failure.UnresolvableException;
import io.hardbake.fetch.FetchSettings;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.Store;
import io.hardbake.image.Architecture;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random requests against apt itself, which has an empty system and the same suites of the same
 * mirrors; the essential packages are part of each request to it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResolverIT {
  private static final int REQUESTS = 300;
  private static final int MOST_DISAGREEMENTS = REQUESTS / 100;
  private static final Pattern FETCHED =
      Pattern.compile("^'[^']+' ([^_]+)_([^_]+)_[^_]+\\.deb ", Pattern.MULTILINE);

  private PackageIndex index;
  private Path aptConfiguration;

  @BeforeAll
  void readTheArchive(@TempDir Path directory) throws Exception {
    Oracle.require("apt-get");
    Fetcher fetcher =
        Fetcher.of(
            Store.open(directory.resolve("store")),
            Progress.silent(),
            FetchSettings.of(System.getenv()));
    index = HostArchive.open(Architecture.AMD64, fetcher).binaries();
    aptConfiguration = aptRoot(directory.resolve("apt"), HostArchive.settings(Architecture.AMD64));
    apt(List.of("update")).succeeded();
  }

  /** An apt of its own, with nothing installed. */
  private Path aptRoot(Path root, ArchiveSettings settings) throws IOException {
    for (String needed :
        List.of(
            "etc/apt/apt.conf.d",
            "etc/apt/preferences.d",
            "etc/apt/sources.list.d",
            "etc/apt/trusted.gpg.d",
            "var/lib/apt/lists/partial",
            "var/cache/apt/archives/partial",
            "var/lib/dpkg")) {
      Files.createDirectories(root.resolve(needed));
    }
    Files.createFile(root.resolve("var/lib/dpkg/status"));
    StringBuilder sources = new StringBuilder();
    for (Suite suite : settings.suites()) {
      sources.append(
          "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n"
              .formatted(suite.mirrors().get(0), suite.codename()));
    }
    Files.writeString(root.resolve("etc/apt/sources.list"), sources);
    return Files.writeString(
        root.resolve("apt.conf"),
        """
        Dir "%1$s/";
        Dir::State::status "%1$s/var/lib/dpkg/status";
        APT::Architecture "amd64";
        APT::Architectures "amd64";
        APT::Sandbox::User "root";
        Acquire::Languages "none";
        """
            .formatted(root));
  }

  private Oracle.Result apt(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("apt-get", "-q"));
    command.addAll(arguments);
    return Oracle.run(
        command, Duration.ofMinutes(10), Map.of("APT_CONFIG", aptConfiguration.toString()));
  }

  /**
   * {@code name=version} of all that apt would install, which is all that it would fetch; empty
   * when it refuses. To simulate the installation, too, would take it three times as long.
   */
  private SortedSet<String> apts(List<String> request) {
    List<String> arguments =
        new ArrayList<>(List.of("-y", "--print-uris", "install", "--no-install-recommends"));
    index.essential().stream().map(BinaryPackage::name).forEach(arguments::add);
    arguments.addAll(request);
    Oracle.Result result = apt(arguments);
    SortedSet<String> installed = new TreeSet<>();
    if (result.exitCode() == 0) {
      for (Matcher line = FETCHED.matcher(result.stdout()); line.find(); ) {
        installed.add(line.group(1) + "=" + line.group(2).replace("%3a", ":")); // an epoch's
      }
    }
    return installed;
  }

  /** Likewise ours. */
  private SortedSet<String> ours(List<String> request) {
    try {
      return Resolver.resolve(index, request).packages().stream()
          .map(BinaryPackage::toString)
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (UnresolvableException e) {
      assertFalse(e.toString().lines().count() < 2, e.toString());
      return new TreeSet<>();
    }
  }

  private List<List<String>> requests(long seed) {
    Random random = new Random(seed);
    List<String> names = new ArrayList<>(index.names());
    List<List<String>> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      List<String> request = new ArrayList<>();
      for (int n = random.nextInt(6); n >= 0; n--) {
        request.add(names.get(random.nextInt(names.size())));
      }
      requests.add(request);
    }
    return requests;
  }

  @Test
  void agreesWithApt() throws Exception {
    List<List<String>> requests = requests(1234);
    List<Callable<SortedSet<String>>> asked = new ArrayList<>();
    requests.forEach(request -> asked.add(() -> apts(request)));
    ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    List<String> disagreements = new ArrayList<>();
    int refusals = 0;
    try {
      List<Future<SortedSet<String>>> answers = pool.invokeAll(asked);
      for (int i = 0; i < requests.size(); i++) {
        SortedSet<String> apts = answers.get(i).get();
        SortedSet<String> ours = ours(requests.get(i));
        refusals += apts.isEmpty() ? 1 : 0;
        if (!ours.equals(apts)) {
          disagreements.add(explain(requests.get(i), apts, ours));
        }
      }
    } finally {
      pool.shutdownNow();
    }
    String summary =
        "%d requests, %d refused by apt, %d disagreements%s"
            .formatted(
                REQUESTS,
                refusals,
                disagreements.size(),
                disagreements.stream().map(d -> "\n" + d).collect(Collectors.joining()));
    System.out.println(summary);
    assertTrue(refusals < REQUESTS / 2, summary);
    assertTrue(disagreements.size() <= MOST_DISAGREEMENTS, summary);
  }

  private static String explain(
      List<String> request, SortedSet<String> apts, SortedSet<String> ours) {
    SortedSet<String> onlyApt = new TreeSet<>(apts);
    onlyApt.removeAll(ours);
    SortedSet<String> onlyOurs = new TreeSet<>(ours);
    onlyOurs.removeAll(apts);
    String kind =
        apts.isEmpty()
            ? "apt refuses, we find an answer"
            : ours.isEmpty() ? "apt finds an answer, we refuse" : "another alternative is taken";
    return "%s: %s; only apt: %s; only ours: %s".formatted(request, kind, onlyApt, onlyOurs);
  }

  /** What is needed to start: without essentials the answers differ, and that is seen. */
  @Test
  void aDifferentAnswerWouldBeSeen() {
    SortedSet<String> apts = apts(List.of("nginx"));
    assertTrue(apts.size() > 30, "apt installs " + apts);
    assertNotEquals(apts, ours(List.of("nginx-light")));
    assertTrue(ours(List.of("nginx")).equals(apts));
  }
}
