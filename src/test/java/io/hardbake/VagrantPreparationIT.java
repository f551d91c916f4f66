package io.hardbake;

import static io.hardbake.VagrantProject.DESCRIPTION;
import static io.hardbake.VagrantProject.contents;
import static io.hardbake.VagrantProject.prepare;
import static io.hardbake.VagrantProject.project;
import static io.hardbake.VagrantProject.ruby;
import static io.hardbake.VagrantProject.stand;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What vagrant/cluster.rb does before a machine starts, and when it lets none start. */
class VagrantPreparationIT {
  @TempDir private Path directory;

  /** Another CA on controllers that stand would be the end of all that they have encrypted. */
  @Test
  void makesNoOtherCredentialsForControllersThatStand() throws Exception {
    Path root = project(directory);
    Path output = root.resolve("target");
    Path credentials = output.resolve("vagrant/credentials");
    prepare(root, Map.of()).succeeded();
    Map<String, String> made = contents(credentials);

    stand(root, "controller-0");
    Files.delete(output.resolve("vagrant/credentials-for"));
    deleteAll(credentials);
    String problem =
        """
        controller-0 already had credentials, and %s has none
          remedy: restore them as docs/vagrant.md says; or give up what these machines store: \
        vagrant destroy -f
        """
            .formatted(credentials);
    assertEquals(problem, prepare(root, Map.of()).refused().stderr());
    Files.move(root.resolve("vagrant/.vagrant"), root.resolve("vagrant/elsewhere"));
    Map<String, String> moved = Map.of("VAGRANT_DOTFILE_PATH", "elsewhere");
    assertEquals(problem, prepare(root, moved).refused().stderr());
    assertTrue(Files.notExists(credentials));

    // What docs/vagrant.md fetches from a controller is enough.
    Files.createDirectory(credentials);
    for (String name :
        ruby("puts Hardbake::Project::FOR_CONTROLLERS", DESCRIPTION)
            .succeeded()
            .stdout()
            .split("\n", -1)) {
      if (!name.isEmpty()) {
        Files.writeString(credentials.resolve(name), made.get(name));
      }
    }
    prepare(root, moved).succeeded();
    Map<String, String> renewed = contents(credentials);
    assertEquals(made.keySet(), renewed.keySet());
    for (String kept : List.of("ca.pem", "encryption-config.yaml", "service-account-key.pem")) {
      assertEquals(made.get(kept), renewed.get(kept));
    }

    // As a renewal leaves it that was cut off.
    Path complete = Files.createDirectory(credentials.resolve(".complete"));
    for (String name : renewed.keySet()) {
      Files.move(credentials.resolve(name), complete.resolve(name));
    }
    prepare(root, moved).succeeded();
    assertEquals(made.get("ca.pem"), contents(credentials).get("ca.pem"));
  }

  /** As {@code make up} a year later finds them, with or without machines that stand. */
  @Test
  void renewsWhatSoonExpires() throws Exception {
    Oracle.require("faketime", "openssl");
    Path root = project(directory);
    Path credentials = root.resolve("target/vagrant/credentials");
    prepare(root, Map.of()).succeeded();
    for (String age : List.of("-400d", "-340d")) {
      String sign =
          """
          cd %s
          openssl x509 -x509toreq -in kubernetes.pem -signkey kubernetes-key.pem -copy_extensions copyall -out new.csr
          faketime -f %s openssl x509 -req -in new.csr -CA ca.pem -CAkey ca-key.pem -days 365 \
            -copy_extensions copyall -out kubernetes.pem
          rm new.csr
          """;
      Oracle.run("sh", "-ec", sign.formatted(credentials, age)).succeeded();
      Map<String, String> old = contents(credentials);
      assertTrue(prepare(root, Map.of()).succeeded().stderr().startsWith("renewing the cluster's"));
      Map<String, String> renewed = contents(credentials);
      assertEquals(old.get("ca.pem"), renewed.get("ca.pem"));
      assertNotEquals(old.get("kubernetes.pem"), renewed.get("kubernetes.pem"));
      assertEquals(
          renewed.get("kubernetes.pem"),
          Files.readString(root.resolve("target/vagrant/seed/controller-0/kubernetes.pem")));
      assertEquals("", prepare(root, Map.of()).succeeded().stderr());
      assertEquals(renewed, contents(credentials));
    }

    // Who wants short ones does not get new ones each time.
    Map<String, String> brief = Map.of("HARDBAKE_CREDENTIALS_DAYS", "10");
    Files.delete(root.resolve("target/vagrant/credentials-for"));
    prepare(root, brief).succeeded();
    assertEquals("", prepare(root, brief).succeeded().stderr());

    // What cannot be read is first boot's to name.
    Files.writeString(credentials.resolve("kubernetes.pem"), "no certificate");
    assertEquals("", prepare(root, Map.of()).succeeded().stderr());
  }

