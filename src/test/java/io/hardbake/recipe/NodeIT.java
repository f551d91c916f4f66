package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine's place in the cluster, from what the seed, DNS and the kernel's routes say. */
class NodeIT {
  private static final String THREE =
      "CONTROLLERS=\"controller-0=10.240.0.10 controller-1=10.240.0.11 controller-2=10.240.0.12\"\n";

  @TempDir private Path directory;
  private FirstBootMachine machine;

  @BeforeEach
  void aLoadBalancerKnowsControllersAndNeedsNoCredentials() throws Exception {
    machine = new FirstBootMachine(directory, "loadbalancer", "loadbalancer");
    machine.address("10.240.0.40").routes("10.240.0.10 dev eth0 src 10.240.0.40 uid 0");
  }

  @Test
  void threeControllersFromTheSeed() throws Exception {
    machine.seed(THREE);
    assertEquals(
        """
        NODE_NAME=loadbalancer
        INTERNAL_IP=10.240.0.40
        CONTROLLERS="controller-0=10.240.0.10 controller-1=10.240.0.11 controller-2=10.240.0.12"
        APISERVER_COUNT=3
        ETCD_SERVERS=https://controller-0:2379,https://controller-1:2379,https://controller-2:2379
        INITIAL_CLUSTER=controller-0=https://controller-0:2380,controller-1=https://controller-1:2380,controller-2=https://controller-2:2380
        """,
        nodeEnv());
    assertEquals("loadbalancer A", question(machine.asked()));
    assertTrue(
        machine
            .text("/etc/hosts")
            .endsWith(
                """
                # hardbake: controllers
                10.240.0.10 controller-0
                10.240.0.11 controller-1
                10.240.0.12 controller-2
                # hardbake: end
                """));
  }

  /** As the tutorial asks: {@code dig +short controller-N}. */
  @Test
  void threeControllersFromDns() throws Exception {
    machine.dns(
        "controller-0 127.0.1.1",
        "controller-0 10.240.0.10",
        "controller-1 10.240.0.11",
        "controller-2 10.240.0.12");
    assertTrue(
        nodeEnv()
            .contains(
                "CONTROLLERS=\"controller-0=10.240.0.10 controller-1=10.240.0.11"
                    + " controller-2=10.240.0.12\"\n"));
    assertTrue(machine.asked().startsWith("+short "), machine.asked());
    assertFalse(machine.text("/etc/hosts").contains("controller-0"), "DNS knows them");
  }

  @Test
  void etcdIsAsPatientAsTheSeedSays() throws Exception {
    String values = "ETCD_HEARTBEAT_INTERVAL=1000\nETCD_ELECTION_TIMEOUT=10000\n";
    machine.dns("controller-0 10.240.0.10").seed("CONTROLLER_COUNT=1\n");
    assertFalse(nodeEnv().contains("ETCD_HEARTBEAT_INTERVAL"));
    machine.seed("CONTROLLER_COUNT=1\n" + values);
    String env = nodeEnv();
    assertTrue(env.endsWith("\n" + values), env);
  }

