package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A password in a mirror's address would be sent to nobody, and shown to everybody. */
@Timeout(60)
final class MirrorPasswordTest {
  private static final String ADDRESS = "http://bob:s3cret@127.0.0.1:9/debian";
  private static final String REMEDY = "remedy: name a mirror that asks for no password";

  @TempDir private Path directory;
  @AutoClose private TestProject project;

  @BeforeEach
  void make() throws Exception {
    project = TestProject.in(directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--mirror", "--security-mirror", "--kubernetes-mirror"})
  void anOptionIsRefused(String option) {
    List<String> arguments = new ArrayList<>(project.arguments("bake", "--json"));
    arguments.set(arguments.indexOf(option) + 1, ADDRESS);
    refused(2, TestProject.runAsIs(arguments, project.environment()), option + " is an address");
  }

  @Test
  void aVariableIsRefusedAndNamed() {
    List<String> arguments = new ArrayList<>(project.arguments("bake"));
    int at = arguments.indexOf("--mirror");
    arguments.subList(at, at + 2).clear();
    Map<String, String> environment = new TreeMap<>(project.environment());
    environment.put("HARDBAKE_MIRROR", ADDRESS);
    refused(
        2, TestProject.runAsIs(arguments, environment), "the environment sets it: HARDBAKE_MIRROR");
  }

  @Test
  void aSnapshotArchiveIsRefused() {
    Map<String, String> environment = new TreeMap<>(project.environment());
    environment.put("HARDBAKE_SNAPSHOTS", ADDRESS + "/");
    TestProject.runAsIs(project.arguments("bake"), environment)
        .failed(2)
        .says("HARDBAKE_SNAPSHOTS is an address with a name or a password in it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "debian: {mirror: %s}",
        "debian: {securityMirror: %s}",
        "kubernetes: {mirror: %s}"
      })
  void aRecipesKeyIsRefused(String line) throws Exception {
    for (String address : List.of(ADDRESS, "\"http://bob:s3cret is@host/debian\"")) {
      project.recipe(
          "loadbalancer", "from: base\ndescription: odd\n" + line.formatted(address) + "\n");
      refused(3, project.run("bake"), "loadbalancer.yaml:3: ");
    }
  }

  private static void refused(int code, TestProject.Outcome outcome, String words) {
    outcome.failed(code).says(words, REMEDY);
    assertFalse(outcome.toString().contains("s3cret"), outcome::toString);
  }
}