  /**
   * Another Vagrant uploads a seed meanwhile: it stays the same directory until it has to change.
   */
  @Test
  void leavesASeedThatSaysTheSame() throws Exception {
    Path root = project(directory);
    prepare(root, Map.of()).succeeded();
    Path seed = root.resolve("target/vagrant/seed/controller-0");
    Object first = Files.getAttribute(seed, "unix:ino");
    Map<String, String> whole = contents(seed);
    prepare(root, Map.of()).succeeded();
    assertEquals(first, Files.getAttribute(seed, "unix:ino"));

    Files.delete(seed.resolve("ca.pem"));
    Files.writeString(seed.resolve("more"), "nobody's");
    prepare(root, Map.of()).succeeded();
    assertEquals(whole, contents(seed));
    assertNotEquals(first, Files.getAttribute(seed, "unix:ino"));
  }

  /** {@code vagrant up controller-0 & vagrant up controller-1}, the first time. */
  @Test
  void twoAtATimeMakeOneCluster() throws Exception {
    Path root = project(directory);
    List<CompletableFuture<Oracle.Result>> both = new ArrayList<>();
    for (int n = 0; n < 2; n++) {
      both.add(CompletableFuture.supplyAsync(() -> prepare(root, Map.of())));
    }
    StringBuilder said = new StringBuilder();
    for (CompletableFuture<Oracle.Result> each : both) {
      said.append(each.get().succeeded().stderr());
    }
    assertEquals(1, said.toString().split("making the cluster's", -1).length - 1, said::toString);
    assertEquals(
        Files.readString(root.resolve("target/vagrant/credentials/ca.pem")),
        Files.readString(root.resolve("target/vagrant/seed/controller-0/ca.pem")));
  }

  /** The remedy is typed as it is printed. */
  @Test
  void namesAFileOfTheCredentialsThatWasLost() throws Exception {
    Path root = project(directory);
    Path credentials = root.resolve("target/vagrant/credentials");
    prepare(root, Map.of()).succeeded();
    Path lost = credentials.resolve("kube-scheduler.kubeconfig");
    Files.delete(lost);
    String said = prepare(root, Map.of()).refused().stderr();
    String command = "%s credentials --out %s ".formatted(root.resolve("hardbake"), credentials);
    String remedy = "make certificates and kubeconfigs anew: " + command + "--renew\n";
    assertEquals(
        "%s cannot be read: No such file or directory\n".formatted(lost)
            + "  remedy: see what else is wrong: %s--show; ".formatted(command)
            + remedy,
        said);
    Oracle.run("sh", "-c", said.substring(said.lastIndexOf(": ") + 2)).succeeded();
    assertEquals("", prepare(root, Map.of()).succeeded().stderr());
    assertEquals(
        contents(credentials).get("kube-scheduler.kubeconfig"),
        Files.readString(
            root.resolve("target/vagrant/seed/controller-0/kube-scheduler.kubeconfig")));
  }

  /** Vagrant destroys none that the description has no more, and their etcd would stay. */
  @Test
  void startsNothingBesideControllersThatAreLeftOver() throws Exception {
    Path root = project(directory);
    for (String name : List.of("controller-4", "controller-2", "controller-3", "loadbalancer")) {
      stand(root, name);
    }
    assertEquals(
        """
        controller-3, controller-4 still there, and no part of %s
          remedy: put the number of controllers there back, run: vagrant destroy -f controller-3 \
        controller-4; then change it
        """
            .formatted(DESCRIPTION),
        prepare(root, Map.of()).refused().stderr());
    assertTrue(Files.notExists(root.resolve("target/vagrant")));
  }

  @Test
  void makesTheDirectoryForConsoles() throws Exception {
    Path root = project(directory);
    prepare(root, Map.of("HARDBAKE_CONSOLES", "target/a/consoles")).succeeded();
    assertTrue(Files.isDirectory(root.resolve("target/a/consoles")));
    Path file = Files.createFile(root.resolve("target/consoles"));
    assertEquals(
        "%s cannot be made: File exists\n".formatted(file)
            + "  remedy: name a directory for consoles: HARDBAKE_CONSOLES=DIR\n",
        prepare(root, Map.of("HARDBAKE_CONSOLES", "target/consoles")).refused().stderr());
  }

  private static void deleteAll(Path credentials) throws IOException {
    try (Stream<Path> files = Files.list(credentials)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(credentials);
  }
}
