package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.UsageException;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class MainTest {
  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.run(
        arguments,
        Map.of("HARDBAKE_CACHE", directory.resolve("cache").toString()),
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }

  private void assertSays(String problem, String remedy) {
    assertTrue(err.toString().contains("hardbake: " + problem), err::toString);
    assertTrue(err.toString().contains("  remedy: " + remedy), err::toString);
  }

  /** Commands by all their words, such as "cluster up"; picocli's own help is none of ours. */
  static Stream<String> commands() {
    return below(allCommands(), "");
  }

  private static Stream<String> below(CommandLine line, String words) {
    return line.getSubcommands().entrySet().stream()
        .filter(each -> !each.getKey().equals("help"))
        .flatMap(
            each -> {
              String command = words + each.getKey();
              return Stream.concat(Stream.of(command), below(each.getValue(), command + " "));
            });
  }

  private static CommandLine allCommands() {
    return Main.commandLine(Map.of(), new EnvironmentDefaults(Map.of()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpNamesEveryCommand(String command) {
    int last = command.lastIndexOf(' ') + 1;
    assertEquals(0, run((command.substring(0, last) + "--help").split(" ")));
    assertTrue(out.toString().contains("\n  " + command.substring(last) + " "), out::toString);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachCommandHasHelpAndVersionAndIsNamedInWhole(String command) {
    assertEquals(0, run((command + " --help").split(" ")), err::toString);
    assertTrue(out.toString().startsWith("Usage: hardbake " + command + " "), out::toString);
    out.getBuffer().setLength(0);
    assertEquals(0, run((command + " --version").split(" ")), err::toString);
    assertTrue(out.toString().matches("hardbake [0-9].*\\R"), out::toString);
    assertEquals(2, run((command + " --ofline").split(" ")));
    assertSays("", "see: hardbake " + command + " --help");
  }

  @Test
  void noCommandIsAMisuse() {
    assertEquals(2, run());
    assertSays("a command is missing", "see: hardbake --help");
  }

  @Test
  void anUnknownOptionIsAMisuse() {
    assertEquals(2, run("bake", "--ofline"));
    assertSays("Unknown option: '--ofline'", "see: hardbake bake --help");
  }

  @Test
  void noMessageWritesToATerminal() {
    assertEquals(2, run("bake", "--of\033[2Jline"));
    assertSays("Unknown option: '--of\\033[2Jline'", "see: hardbake bake --help");
    assertFalse(err.toString().contains("\033"), err::toString);
  }

  @Test
  void noThreadsIsAMisuse() {
    assertEquals(2, run("bake", "--jobs", "0"));
    assertSays("--jobs 0", "use --jobs 1");
  }

  @Test
  void anUnknownCompressionIsAMisuse() {
    assertEquals(2, run("bake", "--qcow2-compression", "xz"));
    assertSays("qcow2 has no compression xz", "choose zstd, or deflate");
  }

  @Test
  void anUnknownKubernetesSourceIsAMisuse() {
    assertEquals(2, run("bake", "--kubernetes", "magic"));
    assertTrue(err.toString().contains("debian-source"), err::toString);
  }

  @Test
  void aProjectWithoutRecipesIsNamed() {
    assertEquals(7, run("bake", "--project", directory.toString()));
    assertTrue(err.toString().contains(directory.resolve("images").toString()), err::toString);
  }

  @Test
  void machinesAreToldOfAFailureToo() {
    Path images = directory.resolve("images");
    assertEquals(7, run("bake", "--json", "--project", directory.toString()));
    assertSays("there is no directory " + images, "name the directory that has images/");
    String last = out.toString().lines().reduce("", (before, line) -> line);
    assertTrue(
        last.startsWith(
            "{\"event\":\"failure\",\"exit\":7,\"problem\":\"there is no directory " + images),
        last);
    assertTrue(last.contains("\"remedy\":\""), last);
  }

  @Test
  void aWrongRecipeIsNamedWithItsLine() throws Exception {
    Files.createDirectories(directory.resolve("templates"));
    Path recipe = Files.createDirectories(directory.resolve("images")).resolve("web.yaml");
    Files.writeString(recipe, "description: a web server\npakages: [nginx]\n");
    assertEquals(3, run("bake", "--project", directory.toString()));
    assertSays(recipe + ":2", "");
  }

  @Test
  void anUnknownArchitectureIsAMisuse() {
    assertEquals(2, run("plan", "--arch", "amd64,riscv64"));
    assertSays("Invalid value for option '--arch'", "see: hardbake plan --help");
    assertTrue(err.toString().contains("'riscv64' is neither amd64 nor arm64"), err::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://mirror.example/debian", "http://mirror.example/a b", "file:debian"})
  void aMirrorThatCannotBeFetchedIsAMisuse(String mirror) {
    for (String option : List.of("--mirror", "--kubernetes-mirror")) {
      err.getBuffer().setLength(0);
      assertEquals(2, run("plan", option, mirror));
      assertSays("a mirror is neither a directory nor a URL", "name an existing directory");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--keep, -1, use --keep 0",
    "--keep, 99999999999999, use --keep 4096",
    "--days, -5, use --days 0"
  })
  void nothingIsPrunedByMistake(String option, String value, String remedy) throws Exception {
    Path kept = Files.createDirectories(directory.resolve("cache/sha256/00")).resolve("0");
    Files.writeString(kept, "");
    assertEquals(2, run("cache", "prune", option, value));
    assertSays(option + " " + value, remedy);
    assertTrue(Files.exists(kept));
  }

  @Test
  void anUnknownRoleIsNamed() {
    assertEquals(2, run("bake", "--project", "", "controler"));
    assertTrue(err.toString().contains("controller"), err::toString);
  }

  @Test
  void aMissingImageIsNamedWithTheCommandThatMakesIt() {
    assertEquals(2, run("load", "--output", directory.toString(), "--arch", "amd64", "controller"));
    assertSays(
        "there is no " + directory.resolve("images/controller-amd64.oci.tar"),
        "bake it with: hardbake bake controller");
  }

  @Test
  void aMissingImageIsComparedToThoseThatAreThere() throws Exception {
    Path images = Files.createDirectories(directory.resolve("images"));
    for (String name : List.of("web-amd64.oci.tar", "web-arm64.oci.tar", "base-amd64.oci.tar")) {
      Files.writeString(images.resolve(name), "");
    }
    assertEquals(2, run("load", "--output", directory.toString(), "--arch", "amd64", "wep"));
    assertSays("there is no " + images.resolve("wep-amd64.oci.tar"), "bake it with: ");
    assertTrue(err.toString().contains("\n          there are: base, web\n"), err::toString);
    assertEquals(2, run("load", "wep.oci.tar"));
    assertSays("there is no wep.oci.tar", "name an archive that a bake left, or a role");
  }

  @Test
  void resultsThatDoNotComeOutAreMissedUnlessTheReaderLeft() {
    Failure failure = outputThatFailsBy("No space left on device").failure().orElseThrow();
    assertEquals(7, failure.exitCode());
    assertEquals("cannot write to standard output: No space left on device", failure.problem());
    assertTrue(outputThatFailsBy("Broken pipe").failure().isEmpty());
  }

  @Test
  void whoseReaderLeftIsInterruptedOnce() {
    BrokenPipe whole = new BrokenPipe(new PrintWriter(out, true));
    whole.look();
    assertFalse(Thread.interrupted() || whole.isFound());
    PrintWriter unread =
        new PrintWriter(outputThatFailsBy("Broken pipe"), true, StandardCharsets.UTF_8);
    unread.println("a line");
    BrokenPipe broken = new BrokenPipe(unread);
    broken.look();
    assertTrue(Thread.interrupted() && broken.isFound());
    broken.look();
    assertFalse(Thread.interrupted());
  }

  private static StandardOutput outputThatFailsBy(String problem) {
    StandardOutput output =
        new StandardOutput(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException(problem);
              }
            });
    new PrintWriter(output, true, StandardCharsets.UTF_8).println("a result");
    return output;
  }

  @Test
  void whatMayNotBeReadIsNotCalledUnwritable() {
    Failure failure = failure(new AccessDeniedException("images/base.yaml"), "bake");
    assertEquals(7, failure.exitCode());
    assertEquals("no right to read or write: images/base.yaml", failure.problem());
    assertTrue(failure.remedy().startsWith("run as its owner"), failure::remedy);
  }

  private static Failure failure(Throwable e, String command) {
    CommandLine line = allCommands();
    for (String word : command.split(" ", -1)) {
      line = Objects.requireNonNull(line.getSubcommands().get(word), command);
    }
    return Failure.of(e, line.getCommandSpec());
  }

  @ParameterizedTest
  @CsvSource({
    "bake, '--output for results, HARDBAKE_CACHE for the store'",
    "lock, '--project for recipes and lock, HARDBAKE_CACHE for the store'",
    "plan, HARDBAKE_CACHE for the store",
    "mirror, '--out for results, HARDBAKE_CACHE for the store'",
    "cache prune, HARDBAKE_CACHE for the store",
    "seed, --out for results",
    "credentials, --out for results",
    "cluster up, --directory for the credentials",
    "cluster down, --directory for the credentials",
    "load, HARDBAKE_JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY for temporary files",
    "push, HARDBAKE_JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY for temporary files",
    "inspect, HARDBAKE_JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY for temporary files",
  })
  void noRemedyNamesAPlaceWhereTheCommandDoesNotWrite(String command, String place) {
    for (IOException e :
        List.of(
            new AccessDeniedException("x"),
            new NotDirectoryException("x"),
            new IOException("No space left on device"),
            new IOException("File too large"))) {
      Failure failure = failure(e, command);
      assertEquals(7, failure.exitCode());
      String remedy = failure.remedy().replaceFirst("; then run the command again$", "");
      assertTrue(remedy.endsWith(": " + place), failure::remedy);
    }
  }

  @Test
  void whoPressesCtrlCIsToldOfNoBug() {
    assertEquals(130, failure(new InterruptedIOException(), "verify").exitCode());
    assertEquals(130, failure(new ClosedByInterruptException(), "verify").exitCode());
    assertEquals(1, failure(new SocketTimeoutException(), "verify").exitCode());
  }

  @Test
  void aDiskThatFailsIsNoBug() {
    Failure failure = failure(new IOException("Input/output error"), "bake");
    assertEquals(7, failure.exitCode());
    assertTrue(failure.remedy().contains("dmesg"), failure::remedy);
  }

  @Test
  void aLimitOnFilesIsNamed() {
    Failure failure = failure(new FileSystemException("target/x", null, "File too large"), "bake");
    assertTrue(failure.remedy().contains("ulimit -f"), failure::remedy);
    assertEquals(7, failure.exitCode());
  }

  @Test
  void aPathThatTheLocaleCannotNameIsNoBugAndNoMisuse() {
    assertEquals(7, run("plan", "--project", "a\0b"));
    assertSays("the name cannot be used for a file in this locale: a", "run hardbake in a UTF-8");
  }

  @Test
  void tooLittleMemoryIsTheHosts() {
    Failure failure = failure(new OutOfMemoryError("Java heap space"), "bake");
    assertEquals(7, failure.exitCode());
    assertTrue(failure.remedy().contains("HARDBAKE_JAVA_OPTS=-Xmx1g"), failure::remedy);
    assertEquals(7, failure(new IllegalStateException(new OutOfMemoryError()), "bake").exitCode());
  }

  @Test
  void anErrorIsABugThatIsToldAsAllOthersAre() {
    StringWriter told = new StringWriter();
    Writer broken =
        new FilterWriter(told) {
          private boolean thrown;

          @Override
          public void write(String text, int start, int length) throws IOException {
            if (!thrown) {
              thrown = true;
              throw new StackOverflowError();
            }
            super.write(text, start, length);
          }
        };
    Map<String, String> environment =
        Map.of("HARDBAKE_CACHE", directory.resolve("cache").toString());
    int code =
        Main.run(
            new String[] {"seed", "--node", "lb", "--out", directory + "/seed.img", "--json"},
            environment,
            new PrintWriter(broken, true),
            new PrintWriter(err, true));
    assertEquals(1, code);
    assertSays("this is a bug: java.lang.StackOverflowError", "please report it");
    assertTrue(told.toString().contains("\"event\":\"failure\",\"exit\":1,"), told::toString);
  }

  @Test
  void aSnapshotArchiveThatIsNoAddressIsAMisuse() throws Exception {
    Files.createDirectories(directory.resolve("templates"));
    Path images = Files.createDirectories(directory.resolve("images"));
    Files.writeString(
        images.resolve("web.yaml"),
        """
        description: a web server
        debian: {suite: bookworm}
        packages: [nginx]
        kubernetes: {version: v1.18.6}
        container: {command: [/sbin/init], stopSignal: SIGRTMIN+3}
        """);
    for (String address : List.of("https://snap.example/a|b/", "https://snap.example/a b/", "x/")) {
      Map<String, String> environment =
          Map.of(
              "HARDBAKE_CACHE",
              directory.resolve("cache").toString(),
              "HARDBAKE_SNAPSHOTS",
              address);
      PrintWriter writer = new PrintWriter(err, true);
      String[] arguments = {"plan", "--offline", "--project", directory.toString()};
      assertEquals(2, Main.run(arguments, environment, writer, writer), err::toString);
      assertSays("HARDBAKE_SNAPSHOTS is no address of a directory: " + address, "write one that");
    }
  }

  @Test
  void aMissingImageOfAnotherPlaceOrArchitectureIsBakedThere() {
    String place = directory.resolve("a place").toString();
    assertEquals(2, run("load", "--output", place, "--arch", "arm64", "controller"));
    assertSays(
        "there is no ",
        ("bake it with: hardbake bake controller --arch arm64 --output '%1$s', or all with:"
                + " hardbake bake --arch arm64 --output '%1$s'")
            .formatted(place));
    assertEquals(2, run("load", "--output", place, "--arch", "arm64"));
    assertSays(
        "no image for arm64 in ",
        "bake some with: hardbake bake --arch arm64 --output '%s'".formatted(place));
    assertEquals(
        "bake it with: hardbake bake no-role --arch arm64, or all with: hardbake bake --arch arm64",
        remedyOn("aarch64"));
    String here = "bake it with: hardbake bake no-role, or all with: make images";
    assertEquals(here, remedyOn("amd64"));
    assertEquals(here, remedyOn("riscv64"));
  }

  /** What somebody on such a machine is told who wants an image that nobody baked. */
  private static String remedyOn(String machine) {
    ImageArchives archives = new ImageArchives(machine);
    String remedy = assertThrows(UsageException.class, () -> archives.find("no-role")).remedy();
    return remedy.lines().findFirst().orElseThrow(); // roles that are baked may follow
  }

  @Test
  void cacheWantsToKnowWhat() {
    assertEquals(2, run("cache"));
    assertSays("size, prune or verify is missing", "see: hardbake cache --help");
  }
}