  @ParameterizedTest
  @CsvSource({"1", "3", "5"})
  void anyNumberOfControllers(int count) throws Exception {
    String[] answers = new String[count];
    for (int n = 0; n < count; n++) {
      answers[n] = "controller-" + n + " 10.240.0.1" + n;
    }
    machine.dns(answers).seed("CONTROLLER_COUNT=" + count + "\n");
    String env = nodeEnv();
    assertTrue(env.contains("\nAPISERVER_COUNT=" + count + "\n"), env);
    assertEquals(
        count - 1, env.replaceAll("(?s).*ETCD_SERVERS=(.*?)\n.*", "$1").split(",").length - 1);
    assertTrue(
        machine
            .text("/etc/haproxy/haproxy.cfg")
            .contains(
                "        server controller-%d 10.240.0.1%d:6443 check\n        # hardbake: end\n"
                    .formatted(count - 1, count - 1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CONTROLLERS=a=10.0.0.256 | CONTROLLERS has 'a=10.0.0.256'",
        "CONTROLLERS=a=10.0.0 | CONTROLLERS has 'a=10.0.0'",
        "CONTROLLERS=a=010.0.0.1 | CONTROLLERS has 'a=010.0.0.1'",
        "CONTROLLERS=A=10.0.0.1 | CONTROLLERS has 'A=10.0.0.1'",
        "CONTROLLERS=a=10.0.0.1 a=10.0.0.2 | CONTROLLERS has a twice",
        "CONTROLLERS=a=10.0.0.1 b=10.0.0.1 | CONTROLLERS gives 10.0.0.1 to a and to b",
        "CONTROLLER_COUNT=many | CONTROLLER_COUNT is 'many'",
        "INTERNAL_IP=eth0 | INTERNAL_IP is no IPv4 address: 'eth0'",
        "NODE_NAME=$(id) | '$(id)' is no host name",
        "NODE_NAME=a;CONTROLLERS=a=10.240.0.40;INTERNAL_IP=10.240.0.41 | INTERNAL_IP is 10.240.0.41, and CONTROLLERS has a=10.240.0.40",
        "INTERNAL_IP=10.240.0.99 | loadbalancer should be 10.240.0.99, and this machine has 10.240.0.40",
        "ETCD_HEARTBEAT_INTERVAL=0.5 | '0.5' is no number of milliseconds for etcd, from 1 to 50000",
        "ETCD_ELECTION_TIMEOUT=500000 | '500000' is no number of milliseconds for etcd, from 1 to 50000",
        "ETCD_HEARTBEAT_INTERVAL=500 | etcd does not accept an election timeout of 1000 ms with a heartbeat each 500 ms",
        "CONTROLLERS=a=10.0.2.15 | the address of a is 10.0.2.15, which VirtualBox's NAT gives to every machine",
      })
  void saysWhatIsWrong(String lines, String problem) throws Exception {
    machine.seed(lines.replace(';', '\n') + "\n");
    Oracle.Result result = machine.pass().refused();
    assertEquals(78, result.exitCode());
    assertEquals(problem, result.stderr().lines().findFirst().orElseThrow());
    assertEquals(2, result.stderr().lines().count(), "problem and remedy: " + result);
    assertFalse(Files.exists(machine.file("/etc/hardbake/node.env")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // name; addresses; what DNS says of the own name; source address towards a controller;
        // INTERNAL_IP, or the problem
        "VirtualBox NAT and host-only | 10.0.2.15 192.168.56.40 | - | 192.168.56.40 | 192.168.56.40",
        "the same, DNS knows both | 10.0.2.15 192.168.56.40 | 10.0.2.15 192.168.56.40 | 192.168.56.40 | 192.168.56.40",
        "the same, DNS knows the NAT | 10.0.2.15 192.168.56.40 | 10.0.2.15 | 192.168.56.40 | 192.168.56.40",
        "VirtualBox NAT alone | 10.0.2.15 | - | 10.0.2.15 | the address of loadbalancer is 10.0.2.15",
        "libvirt management and private | 192.168.121.7 10.240.0.40 | - | 10.240.0.40 | 10.240.0.40",
        "the same, DNS knows one | 192.168.121.7 10.240.0.40 | 192.168.121.7 | 10.240.0.40 | 192.168.121.7",
        "two private networks | 10.1.0.4 10.2.0.4 | 10.1.0.4 10.2.0.4 | 10.2.0.4 | 10.2.0.4",
        "two private networks, no route | 10.1.0.4 10.2.0.4 | 10.1.0.4 10.2.0.4 | - | 10.1.0.4",
        "Debian's 127.0.1.1 | 10.240.0.40 | 127.0.1.1 | 10.240.0.40 | 10.240.0.40",
        "container network | 172.18.0.5 | 172.18.0.5 | 172.18.0.5 | 172.18.0.5",
        "another machine has the name | 172.18.0.5 | 172.18.0.9 | 172.18.0.5 | DNS says that loadbalancer is 172.18.0.9, which is another machine: this one has 172.18.0.5",
        "IPv6 only | - | - | - | this machine has no IPv4 address",
      })
  void choosesTheAddress(String name, String addresses, String dns, String source, String expected)
      throws Exception {
    StringBuilder interfaces = new StringBuilder();
    int index = 2;
    for (String address : words(addresses)) {
      interfaces.append(
          "%d: eth%d    inet %s/24 brd 192.168.56.255 scope global dynamic eth%d\\       valid_lft 86000sec\n"
              .formatted(index, index - 2, address, index - 2));
      index++;
    }
    machine.addresses(interfaces.toString()).seed("CONTROLLERS=c=192.168.56.10\n");
    machine.routes(
        source == null ? "" : "192.168.56.10 dev eth1 src " + source + " uid 0 \\ cache");
    machine.dns(words(dns).stream().map(a -> "loadbalancer " + a).toArray(String[]::new));

    Oracle.Result result = machine.pass();
    if (expected.matches("[0-9.]+")) {
      result.succeeded();
      assertTrue(
          machine.text("/etc/hardbake/node.env").contains("\nINTERNAL_IP=" + expected + "\n"));
    } else {
      assertTrue(result.refused().stderr().startsWith(expected), result.toString());
    }
  }

  /** Early in a boot there may be none; that is nobody else's fault. */
  @ParameterizedTest
  @ValueSource(
      strings = {"INTERNAL_IP=10.240.0.40\nCONTROLLERS=c=10.240.0.10\n", "CONTROLLERS=c\n"})
  void waitsForAnAddressOfItsOwn(String seed) throws Exception {
    machine.addresses("").dns("loadbalancer 10.240.0.40").seed(seed);
    Oracle.Result result = machine.pass().refused();
    assertEquals(75, result.exitCode());
    assertEquals("this machine has no IPv4 address yet\n", result.stderr());
    result = machine.pass("--partial").refused();
    assertEquals(78, result.exitCode());
    assertEquals(
        """
        this machine has no IPv4 address
          connect it to a network with IPv4; IPv6 alone does not do
        """,
        result.stderr());
  }

  @Test
  void waitsForPeersThatDnsDoesNotKnowYet() throws Exception {
    machine.dns("controller-1 10.240.0.11");
    Oracle.Result result = machine.pass().refused();
    assertEquals(75, result.exitCode());
    assertEquals(
        "waiting for DNS to know controller-0 controller-2\n",
        result.stderr().replaceAll(" \\(this machine is .*\\)", ""));
  }

  @Test
  void goesOnWithThoseItKnowsWhenTheWaitIsOver() throws Exception {
    machine.dns("controller-0 10.240.0.10");
    machine.pass("--partial").succeeded();
    assertTrue(
        machine
            .text("/etc/hardbake/node.env")
            .contains("\nCONTROLLERS=\"controller-0=10.240.0.10 controller-1 controller-2\"\n"));
    // When the others come, they are added.
    machine.dns("controller-0 10.240.0.10", "controller-1 10.240.0.11", "controller-2 10.240.0.12");
    machine.pass("--partial").succeeded();
    assertTrue(machine.told().contains("try-reload-or-restart haproxy"), machine.told());
    // And while DNS is silent again, what was known counts.
    machine.dns("");
    machine.pass("--partial").succeeded();
    assertTrue(
        machine
            .text("/etc/haproxy/haproxy.cfg")
            .contains("        server controller-2 10.240.0.12:6443 check\n"));
  }

  /** The clock counts, not the looks; who is slow looks less often. */
  @Test
  void waitsAsLongAsItWasToldAlsoIfALookIsSlow() throws Exception {
    Path looks = directory.resolve("looks");
    machine.program("dig", "echo $* >>" + looks + "; sleep 1");
    machine.seed("CONTROLLERS=\"controller-0=10.240.0.10 controller-1\"\nWAIT_SECONDS=3\n");
    long start = System.nanoTime();
    String said = machine.boot().succeeded().stderr();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(said.contains("waiting for DNS to know controller-1"), said);
    assertTrue(took.compareTo(Duration.ofSeconds(3)) >= 0, took::toString);
    long asked = Files.readAllLines(looks).stream().filter(s -> s.contains("controller-1")).count();
    assertTrue(asked == 2 || asked == 3, asked + " looks within " + took);
  }

  @Test
  void aZeroInFrontMakesNoOctalNumber() throws Exception {
    machine.seed("CONTROLLERS=\"controller-0=10.240.0.10 controller-1\"\nWAIT_SECONDS=08\n");
    long start = System.nanoTime();
    machine.boot().succeeded();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(Duration.ofSeconds(8)) >= 0, took::toString);
  }

  @Test
  void withoutAnyControllerThereIsNothingToBalance() throws Exception {
    assertEquals(78, machine.pass("--partial").refused().exitCode());
  }

  @Test
  void aNewAddressOfAPeerIsPickedUp() throws Exception {
    machine.seed("CONTROLLERS=controller-0\n").dns("controller-0 10.240.0.10");
    machine.pass().succeeded();
    machine.dns("controller-0 10.240.0.77").routes("10.240.0.77 src 10.240.0.40");
    machine.pass().succeeded();
    assertTrue(machine.text("/etc/haproxy/haproxy.cfg").contains("controller-0 10.240.0.77:6443"));
    assertFalse(machine.text("/etc/haproxy/haproxy.cfg").contains("10.240.0.10"));
  }

  @Test
  void ofTwoMachinesWithOneNameTheKnownOneCounts() throws Exception {
    machine.seed("CONTROLLERS=controller-0\n");
    machine.dns("controller-0 10.240.0.10");
    machine.pass().succeeded();
    machine.dns("controller-0 10.240.0.66", "controller-0 10.240.0.10");
    machine.pass().succeeded();
    assertTrue(
        machine
            .text("/etc/hardbake/node.env")
            .contains("CONTROLLERS=\"controller-0=10.240.0.10\""));
    assertTrue(
        machine
            .status()
            .stdout()
            .contains("DNS has several addresses for controller-0: 10.240.0.66 10.240.0.10"));
  }

  @Test
  void aControllerOfSeveralAddressesIsNotSaidToHaveNone() throws Exception {
    machine.seed("CONTROLLERS=controller-0\n");
    machine.dns("controller-0 10.240.0.10", "controller-0 192.168.5.10");
    String said = machine.pass("--partial").refused().stderr();
    assertTrue(said.contains("DNS has several addresses for controller-0\n"), said);
  }

  /** The file is read, never run. */
  @Test
  void runsNothingOfTheSeed() throws Exception {
    machine.seed("CONTROLLERS=\"$(touch " + directory.resolve("x") + ")\"\n");
    machine.pass().refused();
    assertFalse(Files.exists(directory.resolve("x")));
  }

  @Test
  void writesHaproxysFileAsTheTutorialDoes() throws Exception {
    Oracle.require("haproxy");
    machine.seed(THREE);
    machine.pass().succeeded();
    TutorialTest.compare(
        "/etc/haproxy/haproxy.cfg",
        "tee /etc/haproxy/haproxy.cfg",
        machine.text("/etc/haproxy/haproxy.cfg"));
  }

  @Test
  void whatAnAdministratorChangedInHaproxysFileStays() throws Exception {
    machine.seed(THREE);
    machine.pass().succeeded();
    String changed =
        machine.text("/etc/haproxy/haproxy.cfg").replace("balance roundrobin", "balance leastconn");
    machine.write("/etc/haproxy/haproxy.cfg", changed);
    machine.seed("CONTROLLERS=controller-0=10.240.0.10\n");
    machine.pass().succeeded();
    String after = machine.text("/etc/haproxy/haproxy.cfg");
    assertTrue(after.contains("balance leastconn"));
    assertFalse(after.contains("controller-1"));
  }

  @Test
  void aFileThatHaproxyRefusesIsNotPutInPlace() throws Exception {
    Oracle.require("haproxy");
    machine.seed("CONTROLLERS=controller-0=10.240.0.10\n");
    machine.pass().succeeded();
    String broken = machine.text("/etc/haproxy/haproxy.cfg").replace("roundrobin", "nonsense");
    machine.write("/etc/haproxy/haproxy.cfg", broken);
    machine.seed(THREE);
    assertTrue(machine.pass().refused().stderr().startsWith("haproxy does not take "));
    assertEquals(broken, machine.text("/etc/haproxy/haproxy.cfg"));
  }

  /** Before its first start nothing is asked that it asks itself then. */
  @Test
  void haproxyIsNotAskedBeforeItsFirstStart() throws Exception {
    machine.program("haproxy", "exit 1");
    machine.seed(THREE);
    machine.pass().succeeded();
    assertTrue(machine.text("/etc/haproxy/haproxy.cfg").contains("controller-2 10.240.0.12:6443"));
    assertEquals("", machine.told());
  }

  @Test
  void aFileOfHaproxyWithoutTheMarksIsLeftAlone() throws Exception {
    machine.write("/etc/haproxy/haproxy.cfg", "defaults\n");
    machine.seed(THREE);
    assertTrue(machine.pass().refused().stderr().contains("has lost the line"));
    assertEquals("defaults\n", machine.text("/etc/haproxy/haproxy.cfg"));
  }

  /** Nobody knows then which of the lines that follow are somebody else's. */
  @ParameterizedTest
  @ValueSource(strings = {"/etc/haproxy/haproxy.cfg", "/etc/hosts"})
  void aFileWithoutTheSecondMarkIsLeftAlone(String path) throws Exception {
    machine.program("haproxy", "exit 0");
    machine.seed(THREE);
    machine.pass().succeeded();
    String whole = machine.text(path) + "# somebody else's\n";
    String lost = whole.replaceFirst(" *# hardbake: end\n", "");
    machine.write(path, lost);
    machine.seed("CONTROLLERS=controller-0=10.240.0.10\n");
    Oracle.Result refused = machine.pass().refused();
    assertEquals(78, refused.exitCode());
    assertEquals(
        machine.file(path)
            + " has lost the line '# hardbake: end'\n"
            + "  put it back behind the last of the lines that follow '# hardbake: controllers'\n",
        refused.stderr());
    assertEquals(lost, machine.text(path));
    machine.write(path, whole);
    machine.pass().succeeded();
    assertTrue(machine.text(path).endsWith("\n# somebody else's\n"));
    assertFalse(machine.text(path).contains("controller-1"));
  }

  @Test
  void whatDidNotChangeIsNotWritten() throws Exception {
    machine.seed(THREE);
    machine.boot().succeeded();
    String told = machine.told();
    Object before = Files.getLastModifiedTime(machine.file("/etc/hosts"));
    machine.pass().succeeded();
    assertEquals(told, machine.told());
    assertEquals(before, Files.getLastModifiedTime(machine.file("/etc/hosts")));
    assertFalse(Files.exists(machine.file("/run/hardbake/restart")));
  }

  private String nodeEnv() throws IOException {
    machine.pass().succeeded();
    return values(machine.text("/etc/hardbake/node.env"));
  }

  private static String values(String env) {
    return env.replaceAll("(?m)^#.*\n", "");
  }

  private static String question(String arguments) {
    return arguments.strip().replaceAll("\\+\\S+ ", "");
  }

  private static List<String> words(String text) {
    return text == null ? List.of() : List.of(text.split(" "));
  }
}
