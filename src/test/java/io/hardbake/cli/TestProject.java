package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.debian.TestArchive;
import io.hardbake.debian.unpack.DebBuilder;
import io.hardbake.debian.unpack.TarBuilder;
import io.hardbake.fetch.LyingMirror;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import io.hardbake.io.Sha512;
import io.hardbake.kubernetes.Fakes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A project of two roles on a base, with an archive, a Kubernetes release and a cache of its own,
 * run as from the command line. It reaches nothing beyond loopback.
 */
final class TestProject implements AutoCloseable {
  static final String DEB = "pool/main/web/web_1.0_amd64.deb";

  private final Path directory;
  private final TestArchive archive;
  private final Wall wall;
  private final LyingMirror snapshots;
  private String base = "";
  private Instant published = Instant.now().minusSeconds(3600);

  private TestProject(Path directory, TestArchive archive, Wall wall, LyingMirror snapshots) {
    this.directory = directory;
    this.archive = archive;
    this.wall = wall;
    this.snapshots = snapshots;
  }

  /** Makes one in an empty directory, of images alone. */
  static TestProject in(Path directory) throws Exception {
    TestProject project = of(directory);
    project.recipe("base", project.base);
    return project;
  }

  /** One whose roles have machines too, so that a bake writes files of every format. */
  static TestProject withMachines(Path directory) throws Exception {
    TestProject project = of(directory);
    TestMachine.addTo(project.archive);
    project.publish();
    project.recipe("base", project.base + TestMachine.IN_BASE);
    project.recipe("machine", TestMachine.MACHINE);
    project.recipe("box", TestMachine.BOX);
    return project;
  }

  private static TestProject of(Path directory) throws Exception {
    TestProject project =
        new TestProject(directory, new TestArchive("bookworm"), new Wall(), new LyingMirror());
    project.snapshots.serve("/snapshots/", LyingMirror.status(404));
    project.addPackages();
    project.publish();
    Files.write(directory.resolve("keyring.pgp"), project.archive.key().certificate());
    project.writeRecipes(project.writeRelease());
    return project;
  }

  private void addPackages() throws IOException {
    archive.add(
        "Package: base-files\nVersion: 1\nEssential: yes\n", Map.of("/etc/debian_version", "12\n"));
    archive.add("Package: libshared\nVersion: 1.0\n", Map.of("/usr/lib/libshared", "shared"));
    archive.add(
        "Package: web\nVersion: 1.0\nDepends: libshared\nInstalled-Size: 2048\n",
        Map.of("/usr/bin/web", "web 1.0", "/etc/web.conf", "port 80\n"));
    archive.add("Package: balancer\nVersion: 1.0\n", Map.of("/usr/bin/balancer", "balancer"));
  }

  /** The digest of a server tarball that stands in the layout of the release host. */
  private Sha512 writeRelease() throws IOException {
    byte[] tarball = Fakes.tarball(Fakes.binaries(Architecture.AMD64));
    Path version = Files.createDirectories(directory.resolve("release/v1.18.6"));
    Files.write(version.resolve("kubernetes-server-linux-amd64.tar.gz"), tarball);
    return Sha512.of(tarball);
  }

  private void writeRecipes(Sha512 kubernetes) throws IOException {
    Files.createDirectories(root().resolve("templates"));
    Files.createDirectories(root().resolve("images"));
    base =
        """
        description: what both have
        abstract: true
        debian: {suite: bookworm}
        kubernetes:
          version: v1.18.6
          sha512: {amd64: %s}
        packages: [libshared]
        container: {command: [/sbin/init], stopSignal: SIGRTMIN+3}
        """
            .formatted(kubernetes);
    recipe(
        "controller",
        """
        from: base
        description: serves
        kubernetes: {binaries: [kube-apiserver, kubectl]}
        packages:
          - web
        """);
    recipe("loadbalancer", "from: base\ndescription: balances\npackages: [balancer]\n");
  }

  /** Writes a recipe, in the place of the one that had the name. */
  Path recipe(String name, String text) throws IOException {
    return Files.writeString(root().resolve("images").resolve(name + ".yaml"), text);
  }

