package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.TestCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials on a controller: checked as a set, moved into place, and named when wrong. */
class MachineCredentialsIT {
  private static final String SEED = "/var/lib/hardbake/seed/";
  private static final String PLACE = "/var/lib/kubernetes/";

  @TempDir private static Path shared;
  private static TestCredentials credentials;
  private static TestCredentials others;

  @TempDir private Path directory;
  private FirstBootMachine machine;

  @BeforeAll
  static void makeThem() throws Exception {
    Oracle.require("openssl");
    List<String> names = List.of("controller-0", "10.240.0.10", "127.0.0.1");
    credentials = TestCredentials.make(Files.createDirectory(shared.resolve("a")), names);
    others = TestCredentials.make(Files.createDirectory(shared.resolve("b")), names);
  }

  @BeforeEach
  void aController() throws Exception {
    machine = new FirstBootMachine(directory, "controller", "controller-0");
    machine.seed("CONTROLLERS=controller-0=10.240.0.10\n");
  }

  @Test
  void areMovedIntoPlaceWithTheTutorialsNames() throws Exception {
    give(credentials);
    machine.pass().succeeded();
    for (Path file : credentials.files()) {
      Path placed = machine.file(PLACE + file.getFileName());
      assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(placed));
      assertFalse(Files.exists(machine.file(SEED + file.getFileName())), "moved, not copied");
      boolean open = file.toString().endsWith(".pem") && !file.toString().endsWith("-key.pem");
      assertEquals(
          open ? "rw-r--r--" : "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(placed)));
    }
    assertEquals("CONTROLLERS=controller-0=10.240.0.10\n", machine.text(SEED + "user-data"));
  }

  @Test
  void whileTheyAreMissingThatIsSaid() throws Exception {
    Oracle.Result result = machine.pass().refused();
    assertTrue(result.stderr().startsWith("credentials are missing in "), result.toString());
    assertTrue(result.stderr().contains(" encryption-config.yaml ca.pem ca-key.pem "));
    give(credentials);
    machine.pass().succeeded();
  }

  @Test
  void whoBringsThemNeedNotWaitForTheNextLook() throws Exception {
    String bring = "cp %s/* %s".formatted(shared.resolve("a"), machine.file(SEED));
    String placed = "test -e " + machine.file("/etc/hardbake/node.env");
    machine.wokenUp("", bring, placed).succeeded();
    assertPlaced("a", "kubernetes.pem");

    bring = "cp %s/* %s".formatted(shared.resolve("b"), machine.file(SEED));
    placed = "cmp -s %s %s".formatted(shared.resolve("b/ca.pem"), machine.file(PLACE + "ca.pem"));
    machine.wokenUp("watch", bring, placed).succeeded();
  }

