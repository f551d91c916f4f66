package io.hardbake;

import io.hardbake.io.Sha256;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where a bake runs: hardbake and a project, copied into a directory of their own, run as on this
 * machine but for what is {@linkplain Dimension varied}.
 */
public final class Surroundings {
  /** What differs between machines, and must not show in what is baked. */
  public enum Dimension {
    /** Of hardbake, of the project, of the store and of the output; with a space and an accent. */
    DIRECTORY,
    /** Nobody instead of root. */
    USER,
    UMASK,
    TIME_ZONE,
    /** Turkish letters and Thai digits, and an encoding of one byte. */
    LOCALE,
    /** Years ahead, by libfaketime. */
    CLOCK,
    /** 25 instead of the one that runs the tests. */
    JDK,
    /** One that may be used, of all. */
    CORES,
    /** {@code --jobs}. */
    JOBS,
    /** In which directories list their files: that of a tmpfs, newest first. */
    FILE_ORDER
  }

  private static final String NOBODY = "65534";
  private static final Path HERE = Path.of("").toAbsolutePath();

  private final Path home;
  private final Path project;
  private final Set<Dimension> varied;

  private Surroundings(Path home, Path project, Set<Dimension> varied) {
    this.home = home;
    this.project = project;
    this.varied = varied;
  }

  /**
   * Makes them.
   *
   * @param directory an empty one, on a disk
   * @param memory an empty one in a tmpfs
   * @param original the project, whose {@code images} and {@code templates} are copied
   */
  static Surroundings in(Path directory, Path memory, Path original, Set<Dimension> varied)
      throws IOException {
    String name = varied.contains(Dimension.DIRECTORY) ? "une autre pl\u00e2ce" : "here";
    Path home = Files.createDirectories(directory.resolve(name));
    Files.createDirectories(home.resolve("target"));
    Oracle.run("cp", HERE + "/hardbake", home.toString()).succeeded();
    Oracle.run("cp", "-r", HERE + "/target/hardbake.jar", HERE + "/target/lib", home + "/target")
        .succeeded();
    Path project = home.resolve("project");
    copyProject(original, project);
    if (varied.contains(Dimension.FILE_ORDER)) {
      // From the copy, so that the listing is backwards wherever that lies.
      Path other = memory.resolve(name);
      copyProject(project, other);
      project = other;
    }
    Surroundings made = new Surroundings(home, project, Set.copyOf(varied));
    made.prepare();
    return made;
  }

  private static void copyProject(Path from, Path to) throws IOException {
    for (String part : new String[] {"images", "templates"}) {
      copy(from.resolve(part), to.resolve(part));
    }
  }

