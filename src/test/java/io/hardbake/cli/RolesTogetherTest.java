package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that only one of several roles has, and formats that only some of them can have. */
@Timeout(60)
final class RolesTogetherTest {
  private static final Pattern PIN = Pattern.compile("  sha512: \\{amd64: ([0-9a-f]+)\\}\n");

  @TempDir private Path directory;
  @AutoClose private TestProject project;

  @BeforeEach
  void make() throws Exception {
    project = TestProject.in(directory);
  }

  private void second(String setting) throws Exception {
    project.recipe(
        "loadbalancer", "from: base\ndescription: balances\npackages: [balancer]\n" + setting);
  }

  private void first(String setting) throws Exception {
    project.recipe("controller", "from: base\ndescription: serves\npackages: [web]\n" + setting);
  }

  /** The command without one of the options that name what is in the project. */
  private TestProject.Outcome without(String option, String command) {
    List<String> arguments = new ArrayList<>(project.arguments(command));
    int at = arguments.indexOf(option);
    arguments.subList(at, at + 2).clear();
    return project.runAsIs(arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mirror", "security-mirror"})
  void theSecondMayNameTheMirrorOfDebian(String option) throws Exception {
    String key = option.equals("mirror") ? "mirror" : "securityMirror";
    second("debian: {%s: \"%s\"}\n".formatted(key, project.archive().uri()));
    without("--" + option, "bake").succeeded();
    assertEquals(List.of(), project.outside());
    first("debian: {%s: \"http://127.0.0.1:9/other\"}\n".formatted(key));
    without("--" + option, "bake")
        .failed(3)
        .says("loadbalancer.yaml:1: loadbalancer wants the ", " http://127.0.0.1:9/other")
        .says("remedy: a bake has one mirror of Debian");
    project.run("bake").succeeded();
  }

  @Test
  void theSecondMayNameTheMirrorOfKubernetes() throws Exception {
    String setting = "kubernetes: {mirror: \"%s\"}\n";
    second(setting.formatted(directory.resolve("release").toUri()));
    without("--kubernetes-mirror", "bake").succeeded();
    first(setting.formatted("http://127.0.0.1:9/other"));
    without("--kubernetes-mirror", "bake")
        .failed(3)
        .says("loadbalancer wants the Kubernetes mirror file:", "but controller wants http:");
  }

  @Test
  void theSecondMayHaveThePin() throws Exception {
    Path base = project.root().resolve("images/base.yaml");
    String text = Files.readString(base);
    Matcher pin = PIN.matcher(text);
    assertTrue(pin.find());
    Files.writeString(base, pin.replaceFirst(""));
    second("kubernetes: {sha512: {amd64: %s}}\n".formatted(pin.group(1)));
    project.run("bake").succeeded();
    first("kubernetes: {sha512: {amd64: %s}}\n".formatted("a".repeat(128)));
    project
        .run("bake")
        .failed(3)
        .says("loadbalancer wants Kubernetes for amd64 with sha512 " + pin.group(1));
  }

  @Test
  void whatHasNoBoxIsNotBakedToNothing() throws Exception {
    try (TestProject own =
        TestProject.withMachines(Files.createDirectory(directory.resolve("with machines")))) {
      Path base = own.root().resolve("images/base.yaml");
      Files.writeString(base, Files.readString(base).replace("box: box\n", ""));
      for (String command : List.of("bake", "plan")) {
        own.run(command, "--format", "libvirt,virtualbox")
            .failed(2)
            .says("controller has no box, so none can", "remedy: add --format oci or qcow2, or");
      }
      own.run("plan", "--format", "qcow2,virtualbox").succeeded();
      // A lock is the same whatever is made from it.
      own.run("lock", "--format", "libvirt,virtualbox").succeeded();
    }
  }

  /** Hardbake's own recipes: their lock has both architectures. */
  @Test
  void whereThereIsNoBoxNothingTellsOfOne() {
    TestProject.Outcome plan =
        TestProject.runAsIs(
            List.of(
                "plan",
                "--offline",
                "--project",
                ".",
                "--output",
                project.target().toString(),
                "--arch",
                "arm64",
                "--format",
                "oci,virtualbox"),
            project.environment());
    plan.succeeded().shows("images/controller-arm64.oci.tar", "manifests/controller-arm64.txt");
    assertFalse(plan.out().matches("(?s).*(-box\\.|boxes/).*"), plan::toString);
  }

  @Test
  void noBoxForVirtualBoxIsPlannedWhereThereIsNone() throws Exception {
    try (TestProject own =
        TestProject.withMachines(Files.createDirectory(directory.resolve("with machines")))) {
      for (String architectures : List.of("arm64", "amd64,arm64")) {
        own.run("plan", "--arch", architectures, "--format", "virtualbox")
            .failed(2)
            .says("a box for VirtualBox cannot be made for arm64", "leave arm64 out of --arch");
      }
      own.run("plan", "--format", "virtualbox").succeeded().shows("controller.json");
    }
  }
}