  /** It looks once more then, before it rests. */
  @Test
  void whoComesDuringTheFirstLookIsNotForgotten() throws Exception {
    Path looks = directory.resolve("looks");
    Path hook = machine.file("/usr/lib/hardbake/firstboot.d/a");
    Files.writeString(
        hook,
        """
        #!/bin/sh
        echo look >>%1$s
        test $(wc -l <%1$s) -gt 1 && exit
        until test -s %2$s; do /bin/sleep 0.05; done
        kill -USR1 $(cat %2$s)
        """
            .formatted(looks, directory.resolve("fakes/pid")));
    assertTrue(hook.toFile().setExecutable(true));
    String bring = "cp %s/* %s".formatted(shared.resolve("a"), machine.file(SEED));
    String placed = "test -e " + machine.file("/etc/hardbake/node.env");
    machine.wokenUp("", bring, placed).succeeded();
    assertEquals(List.of("look", "look", "look"), Files.readAllLines(looks));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ca.pem",
        "kubernetes.pem",
        "kubernetes-key.pem",
        "service-account.pem",
        "service-account-key.pem",
        "encryption-config.yaml",
        "kube-scheduler.kubeconfig",
        "admin.kubeconfig"
      })
  void aTruncatedFileIsNamedAndNothingIsMoved(String name) throws Exception {
    give(credentials);
    byte[] whole = Files.readAllBytes(machine.file(SEED + name));
    int half = name.endsWith(".kubeconfig") ? whole.length * 2 / 3 : whole.length / 2;
    Files.write(machine.file(SEED + name), Arrays.copyOf(whole, half));
    String said = machine.pass().refused().stderr();
    assertTrue(said.startsWith(machine.file(SEED + name).toString()), said);
    assertEquals(List.of(), placed());
  }

  @Test
  void aFileThatBecomesTruncatedInPlaceIsNamed() throws Exception {
    give(credentials);
    machine.pass().succeeded();
    byte[] whole = Files.readAllBytes(machine.file(PLACE + "kubernetes.pem"));
    Files.write(machine.file(PLACE + "kubernetes.pem"), Arrays.copyOf(whole, 700));
    String said = machine.pass().refused().stderr();
    assertTrue(
        said.startsWith(machine.file(PLACE + "kubernetes.pem") + " is no whole certificate"), said);
    give(credentials);
    machine.pass().succeeded();
  }

  @Test
  void setsAreNotMixed() throws Exception {
    give(credentials);
    Files.copy(
        others.files().stream().filter(f -> f.endsWith("kubernetes-key.pem")).findFirst().get(),
        machine.file(SEED + "kubernetes-key.pem"),
        StandardCopyOption.REPLACE_EXISTING);
    String said = machine.pass().refused().stderr();
    assertTrue(said.contains("kubernetes-key.pem is not the key of kubernetes.pem"), said);
    assertEquals(List.of(), placed());
  }

  @Test
  void aCertificateOfAnotherCaIsRefused() throws Exception {
    give(credentials);
    machine.pass().succeeded();
    for (Path file : others.files()) {
      if (file.getFileName().toString().startsWith("kubernetes")) {
        Files.copy(file, machine.file(SEED + file.getFileName()));
      }
    }
    String said = machine.pass().refused().stderr();
    assertTrue(said.contains("kubernetes.pem was not signed by the CA in ca.pem"), said);
    assertArrayEquals(
        Files.readAllBytes(shared.resolve("a/kubernetes.pem")),
        Files.readAllBytes(machine.file(PLACE + "kubernetes.pem")));
  }

  @Test
  void aCertificateThatDoesNotNameTheMachineIsRefused() throws Exception {
    give(credentials);
    machine.seed("NODE_NAME=controller-9\nCONTROLLERS=controller-9=10.240.0.10\n");
    String said = machine.pass().refused().stderr();
    assertTrue(said.contains("kubernetes.pem does not name this machine, controller-9"), said);
  }

  /** The scheduler, say, would call the API there in vain. */
  @Test
  void aCertificateWithoutTheMachinesOwnAddressForItselfIsRefused() throws Exception {
    Path directory = Files.createDirectory(shared.resolve("c"));
    give(TestCredentials.make(directory, List.of("controller-0", "10.240.0.10", "127.0.0.10")));
    assertEquals(
        """
        %1$s/kubernetes.pem does not name 127.0.0.1, at which the machine's own services call the API
          make it anew with: hardbake credentials --renew --san 127.0.0.1; then put all of them into %1$s
        """
            .formatted(machine.file("/var/lib/hardbake/seed")),
        machine.pass().refused().stderr());
  }

  /** Renewed ones replace the old ones, and the services are told. */
  @Test
  void newOnesReplaceOldOnes() throws Exception {
    give(credentials);
    machine.boot().succeeded();
    machine.pass().succeeded();
    assertFalse(Files.exists(machine.file("/run/hardbake/restart")));
    give(others);
    machine.pass().succeeded();
    assertTrue(Files.exists(machine.file("/run/hardbake/restart")));
    assertArrayEquals(
        Files.readAllBytes(shared.resolve("b/ca.pem")),
        Files.readAllBytes(machine.file(PLACE + "ca.pem")));
  }

  /** A disk stays attached; what was renewed since is not undone by it. */
  @Test
  void aDiskOffersItsFilesOnce() throws Exception {
    Path disk = machine.disk();
    copy(credentials, disk);
    machine.pass().succeeded();
    machine.pass().succeeded();
    give(others);
    machine.pass().succeeded();
    machine.reboot();
    machine.pass().succeeded();
    machine.pass().succeeded();
    assertPlaced("b", "kubernetes.pem");

    // Another disk is another offer.
    for (Path file : credentials.files()) {
      Files.writeString(disk.resolve(file.getFileName()), "\n", StandardOpenOption.APPEND);
    }
    machine.reboot();
    machine.pass().succeeded();
    assertEquals(Files.readString(disk.resolve("ca.pem")), machine.text(PLACE + "ca.pem"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKeyThatWasChangedInPlaceStays(boolean onDisk) throws Exception {
    Path place = onDisk ? machine.disk() : machine.file(SEED);
    copy(credentials, place);
    machine.pass().succeeded();
    String rotated = rotated(machine.text(PLACE + "encryption-config.yaml"));
    machine.write(PLACE + "encryption-config.yaml", rotated);
    machine.reboot();
    if (!onDisk) { // A provisioner brings the same at each start.
      copy(credentials, place);
    }
    Oracle.Result result = machine.pass().succeeded();
    assertEquals(rotated, machine.text(PLACE + "encryption-config.yaml"));
    if (!onDisk) {
      assertTrue(result.stdout().contains(" stays: encryption-config.yaml\n"), result.toString());
      assertFalse(Files.exists(machine.file(SEED + "encryption-config.yaml")));
    }
  }

  /** Of a whole directory of credentials, what is none of a controller's ten stays in the seed. */
  @Test
  void whatNobodyAsksForHidesNoDisk() throws Exception {
    try (Stream<Path> files = Files.list(shared.resolve("a"))) {
      for (Path file : files.toList()) {
        Files.copy(file, machine.file(SEED + file.getFileName()));
      }
    }
    machine.pass().succeeded();
    assertPlaced("a", "kubernetes.pem");
    assertTrue(Files.exists(machine.file(SEED + "admin-key.pem")));
    copy(others, machine.disk());
    machine.pass().succeeded();
    assertPlaced("b", "kubernetes.pem");
    assertEquals("", machine.pass().succeeded().stdout());
  }

  /** The power failed while a provisioner's files, old by now, were copied once more. */
  @Test
  void aCopyThatWasCutOffBringsNothingBack() throws Exception {
    give(credentials);
    machine.pass().succeeded();
    copy(others, machine.disk());
    machine.pass().succeeded();
    machine.reboot();
    give(credentials);
    machine.write(PLACE + ".incoming/kubernetes.pem", "-----BEGIN CERT");
    machine.pass().succeeded();
    assertPlaced("b", "kubernetes.pem");
    assertFalse(Files.exists(machine.file(PLACE + ".incoming")));
  }

  /** The digest of a secret tells who has a guess whether it is right. */
  @Test
  void whatIsRememberedOfThemIsRootsAlone() throws Exception {
    give(credentials);
    machine.pass().succeeded();
    Path remembered = machine.file("/var/lib/hardbake/credentials-seed");
    assertEquals(10, Files.readAllLines(remembered).size());
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(remembered)));
  }

  @Test
  void theKeyThatSecretsAreWrittenWithIsNotTakenAway() throws Exception {
    give(credentials);
    machine.pass().succeeded();
    machine.write("/var/lib/etcd/member/wal", "");
    String first = machine.text(PLACE + "encryption-config.yaml");

    // A set made anew for a cluster that has data; the remedy is typed as it is printed.
    give(others);
    rewrite(SEED + "encryption-config.yaml", rotated(first));
    Oracle.Result refused = machine.pass().refused();
    assertEquals(78, refused.exitCode());
    assertTrue(
        refused.stderr().contains("encryption-config.yaml lacks the key that this cluster's"),
        refused::toString);
    assertPlaced("a", "ca.pem");
    String remedy = refused.stderr().replaceAll("(?s).*keep it: (.*?);.*", "$1");
    machine.run(List.of("sh", "-c", remedy)).succeeded();
    machine.pass().succeeded();
    assertPlaced("b", "ca.pem");
    assertEquals(first, machine.text(PLACE + "encryption-config.yaml"));

    // As docs/credentials.md has it: behind, in front, alone.
    String second = rotated(first);
    for (String step : List.of(both(first, second), both(second, first), second)) {
      machine.write(SEED + "encryption-config.yaml", step);
      machine.pass().succeeded();
      assertEquals(step, machine.text(PLACE + "encryption-config.yaml"));
    }
  }

  /** The commands that docs/credentials.md has for it, typed in their order. */
  @Test
  void theServiceAccountKeyIsReplacedAsDocumented() throws Exception {
    Path place = Files.createDirectory(directory.resolve("credentials"));
    copy(credentials, place);
    give(credentials);
    machine.pass().succeeded();
    String before = machine.text(PLACE + "service-account-key.pem");
    for (int step : List.of(1, 2, 3, 5)) {
      String commands = "set -e\ncd " + place + "\n" + documented(step);
      machine.run(List.of("sh", "-c", commands)).succeeded();
      if (step > 1) {
        copy("service-account.pem", place);
        copy("service-account-key.pem", place);
        machine.pass().succeeded();
      }
      // The service trusts every certificate, and signs with the key.
      assertEquals(
          step == 2 || step == 3 ? 2 : 1,
          machine.text(PLACE + "service-account.pem").split("BEGIN CERTIFICATE", -1).length - 1,
          "after step " + step);
      assertEquals(step < 3, machine.text(PLACE + "service-account-key.pem").equals(before));
    }

    // A pair that does not match is never to be mended with a set of another CA.
    copy("service-account.pem", shared.resolve("a"));
    String said = machine.pass().refused().stderr();
    assertTrue(
        said.endsWith(
            "service-account-key.pem is not the key of service-account.pem\n  put the two that"
                + " belong together into "
                + machine.file("/var/lib/hardbake/seed")
                + "\n"),
        said);
  }

  /** The indented lines of a step. */
  private static String documented(int step) throws IOException {
    String text = Files.readString(Path.of("docs/credentials.md"));
    String steps = text.substring(text.indexOf("**The service-account key.**"));
    String one = steps.substring(steps.indexOf("\n" + step + ". "));
    String body = one.substring(1).split("\n(?=[0-9]\\. |\\*\\*)", 2)[0];
    return body.lines()
        .filter(line -> line.startsWith("       "))
        .collect(Collectors.joining("\n"));
  }

  /** Nothing changes on a machine that stays up, but the day. */
  @Test
  void whatExpiresIsSaidEachDay() throws Exception {
    Path day = Files.writeString(directory.resolve("day"), "2030-01-01\n");
    machine.program("date", "cat " + day);
    give(credentials); // They last two days.
    machine.pass().succeeded();
    machine.write("/run/hardbake/warnings", "");
    machine.pass().succeeded();
    assertEquals("", machine.text("/run/hardbake/warnings"), "the same day");
    Files.writeString(day, "2030-01-02\n");
    machine.pass().succeeded();
    String status = machine.status().stdout();
    assertTrue(status.contains("kubernetes.pem expires: "), status);

    Oracle.require("faketime");
    Files.writeString(day, "2030-01-03\n");
    String firstboot = machine.file("/usr/lib/hardbake/firstboot").toString();
    machine.run(List.of("faketime", "-f", "+3d", firstboot, "pass")).succeeded();
    status = machine.status().stdout();
    assertTrue(status.contains("kubernetes.pem expired on "), status);
  }

  private static String rotated(String config) {
    String secret = secret(config);
    return config.replace(secret, "B" + secret.substring(1));
  }

  /** One with the keys of two. */
  private static String both(String front, String behind) {
    return front.replace(
        secret(front),
        secret(front) + "\n        - name: key2\n          secret: " + secret(behind));
  }

  private static String secret(String config) {
    return config.replaceAll("(?s).*secret: (\\S+).*", "$1");
  }

  private void rewrite(String path, String text) throws IOException {
    Files.delete(machine.file(path));
    machine.write(path, text);
  }

  private void assertPlaced(String set, String name) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(shared.resolve(set).resolve(name)),
        Files.readAllBytes(machine.file(PLACE + name)),
        name);
  }

  private void give(TestCredentials set) throws IOException {
    copy(set, machine.file(SEED));
  }

  private void copy(String name, Path directory) throws IOException {
    Files.copy(
        directory.resolve(name), machine.file(SEED + name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(TestCredentials set, Path directory) throws IOException {
    for (Path file : set.files()) {
      Files.copy(file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private List<String> placed() throws IOException {
    try (var files = Files.list(machine.file(PLACE))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
