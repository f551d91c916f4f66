package io.hardbake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.fetch.StoreLocation;
import io.hardbake.io.Sha256;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store on a disk that can only be read, such as one that machines share: what it has is enough
 * for a bake, and what it lacks is named.
 */
@Timeout(600)
final class ReadOnlyStoreIT {
  private static final Path BAKED = Path.of("target").toAbsolutePath();

  @TempDir private Path directory;

  /** With the Kubernetes that {@code make images} found, be it the one that stands in. */
  @Test
  void theProjectsOwnRolesNeedNoMoreThanThat() throws Exception {
    Oracle.require("unshare", "mount");
    Oracle.requireRoot();
    Path store = StoreLocation.usual(System.getenv());
    Path output = directory.resolve("target");
    String line =
        """
        mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" || exit
        exec ./hardbake bake --offline --locked --quiet --format oci,qcow2 --output "$1"
        """;
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", line));
    command.addAll(List.of(store.toString(), output.toString()));
    Oracle.run(command, Duration.ofMinutes(5), Map.of()).succeeded();

    for (String room : List.of("images", "disks", "manifests", "sbom")) {
      NavigableMap<String, Sha256> made = TestProject.digests(output.resolve(room), n -> true);
      assertTrue(made.size() >= 2, room + made);
      NavigableMap<String, Sha256> usual = TestProject.digests(BAKED.resolve(room), n -> true);
      made.forEach((name, sha256) -> assertEquals(sha256, usual.get(name), room + "/" + name));
    }
  }

  /** The library of zstd is run from elsewhere then; control: from nowhere it cannot be. */
  @Test
  void oneFromWhichNothingMayBeRunServesToo() throws Exception {
    Oracle.require("unshare", "mount");
    Oracle.requireRoot();
    Installation installation = Installation.in(directory.resolve("installed"));
    try (TestProject project =
        TestProject.withMachines(Files.createDirectory(directory.resolve("project")))) {
      project.run("bake").succeeded();
      NavigableMap<String, Sha256> whole = project.results();
      forgetResults(project);
      bakeWhereNothingMayBeRun(installation, project, "/tmp").succeeded();
      assertEquals(whole, project.results());
      forgetResults(project);
      bakeWhereNothingMayBeRun(installation, project, project.cache().toString())
          .failed(Failure.HOST)
          .says("the zstd library can be unpacked and run neither in " + project.cache());
    }
  }

  private static void forgetResults(TestProject project) {
    String clusters = project.cache().resolve("derived/clusters").toString();
    Oracle.run("rm", "-rf", project.target().toString(), clusters).succeeded();
  }

  private TestProject.Outcome bakeWhereNothingMayBeRun(
      Installation installation, TestProject project, String temporary) throws Exception {
    String line =
        """
        mount --bind "$0" "$0" && mount -o remount,noexec,bind "$0" && exec "$@"
        """;
    return installation
        .launch(project, directory.resolve("said"), "bake")
        .java("-Djava.io.tmpdir=" + temporary)
        .by("unshare", "--mount", "sh", "-c", line, project.cache().toString())
        .run();
  }

  @Test
  void whatItLacksIsNamed() {
    Apart.run(Bakes.class, directory);
  }

  /** What runs where the store is mounted. */
  static final class Bakes {
    private static final int OFFLINE = 4;

    private final TestProject project;
    private final NavigableMap<String, Sha256> whole;
    private final NavigableMap<String, Sha256> store;
    private int count;

    private Bakes(TestProject project) throws Exception {
      this.project = project;
      project.run("bake").succeeded();
      this.whole = project.results();
      this.store = TestProject.digests(project.cache(), name -> true);
    }

    public static void main(String[] arguments) throws Exception {
      System.setOut(new PrintStream(System.out, true, UTF_8));
      try (TestProject project = TestProject.withMachines(Path.of(arguments[0]))) {
        Bakes bakes = new Bakes(project);
        bakes.aBakeOnlyReads();
        bakes.missingResultsAreMadeOrNamed();
        bakes.aMissingDownloadIsNamed();
        bakes.othersSayItToo();
        System.out.println("bakes from a store that can only be read: " + bakes.count);
      } catch (Throwable e) {
        e.printStackTrace();
        System.exit(1); // the archive's threads would keep it alive
      }
    }

    private void aBakeOnlyReads() throws Exception {
      for (List<String> options : List.of(List.<String>of(), List.of("--offline"))) {
        bake(options).succeeded();
        assertEquals(whole, project.results());
        assertEquals(store, TestProject.digests(project.cache(), name -> true));
      }
    }

    /** Without all results of a kind; the inputs are there. */
    private void missingResultsAreMadeOrNamed() throws Exception {
      Path derived = project.cache().resolve("derived");
      Path kept = project.root().resolve("kept");
      NavigableSet<String> named = new TreeSet<>();
      for (String kind : children(derived)) {
        Files.move(derived.resolve(kind), kept);
        TestProject.Outcome outcome = bake(List.of("--offline"));
        if (kind.equals("kubernetes")) {
          outcome.failed(OFFLINE).says("it is not in the store, and this bake is offline");
        } else if (outcome.code() != 0) {
          outcome.failed(Failure.HOST).says("'" + kind + "'", project.cache().toString());
          named.add(kind);
        } else {
          assertEquals(whole, project.results(), kind);
        }
        assertEquals(List.of(), project.temporary(), kind);
        Oracle.run("rm", "-rf", derived.resolve(kind).toString()).succeeded();
        Files.move(kept, derived.resolve(kind));
      }
      assertTrue(named.containsAll(List.of("layer", "pack", "clusters")), named::toString);
    }

    private void aMissingDownloadIsNamed() throws Exception {
      Path packs = project.cache().resolve("derived/pack");
      Path kept = project.root().resolve("kept");
      Files.move(packs, kept);
      Sha256 deb = Sha256.of(project.archive().file(TestProject.DEB));
      Path stored = project.cache().resolve("sha256/" + deb.hex().substring(0, 2) + "/" + deb);
      byte[] bytes = Files.readAllBytes(stored);
      Files.delete(stored);

      bake(List.of("--offline")).failed(OFFLINE).says("web_1.0_amd64.deb");
      bake(List.of()).failed(Failure.HOST).says("has no file with sha256 " + deb);

      Files.write(stored, bytes);
      Files.move(kept, packs);
      bake(List.of("--offline")).succeeded();
    }

    /** Those that write and nothing else. */
    private void othersSayItToo() {
      mount();
      try {
        for (String command : List.of("prune", "verify")) {
          TestProject.Outcome outcome = project.runAsIs(List.of("cache", command));
          outcome.failed(Failure.HOST).says("the store " + project.cache() + " cannot be written");
        }
        project.runAsIs(List.of("cache", "size")).succeeded();
      } finally {
        unmount();
      }
    }

    /** From no results, with a store that can only be read. */
    private TestProject.Outcome bake(List<String> options) {
      Oracle.run("rm", "-rf", project.target().toString()).succeeded();
      count++;
      mount();
      try {
        return project.run("bake", options.toArray(String[]::new));
      } finally {
        unmount();
      }
    }

    private void mount() {
      String at = project.cache().toString();
      Oracle.run("mount", "--bind", at, at).succeeded();
      Oracle.run("mount", "-o", "remount,ro,bind", at).succeeded();
    }

    private void unmount() {
      Oracle.run("umount", "-l", project.cache().toString()).succeeded();
    }

    private static List<String> children(Path directory) throws Exception {
      try (Stream<Path> children = Files.list(directory)) {
        return children.map(child -> child.getFileName().toString()).sorted().toList();
      }
    }
  }
}
