package io.hardbake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.engine.EngineFacts;
import io.hardbake.engine.Machine;
import io.hardbake.engine.MachineSpec;
import io.hardbake.engine.Network;
import io.hardbake.engine.Subnet;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster's commands make of what an engine has; the engine is a fake. */
final class ClusterTest {
  /** Credentials are kept from one test to the next: RSA keys take their time. */
  @TempDir private static Path directory;

  private final TestCluster cluster = new TestCluster(directory);
  private final FakeEngine engine = cluster.engine;

  @Test
  void makesTheWholeCluster() throws Exception {
    Raised raised = cluster.up();
    assertEquals("v1.18.6", raised.version());
    assertEquals(4, raised.started());
    assertEquals(
        Map.of(
            "controller-0", "running",
            "controller-1", "running",
            "controller-2", "running",
            "loadbalancer", "running"),
        engine.states());
    assertEquals(4, engine.seeds.size());
    MachineSpec balancer = engine.spec("test-loadbalancer");
    assertEquals(1, balancer.ports().size());
    assertEquals("127.0.0.1", balancer.ports().get(0).hostAddress());
    assertTrue(raised.published().endsWith(":" + balancer.ports().get(0).hostPort()));
    assertEquals(List.of(), engine.spec("test-controller-0").ports());
  }