  /** Writes a template, in the place of the one that had the name. */
  Path template(String name, String text) throws IOException {
    return Files.writeString(root().resolve("templates").resolve(name), text);
  }

  TestArchive archive() {
    return archive;
  }

  /** A snapshot archive that has nothing, below {@code /snapshots/}. */
  LyingMirror snapshots() {
    return snapshots;
  }

  /** Publishes the archive as it stands now, a little later than the last time. */
  void publish() throws Exception {
    published = published.plusSeconds(60);
    publish(published, Instant.now().plusSeconds(7 * 86400));
  }

  void publish(Instant date, Instant validUntil) throws Exception {
    publish(date, date, validUntil);
  }

  /**
   * The same with a main suite of another day than its updates and security suites; these have the
   * date {@code others}.
   */
  void publish(Instant date, Instant others, Instant validUntil) throws Exception {
    archive.publish(
        Map.of(
            "Suite",
            "stable",
            "Codename",
            "bookworm",
            "Date",
            TestArchive.date(date),
            "Valid-Until",
            TestArchive.date(validUntil)));
    archive.publishEmpty("bookworm-updates", others);
    archive.publishEmpty("bookworm-security", others);
  }

  /** Replaces web 1.0 by web 1.1, as a mirror does. */
  void moveOn() throws Exception {
    archive.drop("web");
    archive.add(
        "Package: web\nVersion: 1.1\nDepends: libshared\n", Map.of("/usr/bin/web", "web 1.1"));
    publish();
  }

  /** Adds what Kubernetes is compiled of where its release cannot be had, by name alone. */
  void addKubernetesSource() throws Exception {
    archive.addSource(
        "kubernetes",
        "1.20.2-1",
        Map.of(
            "kubernetes_1.20.2.orig.tar.gz", new byte[] {1},
            "kubernetes_1.20.2-1.debian.tar.xz", new byte[] {2}));
    for (String name :
        List.of("golang-1.19-go", "golang-1.19-src", "golang-github-modern-go-reflect2-dev")) {
      archive.add("Package: " + name + "\nVersion: 1\n", Map.of());
    }
    publish();
  }

  /** Adds a package whose postinst nobody knows. */
  void addStubborn() throws Exception {
    archive.add(
        "Package: stubborn\nVersion: 1.0\n",
        control ->
            DebBuilder.withControl(control)
                .controlFile("postinst", "#!/bin/sh\nset -e\ntouch /somewhere\n")
                .data(new TarBuilder().directory("./").directory("./etc/"))
                .build());
    publish();
  }

  Path root() {
    return directory.resolve("a project");
  }

  Path target() {
    return root().resolve("target");
  }

  /** The image of a role for amd64. */
  Path image(String role) {
    return target().resolve("images/" + role + "-amd64.oci.tar");
  }

  /** Every file below {@link #target}. */
  List<Path> outputs() throws IOException {
    try (Stream<Path> files = Files.walk(target())) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Runs {@code verify} with nothing but these arguments. */
  Outcome verify(String... further) {
    List<String> arguments = new ArrayList<>(List.of("verify"));
    arguments.addAll(List.of(further));
    return runAsIs(arguments);
  }

  Path cache() {
    return directory.resolve("cache");
  }

  Path lock() {
    return root().resolve("images/hardbake.lock");
  }

  /** The hosts beyond loopback that were asked for. */
  List<String> outside() {
    return wall.asked();
  }

  /** A command with the options that keep it within the project, and further ones. */
  Outcome run(String command, String... further) {
    return runAsIs(arguments(command, further));
  }

  /** The whole command line of {@link #run}. */
  List<String> arguments(String command, String... further) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--project", root().toString()));
    arguments.addAll(List.of("--mirror", archive.uri().toString()));
    arguments.addAll(List.of("--security-mirror", archive.uri().toString()));
    arguments.addAll(List.of("--keyring", directory.resolve("keyring.pgp").toString()));
    arguments.addAll(List.of("--kubernetes", "mirror"));
    arguments.addAll(List.of("--kubernetes-mirror", directory.resolve("release").toString()));
    arguments.addAll(List.of(further));
    return arguments;
  }

