package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /usr/lib/hardbake/node}: from the values of a node to those that follow from them. */
class NodeScriptIT {
  @TempDir private Path directory;

  @BeforeEach
  void needsAShell() {
    Oracle.require("sh", "sed", "grep");
  }

  @Test
  void oneController() throws Exception {
    node("controller", "CONTROLLERS=controller-0=10.0.0.10\nNODE_NAME=controller-0\n").succeeded();
    assertEquals(
        """
        NODE_NAME=controller-0
        INTERNAL_IP=10.0.0.10
        APISERVER_COUNT=1
        ETCD_SERVERS=https://controller-0:2379
        INITIAL_CLUSTER=controller-0=https://controller-0:2380
        CONTROLLER0=10.0.0.10
        """,
        clusterEnv());
  }

  @Test
  void threeControllers() throws Exception {
    node(
            "controller",
            """
            # Written by hand.
            NODE_NAME='controller-1'
            INTERNAL_IP = ignored, as systemd ignores it
            INTERNAL_IP="192.168.0.11"
            CONTROLLERS="controller-0=10.0.0.10 controller-1=10.0.0.11  controller-2=10.0.0.12" \s
            """)
        .succeeded();
    assertEquals(
        """
        NODE_NAME=controller-1
        INTERNAL_IP=192.168.0.11
        APISERVER_COUNT=3
        ETCD_SERVERS=https://controller-0:2379,https://controller-1:2379,https://controller-2:2379
        INITIAL_CLUSTER=controller-0=https://controller-0:2380,controller-1=https://controller-1:2380,controller-2=https://controller-2:2380
        CONTROLLER0=10.0.0.10
        CONTROLLER1=10.0.0.11
        CONTROLLER2=10.0.0.12
        """,
        clusterEnv());
  }

  @Test
  void whatIsGivenCounts() throws Exception {
    node(
            "controller",
            """
            NODE_NAME=a
            CONTROLLERS="a=10.0.0.1 b=10.0.0.2"
            APISERVER_COUNT=5
            ETCD_SERVERS=https://10.0.0.1:2379
            ETCD_INITIAL_CLUSTER=a=https://10.0.0.1:2380
            """)
        .succeeded();
    assertTrue(clusterEnv().contains("\nAPISERVER_COUNT=5\n"));
    assertTrue(clusterEnv().contains("\nETCD_SERVERS=https://10.0.0.1:2379\n"));
    assertTrue(clusterEnv().contains("\nINITIAL_CLUSTER=a=https://10.0.0.1:2380\n"));
  }

  @Test
  void aLoadBalancerNeedsTheControllersAlone() throws Exception {
    node("loadbalancer", "CONTROLLERS=\"a=10.0.0.1 b=10.0.0.2\"\n").succeeded();
    assertTrue(clusterEnv().contains("\nCONTROLLER0=10.0.0.1\nCONTROLLER1=10.0.0.2\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "NODE_NAME=a | CONTROLLERS is missing",
        "CONTROLLERS=a | CONTROLLERS has 'a'",
        "CONTROLLERS=a=10.0.0.256 | CONTROLLERS has 'a=10.0.0.256'",
        "CONTROLLERS=a=10.0.0 | CONTROLLERS has 'a=10.0.0'",
        "CONTROLLERS=A=10.0.0.1 | CONTROLLERS has 'A=10.0.0.1'",
        "CONTROLLERS=a=1.2.3.4;NODE_NAME=b | CONTROLLERS does not name this machine, b",
        "CONTROLLERS=a=1.2.3.4;NODE_NAME=a;INTERNAL_IP=eth0 | INTERNAL_IP is no IPv4 address: 'eth0'",
        "CONTROLLERS=a=1.2.3.4;NODE_NAME=$(id) | '$(id)' is no host name"
      })
  void saysWhatIsWrong(String lines, String problem) throws Exception {
    Oracle.Result result = node("controller", lines.replace(';', '\n') + "\n").refused();
    assertEquals(78, result.exitCode());
    assertTrue(
        result
            .stderr()
            .startsWith(directory.resolve("node.env") + ": " + problem + "\nTo mend it: "),
        result.stderr());
    assertFalse(Files.exists(directory.resolve("cluster.env")));
  }

  @Test
  void saysThatTheFileIsNotThere() throws Exception {
    Oracle.Result result = run("controller").refused();
    assertTrue(result.stderr().contains("node.env: there is no such file\n"), result.stderr());
  }

  /** The file is read, never run. */
  @Test
  void runsNothingOfTheFile() throws Exception {
    node("loadbalancer", "touch " + directory.resolve("x") + "\nCONTROLLERS=a=1.2.3.4\n")
        .succeeded();
    assertFalse(Files.exists(directory.resolve("x")));
  }

  private Oracle.Result node(String role, String env) throws Exception {
    Files.writeString(directory.resolve("node.env"), env);
    return run(role);
  }

  private Oracle.Result run(String role) throws Exception {
    Path script = directory.resolve("node");
    Files.writeString(script, RenderedRole.of(role, "v1.18.6").file("/usr/lib/hardbake/node"));
    return Oracle.run(
        "sh",
        script.toString(),
        directory.resolve("node.env").toString(),
        directory.resolve("cluster.env").toString());
  }

  private String clusterEnv() throws Exception {
    return Files.readString(directory.resolve("cluster.env")).stripTrailing() + "\n";
  }
}