  @Test
  void theKubeconfigCallsThePublishedPortAndIsForItsOwnerAlone() throws Exception {
    Raised raised = cluster.up();
    assertTrue(
        Files.readString(raised.kubeconfig())
            .contains("\n    server: " + raised.published() + "\n"));
    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(raised.kubeconfig()));
  }

  @Test
  void theSecondTimeNothingIsDone() throws Exception {
    Raised first = cluster.up();
    Map<String, Machine> before = Map.copyOf(engine.machines);
    Raised second = cluster.up();
    assertEquals(0, second.started());
    assertEquals(first.published(), second.published());
    assertEquals(before, engine.machines);
    assertEquals(List.of(), cluster.progress.problems());
  }

  @Test
  void anInterruptedStartIsMadeAnewAndAStoppedMachineIsNot() throws Exception {
    cluster.up();
    Machine fresh = engine.named("test-controller-1");
    Machine stopped = engine.named("test-loadbalancer");
    engine.set(fresh, "created");
    engine.set(stopped, "exited");
    assertEquals(2, cluster.up().started());
    assertNotEquals(fresh.id(), engine.named("test-controller-1").id());
    assertEquals(stopped.id(), engine.named("test-loadbalancer").id());
    assertEquals("running", engine.states().get("loadbalancer"));
    assertEquals(List.of(), cluster.progress.problems());
  }

  @Test
  void lostControllersAreWarnedOfWhereTheOthersAreNoMajority() throws Exception {
    cluster.up();
    engine.remove(engine.named("test-controller-1").id());
    cluster.up();
    assertEquals(List.of(), cluster.progress.problems());
    engine.remove(engine.named("test-controller-0").id());
    engine.remove(engine.named("test-controller-1").id());
    assertEquals(2, cluster.up().started());
    String said = cluster.progress.problems().get(0);
    assertTrue(said.startsWith("controller-0, controller-1: gone, and without them"), said);
  }

  @Test
  void aTakenSubnetIsPassedBy() throws Exception {
    engine.createNetwork("other", Subnet.parse("10.240.0.0/16").orElseThrow(), Map.of());
    cluster.up();
    String address = engine.spec("test-controller-0").address();
    assertFalse(address.startsWith("10.240."), address);
    assertTrue(address.endsWith(".10"), address);
  }

  @Test
  void imagesThatCannotBeLoadedLeaveNothingBehind() {
    engine.loads = false;
    assertThrows(IntegrityException.class, cluster::up);
    assertEquals(List.of(), engine.networks);
  }

  /** What an interrupted start leaves: nothing is stored in it. */
  @Test
  void whatNeverRanMayBecomeOther() throws Exception {
    cluster.up();
    List.copyOf(engine.machines.values()).forEach(machine -> engine.set(machine, "created"));
    assertEquals(2, cluster.up(cluster.withControllers(1)).started());
    List.copyOf(engine.machines.values()).forEach(machine -> engine.remove(machine.id()));
    assertEquals(2, cluster.up().started());
    List.copyOf(engine.machines.values()).forEach(machine -> engine.remove(machine.id()));
    assertEquals(6, cluster.up(cluster.withControllers(5)).started());
    assertEquals(1, engine.networks.size());
    assertEquals(List.of(), cluster.progress.problems());
  }

  @Test
  void oneControllerMakesAClusterToo() throws Exception {
    assertEquals(1, cluster.up(cluster.withControllers(1)).controllers());
    assertEquals(2, engine.machines.size());
  }

  @Test
  void aMachineThatEndsIsShownWithItsLastWords() {
    engine.dying.add("test-controller-2");
    cluster.version = Optional.empty();
    HostException e = assertThrows(HostException.class, cluster::up);
    assertTrue(
        message(e).startsWith("controller-2 ended while the cluster started (exit code 255)"),
        message(e));
    assertTrue(message(e).contains("Failed to mount cgroup"), message(e));
  }

  @Test
  void aSilentClusterIsShownMachineByMachine() {
    cluster.version = Optional.empty();
    UnreachableException e = assertThrows(UnreachableException.class, cluster::up);
    assertTrue(message(e).contains("connection reset"), message(e));
    assertTrue(message(e).contains("controller-0: running, ready"), message(e));
  }

  @Test
  void anAnswerIsNotEnoughWhileAMachineIsNotReady() {
    engine.ready = false;
    UnreachableException e = assertThrows(UnreachableException.class, cluster::up);
    assertTrue(message(e).startsWith("the API answers, but not all"), message(e));
  }

  @Test
  void imagesMustFitTheEngine() {
    engine.facts = new EngineFacts("arm64", "unix:///fake", "127.0.0.1");
    HostException e = assertThrows(HostException.class, cluster::up);
    assertTrue(e.remedy().contains("--arch arm64"), e.remedy());
    assertEquals(List.of(), engine.networks);
  }

  @Test
  void anEngineElsewherePublishesWhereItCanBeReached() throws Exception {
    engine.facts = new EngineFacts("amd64", "tcp://elsewhere:2375", "elsewhere");
    UsageException e = assertThrows(UsageException.class, cluster::up);
    assertTrue(e.remedy().contains("--port 6443"), e.remedy());
    OptionalInt port = OptionalInt.of(17443);
    Raised raised = cluster.up(cluster.wish(OptionalInt.of(1), Optional.empty(), port, false));
    assertEquals("https://elsewhere:17443", raised.published());
    assertEquals("0.0.0.0", engine.spec("test-loadbalancer").ports().get(0).hostAddress());
  }

  @Test
  void downTakesWhatIsOursAndNothingElse() throws Exception {
    cluster.up();
    engine.create(
        new MachineSpec("i", "other", "other", "bridge", "10.0.0.1", List.of(), Map.of()));
    Network other =
        engine
            .createNetwork("other", Subnet.parse("10.1.0.0/24").orElseThrow(), Map.of())
            .orElseThrow();
    assertEquals(4, cluster.commands().down(false).size());
    assertEquals(Map.of("other", "created"), engine.states());
    assertEquals(List.of(other), engine.networks);
    assertTrue(Files.exists(directory.resolve("ca.pem")));
    assertEquals(List.of(), cluster.commands().down(false));
  }

  @Test
  void oneHardbakeAtATime(@TempDir Path own) throws Exception {
    Cluster commands = cluster.commands(own);
    ClusterLock lock = ClusterLock.forUp(own, new ClusterName("test"));
    try (lock) {
      HostException up = assertThrows(HostException.class, () -> commands.up(cluster.plain()));
      assertEquals("another hardbake works on the cluster test", up.getMessage());
      HostException down = assertThrows(HostException.class, () -> commands.down(false));
      assertEquals(up.getMessage(), down.getMessage());
    }
    assertEquals(Map.of(), engine.states());
    assertEquals(4, commands.up(cluster.plain()).started());
    assertEquals(4, commands.down(true).size());
  }

  @Test
  void downMakesNoDirectory(@TempDir Path parent) throws Exception {
    cluster.up();
    Path absent = parent.resolve("absent");
    assertEquals(4, cluster.commands(absent).down(false).size());
    assertFalse(Files.exists(absent));
  }

  /** The lock is in the directory of the credentials, and there may be two of them. */
  @Test
  void whatAnotherHardbakeMadeIsNotCalledForeign() throws Exception {
    engine.besides = true;
    HostException network = assertThrows(HostException.class, cluster::up);
    assertTrue(message(network).startsWith("another hardbake has made the network test"));
    assertTrue(network.remedy().startsWith("wait until it ends"), network.remedy());
    engine.besides = false;
    cluster.up();
    engine.remove(engine.named("test-controller-1").id());
    engine.besides = true;
    HostException machine = assertThrows(HostException.class, cluster::up);
    assertTrue(message(machine).startsWith("another hardbake has made test-controller-1"));
    assertTrue(machine.remedy().startsWith("wait until it ends"), machine.remedy());
  }

  @Test
  void aForeignContainerOfTheSameNameIsForeign() {
    engine.machines.put("x", new Machine("x", "test-controller-0", Map.of(), "running", 0, ""));
    HostException e = assertThrows(HostException.class, cluster::up);
    assertEquals("remove that container", e.remedy());
  }

  @Test
  void statusNamesTheServicesThatAreIdle() throws Exception {
    cluster.up();
    engine.set(engine.named("test-controller-1"), "exited");
    List<MachineStatus> status = cluster.commands().status();
    assertEquals(
        "kube-controller-manager failed, kube-scheduler unknown, nginx unknown",
        status.get(0).servicesInBrief());
    assertFalse(status.get(0).works());
    assertEquals("exited (exit code 255)", status.get(1).state());
    assertEquals("Exiting PID 1...", status.get(1).words().get(1));
    assertEquals("all active", status.get(3).servicesInBrief());
  }

  /** While systemd cannot be asked yet, systemctl says nothing on its standard output. */
  @Test
  void whatAMachineSaysIsNoServicesState(@TempDir Path programs) throws Exception {
    program(programs, "systemctl", "echo 'Failed to connect to bus' >&2; exit 1");
    program(programs, "hardbake", "echo 'first boot: waits for DNS'; echo second >&2");
    cluster.up();
    engine.programs = Optional.of(programs);
    MachineStatus balancer = cluster.commands().status().get(3);
    assertEquals(Map.of("haproxy", "unknown"), balancer.services());
    assertEquals(List.of("first boot: waits for DNS", "second"), balancer.words());
    program(programs, "systemctl", "echo \"$2 is $1\"; exit 3");
    assertEquals(
        Map.of("haproxy", "haproxy is is-active"), cluster.commands().status().get(3).services());
  }

  private static void program(Path directory, String name, String script) throws IOException {
    Path program = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void logsAreOfTheMachinesThatWereNamed() throws Exception {
    cluster.up();
    List<String> lines = new ArrayList<>();
    cluster
        .commands()
        .logs(
            List.of("controller-1"),
            new Journal.Filter(Optional.of("etcd"), 5, false),
            (machine, text) -> lines.add(machine + ": " + text));
    assertEquals(
        List.of("controller-1: journalctl --no-pager --quiet --lines 5 --unit etcd"), lines);
    BakeException e =
        assertThrows(
            UsageException.class,
            () ->
                cluster
                    .commands()
                    .logs(
                        List.of("controller-7"),
                        new Journal.Filter(Optional.empty(), 5, false),
                        (machine, text) -> {}));
    assertTrue(e.remedy().contains("loadbalancer"), e.remedy());
  }

  @Test
  void aPausedMachineGoesOnAndADeadOneIsMadeAnew() throws Exception {
    cluster.up();
    Machine paused = engine.named("test-controller-1");
    Machine dead = engine.named("test-controller-2");
    engine.set(paused, "paused");
    engine.set(dead, "dead");
    assertEquals(2, cluster.up().started());
    assertEquals(paused.id(), engine.named("test-controller-1").id());
    assertNotEquals(dead.id(), engine.named("test-controller-2").id());
    assertEquals(Set.of("running"), Set.copyOf(engine.states().values()));
  }

  @Test
  void logsSayWhoIsAbsent() throws Exception {
    cluster.up();
    engine.remove(engine.named("test-controller-1").id());
    List<String> lines = new ArrayList<>();
    Journal.Filter filter = new Journal.Filter(Optional.empty(), 5, false);
    Journal.Reader reader = (machine, text) -> lines.add(machine + ": " + text);
    cluster.commands().logs(List.of("controller-0", "controller-1"), filter, reader);
    assertEquals(2, lines.size());
    assertEquals(
        "controller-1: (absent; ./hardbake cluster up --name test --output test makes it)",
        lines.get(0));
    UnreachableException e =
        assertThrows(
            UnreachableException.class,
            () -> cluster.commands().logs(List.of("controller-1"), filter, reader));
    assertEquals("absent: controller-1", e.getMessage());
  }

  /** `docker network prune` takes the network of machines that are stopped. */
  @Test
  void machinesWithoutTheirNetworkAreNoClusterThatDoesNotExist() throws Exception {
    cluster.up();
    engine.networks.clear();
    UnreachableException e =
        assertThrows(UnreachableException.class, () -> cluster.commands().status());
    assertTrue(message(e).startsWith("the network of the cluster test is gone"), message(e));
    assertTrue(e.remedy().contains("up --recreate --name test --output test"), e.remedy());
  }

  @Test
  void withoutAClusterThereIsNoStatus() {
    assertThrows(UnreachableException.class, () -> cluster.commands().status());
  }

  /** Without the name, what is typed as told would be done to another cluster. */
  @Test
  void everyCommandInARemedyNamesItsCluster() throws Exception {
    List<String> remedies = new ArrayList<>();
    remedies.add(remedyOf(() -> cluster.commands().status()));
    cluster.up();
    cluster.baked = "second";
    engine.set(engine.named("test-controller-1"), "created");
    cluster.up();
    cluster.version = Optional.empty();
    remedies.add(remedyOf(cluster::up));
    engine.vanishing.add("test-controller-0");
    engine.set(engine.named("test-controller-0"), "exited");
    remedies.add(remedyOf(cluster::up));
    engine.vanishing.clear();
    engine.dying.add("test-controller-2");
    engine.set(engine.named("test-controller-2"), "exited");
    remedies.add(remedyOf(cluster::up));
    engine.remove(engine.named("test-loadbalancer").id());
    remedies.add(remedyOf(() -> cluster.commands().api()));
    remedies.addAll(cluster.progress.remedies());
    assertEquals(
        Set.of(
            "logs --name test",
            "up --name test --output test",
            "up --recreate --name test --output test"),
        remedies.stream()
            .flatMap(
                remedy ->
                    Pattern.compile("(?<=\\./hardbake cluster )[a-z]+( --[a-z]+( test)?)*")
                        .matcher(remedy)
                        .results())
            .map(MatchResult::group)
            .collect(Collectors.toSet()));
    remedies.forEach(remedy -> assertTrue(remedy.contains("./hardbake cluster "), remedy));
  }

  private static String remedyOf(Executable command) {
    return assertThrows(BakeException.class, command).remedy();
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