  /** One file after the other, in the order of the listing: a tmpfs then lists them backwards. */
  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : listing(from)) {
      if (Files.isDirectory(file)) {
        copy(file, to.resolve(file.getFileName().toString()));
      } else {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  private static List<Path> listing(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private void prepare() throws IOException {
    Path probe = home.resolve("probe/io/hardbake/SurroundingsProbe.class");
    Files.createDirectories(probe.getParent());
    try (var in = Surroundings.class.getResourceAsStream("SurroundingsProbe.class")) {
      Files.write(probe, Objects.requireNonNull(in).readAllBytes());
    }
    Files.createDirectories(store());
    Files.createDirectories(output());
  }

  public Path project() {
    return project;
  }

  /** Where the store of this bake has to be. */
  public Path store() {
    return home.resolve("store");
  }

  public Path output() {
    return home.resolve("output");
  }

  /** Gives directories to the user who bakes; files, which may be links to others', stay. */
  private void handOver() {
    if (varied.contains(Dimension.USER)) {
      forDirectories(List.of(home, project), "chmod", "a+rx");
      forDirectories(
          List.of(store(), output(), home.resolve("probe")), "chown", NOBODY + ":" + NOBODY);
    }
  }

  private static void forDirectories(List<Path> paths, String program, String argument) {
    List<String> command = new ArrayList<>(List.of("find"));
    paths.forEach(path -> command.add(path.toString()));
    command.addAll(List.of("-type", "d", "-exec", program, argument, "{}", "+"));
    Oracle.run(command).succeeded();
  }

  /** Bakes what the store has the inputs of. */
  public Oracle.Result bake(String... arguments) {
    handOver();
    List<String> words = new ArrayList<>(List.of(home.resolve("hardbake").toString(), "bake"));
    words.addAll(List.of("--offline", "--locked", "--quiet", "--project", project.toString()));
    words.addAll(List.of("--output", output().toString()));
    if (varied.contains(Dimension.JOBS)) {
      words.addAll(List.of("--jobs", "7"));
    }
    words.addAll(List.of(arguments));
    return run(words);
  }

  /** Every file that was written, by its path; but the report, which has the seconds in it. */
  public NavigableMap<String, Sha256> outputs() throws IOException {
    NavigableMap<String, Sha256> outputs = new TreeMap<>();
    try (Stream<Path> files = Files.walk(output())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        outputs.put(output().relativize(file).toString(), Sha256.of(file));
      }
    }
    outputs.remove("bake.json");
    return outputs;
  }

  /** What a process sees of each dimension here, but for {@code --jobs}, which is an argument. */
  public SortedMap<String, String> seen() throws IOException {
    handOver();
    List<String> words = new ArrayList<>(List.of(javaHome() + "/bin/java"));
    words.addAll(javaOptions());
    words.addAll(List.of("-cp", home.resolve("probe").toString()));
    words.add("io.hardbake.SurroundingsProbe");
    words.addAll(List.of(project.toString(), home.resolve("probe").toString()));
    Properties properties = new Properties();
    properties.load(new StringReader(run(words).succeeded().stdout()));
    SortedMap<String, String> seen = new TreeMap<>();
    properties.stringPropertyNames().forEach(n -> seen.put(n, properties.getProperty(n)));
    return seen;
  }

  private Oracle.Result run(List<String> words) {
    List<String> command = new ArrayList<>();
    if (varied.contains(Dimension.USER)) {
      Oracle.requireRoot();
      command.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
    }
    if (varied.contains(Dimension.CORES)) {
      command.addAll(List.of("taskset", "-c", "0"));
    }
    if (varied.contains(Dimension.CLOCK)) {
      Oracle.require("faketime");
      command.addAll(List.of("faketime", "-f", "+1800d"));
    }
    String umask = varied.contains(Dimension.UMASK) ? "077" : "022";
    command.addAll(List.of("sh", "-c", "umask " + umask + "; cd \"$0\" && exec \"$@\""));
    command.add(home.toString());
    command.addAll(words);
    return Oracle.run(command, Duration.ofMinutes(10), environment());
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put("HARDBAKE_CACHE", store().toString());
    environment.put("HARDBAKE_JAVA_OPTS", String.join(" ", javaOptions()));
    environment.put("JAVA_HOME", javaHome());
    environment.put("TZ", varied.contains(Dimension.TIME_ZONE) ? "Pacific/Kiritimati" : "UTC");
    // Waiting is by the monotonic clock, which stays true; the files of the store keep their times.
    environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    environment.put("NO_FAKE_STAT", "1");
    return environment;
  }

  private List<String> javaOptions() {
    return varied.contains(Dimension.LOCALE)
        ? List.of(
            "-Duser.language=tr",
            "-Duser.country=TR",
            "-Duser.extensions=u-nu-thai",
            "-Dfile.encoding=ISO-8859-9")
        : List.of();
  }

  private String javaHome() {
    return varied.contains(Dimension.JDK) ? jdk25() : System.getProperty("java.home", "");
  }

  private static String jdk25() {
    try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
      for (Path home : homes.sorted().toList()) {
        Path release = home.resolve("release");
        if (Files.isExecutable(home.resolve("bin/java"))
            && Files.isReadable(release)
            && Files.readString(release, StandardCharsets.UTF_8).contains("JAVA_VERSION=\"25")) {
          return home.toString();
        }
      }
    } catch (IOException e) {
      // Treated as none.
    }
    Oracle.require(false, "no JDK 25 in /usr/lib/jvm: install one there, Debian's or Temurin's");
    throw new IllegalStateException("required above");
  }
}