  Outcome runAsIs(List<String> arguments) {
    return runAsIs(arguments, environment());
  }

  /** A command that has nothing but what {@code mirror --out copy} left, and an empty store. */
  List<String> fromCopy(Path copy, String command) {
    return List.of(
        command,
        "--project",
        root().toString(),
        "--mirror",
        copy.resolve("debian").toString(),
        "--security-mirror",
        copy.resolve("debian-security").toString(),
        "--keyring",
        directory.resolve("keyring.pgp").toString(),
        "--kubernetes-mirror",
        copy.resolve("kubernetes").toString());
  }

  static Outcome runAsIs(List<String> arguments, Map<String, String> environment) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            arguments.toArray(String[]::new),
            environment,
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    return new Outcome(code, out.toString(), err.toString());
  }

  /** No mirror beyond loopback answers, so that no test depends on one. */
  Map<String, String> environment() {
    return Map.of(
        "HARDBAKE_CACHE",
        cache().toString(),
        "HARDBAKE_SNAPSHOTS",
        snapshots.at("/snapshots/").toString(),
        "https_proxy",
        wall.address());
  }

  /** What a command said and how it ended. */
  record Outcome(int code, String out, String err) {
    Outcome succeeded() {
      assertEquals(0, code, this::toString);
      return this;
    }

    /** Ended so, with a problem and a remedy, and without a stack trace. */
    Outcome failed(int expected) {
      assertEquals(expected, code, this::toString);
      assertTrue(err.contains("hardbake: "), this::toString);
      assertTrue(err.contains("\n  remedy: "), this::toString);
      assertFalse(err.contains("\tat "), this::toString);
      assertFalse(err.contains("Exception"), this::toString);
      return this;
    }

    Outcome says(String... words) {
      for (String word : words) {
        assertTrue(err.contains(word), () -> "no \"" + word + "\" in: " + this);
      }
      return this;
    }

    /** On its standard output. */
    Outcome shows(String... words) {
      for (String word : words) {
        assertTrue(out.contains(word), () -> "no \"" + word + "\" in: " + this);
      }
      return this;
    }

    @Override
    public String toString() {
      return "exit code " + code + "\n" + out + "---\n" + err;
    }
  }

  /** Every file below a directory, by its relative path; nothing where there is none. */
  static NavigableMap<String, Sha256> digests(Path directory, Predicate<String> which)
      throws IOException {
    NavigableMap<String, Sha256> digests = new TreeMap<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = directory.relativize(file).toString();
          if (which.test(name)) {
            digests.put(name, Sha256.of(file));
          }
        }
      }
    }
    return digests;
  }

  /** All that people keep: recipes, lock and results. */
  NavigableMap<String, Sha256> digests() throws IOException {
    return digests(root(), name -> true);
  }

  /** The results that must not depend on anything but the lock, the recipes and the templates. */
  NavigableMap<String, Sha256> results() throws IOException {
    return digests(target(), name -> !name.equals("bake.json"));
  }

  /** What no bake may leave when it has ended: partial files, anywhere. */
  List<String> leftovers() throws IOException {
    List<String> leftovers = new ArrayList<>(temporary());
    leftovers.addAll(digests(cache().resolve("partial"), name -> true).keySet());
    return leftovers;
  }

  /** The same, but for the beginnings of downloads that the next bake resumes. */
  List<String> temporary() throws IOException {
    List<String> temporary = new ArrayList<>();
    temporary.addAll(digests(root(), name -> name.endsWith(".part")).keySet());
    temporary.addAll(digests(target().resolve("work"), name -> true).keySet());
    temporary.addAll(digests(cache().resolve("tmp"), name -> true).keySet());
    return temporary;
  }

  @Override
  public void close() throws IOException {
    archive.close();
    wall.close();
    snapshots.close();
  }
}
