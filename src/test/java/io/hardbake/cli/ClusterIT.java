package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.ContainerEngine;
import io.hardbake.ManyMachines;
import io.hardbake.Oracle;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands that run a whole cluster, typed as a user types them, on the baked roles and a real
 * engine. What the cluster itself can do is tested elsewhere.
 */
@ManyMachines
final class ClusterIT {
  private static final String NAME = "hardbake-it";
  private static final String LABEL = "label=io.hardbake.cluster=" + NAME;
  private static final int CURL_UNKNOWN_AUTHORITY = 60;

  @TempDir private static Path directory;
  private static JsonNode raised;

  /** How a command ended. */
  private record Ended(int code, String out, String err) {
    /** The result that a machine reads: the last object. */
    JsonNode result() throws Exception {
      return new ObjectMapper().readTree(out.strip().lines().reduce((a, b) -> b).orElseThrow());
    }
  }

  private static Ended cluster(String... arguments) {
    List<String> line = new ArrayList<>(List.of("cluster"));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--name", NAME, "--directory", directory.toString()));
    return run(line.toArray(String[]::new));
  }

  private static Ended run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(arguments, Map.of(), new PrintWriter(out, true), new PrintWriter(err, true));
    return new Ended(code, out.toString(), err.toString());
  }

  private static Ended done(String... arguments) {
    Ended ended = cluster(arguments);
    assertEquals(0, ended.code(), ended::toString);
    return ended;
  }

  @BeforeAll
  static void up() throws Exception {
    ContainerEngine.require();
    Oracle.require("curl");
    cluster("down"); // what a run that was killed has left
    raised = done("up", "--port", "0", "--json").result();
    assertEquals(4, raised.path("started").asInt(), raised::toString);
  }

  @AfterAll
  static void downLeavesNothing() {
    if (raised == null) {
      cluster("down");
      return;
    }
    assertTrue(count("ps", "--all") > 0);
    done("down");
    assertEquals(0, count("ps", "--all"));
    assertEquals(0, count("network", "ls"));
    assertTrue(Files.exists(directory.resolve("ca.pem")));
    Ended status = cluster("status");
    assertEquals(4, status.code());
    assertTrue(status.err().contains("there is no cluster " + NAME), status.err());
    assertTrue(status.err().contains("cluster up --name " + NAME + " --directory "), status.err());
  }

  private static long count(String... command) {
    List<String> line = new ArrayList<>(List.of("docker"));
    line.addAll(List.of(command));
    line.addAll(List.of("--quiet", "--filter", LABEL));
    return Oracle.run(line).succeeded().stdout().lines().count();
  }

  @Test
  void theApiAnswersAtBothAddressesThatWerePrinted() throws Exception {
    assertEquals(2, raised.path("urls").size());
    for (JsonNode url : raised.path("urls")) {
      String answer =
          Oracle.run("curl", "-sS", "--noproxy", "*", "--cacert", ca(), url.asText() + "/version")
              .succeeded()
              .stdout();
      assertEquals(
          raised.path("version").asText(),
          new ObjectMapper().readTree(answer).path("gitVersion").asText());
    }
  }

  @Test
  void onlyTheClustersOwnAuthorityMakesItTrusted() {
    String url = raised.path("urls").get(0).asText();
    assertEquals(
        CURL_UNKNOWN_AUTHORITY,
        Oracle.run("curl", "-sS", "--noproxy", "*", url + "/version").exitCode());
  }

  @Test
  void statusBelievesNoOtherAuthority(@TempDir Path other) throws Exception {
    Ended missing = status(other);
    assertEquals(2, missing.code(), missing::toString);
    Oracle.require("openssl");
    Oracle.run(
            List.of(
                ("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=Kubernetes -days 2 -keyout "
                        + other.resolve("ca-key.pem")
                        + " -out "
                        + other.resolve("ca.pem"))
                    .split(" ", -1)))
        .succeeded();
    Ended foreign = status(other);
    assertEquals(4, foreign.code(), foreign::toString);
    assertTrue(foreign.err().contains("the API does not answer"), foreign::toString);
  }

  private static Ended status(Path directory) {
    return run("cluster", "status", "--name", NAME, "--directory", directory.toString());
  }

  private static String ca() {
    return raised.path("ca").asText();
  }

  /** With the administrator's rights, which /version does not ask for. */
  @Test
  void theKubeconfigWorks() throws Exception {
    Path config = Path.of(raised.path("kubeconfig").asText());
    String pipe =
        "docker exec -i "
            + NAME
            + "-controller-0 sh -c"
            + " 'cat >/run/kubeconfig; kubectl --kubeconfig /run/kubeconfig --server"
            + " https://127.0.0.1:6443 auth can-i delete nodes' <"
            + config;
    assertEquals("yes", Oracle.run("sh", "-c", pipe).stdout().strip());
  }

  @Test
  void everyMachineIsReady() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : done("status", "--json").out().strip().lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertEquals(5, lines.size());
    lines.subList(0, 4).forEach(line -> assertTrue(line.path("ready").asBoolean(), line::toString));
    assertEquals(raised.path("version"), lines.get(4).path("version"));
  }

  @Test
  void theSecondTimeNothingIsDone() throws Exception {
    String before = machines();
    Ended again = done("up", "--json");
    assertEquals(0, again.result().path("started").asInt());
    assertEquals(raised.path("urls"), again.result().path("urls"));
    assertEquals(before, machines());
  }

  /** Identity and start of each container. */
  private static String machines() {
    return Oracle.run(
            "docker", "ps", "--no-trunc", "--filter", LABEL, "--format", "{{.ID}} {{.Ports}}")
        .succeeded()
        .stdout();
  }

  @Test
  void aStoppedMachineIsSeenAndStarted() throws Exception {
    Oracle.run("docker", "stop", NAME + "-loadbalancer").succeeded();
    Ended status = cluster("status");
    assertEquals(4, status.code());
    assertTrue(status.err().contains("not at work: loadbalancer"), status::toString);
    assertTrue(status.out().contains("Halting system"), "its console: " + status);
    assertEquals(1, done("up", "--json").result().path("started").asInt());
    done("status");
  }

  @Test
  void theLoadBalancerHasNoCredentials() {
    Oracle.run("docker", "exec", NAME + "-controller-0", "test", "-s", "/var/lib/kubernetes/ca.pem")
        .succeeded();
    String search =
        "find / -xdev -path /usr -prune -o -path /etc/ssl -prune -o"
            + " ( -name *.pem -o -name *.kubeconfig ) -print";
    List<String> command = new ArrayList<>(List.of("docker", "exec", NAME + "-loadbalancer"));
    command.addAll(List.of(search.split(" ", -1)));
    assertEquals("", Oracle.run(command).succeeded().stdout());
  }

  @Test
  void journalsAreReadByMachineAndUnit() {
    String lines = done("logs", "controller-1", "--unit", "etcd", "--lines", "3").out();
    assertEquals(3, lines.lines().count(), lines);
    assertTrue(lines.startsWith("controller-1 | "), lines);
    assertTrue(lines.contains("etcd["), lines);
    assertEquals(
        "controller-1 | (nothing from a unit etcdd)\n",
        done("logs", "controller-1", "--unit", "etcdd").out());
  }

  @Test
  void followingIsEndedByAnInterruptionOfWhichNothingIsSaid() throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    FutureTask<Integer> following = following(out, err);
    Thread thread = new Thread(following, "following");
    thread.start();
    for (int i = 0; i < 600 && !out.toString().contains(" | "); i++) {
      Thread.sleep(100);
    }
    assertTrue(out.toString().contains(" | "), err::toString);
    assertFalse(following.isDone(), err::toString);
    thread.interrupt();
    assertEquals(130, following.get(60, TimeUnit.SECONDS));
    assertEquals("", err.toString());
    assertNobodyReadsAJournal();
  }

  /** As head does. */
  @Test
  void followingEndsWhenItsReaderLeaves() throws Exception {
    Writer gone =
        new FilterWriter(new StringWriter()) {
          @Override
          public void write(String text, int start, int length) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    StringWriter err = new StringWriter();
    FutureTask<Integer> following = following(gone, err);
    new Thread(following, "following").start();
    assertEquals(0, following.get(60, TimeUnit.SECONDS));
    assertEquals("", err.toString());
    assertNobodyReadsAJournal();
  }

  private FutureTask<Integer> following(Writer out, Writer err) {
    String[] line = {
      "cluster", "logs", "--follow", "--lines", "1", "--name", NAME, "--directory", "" + directory
    };
    return new FutureTask<>(
        () -> Main.run(line, Map.of(), new PrintWriter(out, true), new PrintWriter(err, true)));
  }

  /** What reads it on a machine has to end, too: else it would be in the way of a halt. */
  private static void assertNobodyReadsAJournal() {
    String reading = "until ! grep -sqx journalctl /proc/[0-9]*/comm; do sleep 0.1; done";
    Oracle.run("docker", "exec", NAME + "-controller-0", "timeout", "10", "sh", "-c", reading)
        .succeeded();
  }

  @Test
  void aTakenPortIsRefusedBeforeAnythingIsMade() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      Ended refused = run("cluster", "up", "--name", NAME + "-2", "--port", port);
      assertEquals(7, refused.code(), refused::toString);
      assertTrue(refused.err().contains("--port 0"), refused::toString);
      assertEquals(
          "",
          Oracle.run(
                  "docker",
                  "network",
                  "ls",
                  "-q",
                  "--filter",
                  "label=io.hardbake.cluster=hardbake-it-2")
              .succeeded()
              .stdout());
    }
  }
}
