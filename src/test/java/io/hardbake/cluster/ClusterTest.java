package io.hardbake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.credentials.Credentials;
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
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.oci.BakedImage;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
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

  private final FakeEngine engine = new FakeEngine();
  private final List<String> said = new ArrayList<>();
  private final List<String> remedies = new ArrayList<>();
  private Optional<String> version = Optional.of("v1.18.6");
  private String baked = "first";

  private Cluster cluster(Path directory) {
    return new Cluster(
        new Setting(
            engine,
            new ClusterName("test"),
            new Passports(directory, Credentials.ofThisMachine()),
            new Recorder(),
            (url, authority) -> new FakeProbe(url),
            " --name test"));
  }

  private Raised up() throws Exception {
    return up(wish(false));
  }

  private Raised up(Wish wish) throws Exception {
    return cluster(directory).up(wish);
  }

  private Wish wish(boolean recreate) {
    return new Wish(
        Map.of(Role.CONTROLLER, image("controller"), Role.LOAD_BALANCER, image("loadbalancer")),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.of(0),
        Duration.ofMillis(400),
        recreate);
  }

  private Wish withControllers(int count) {
    return wish(OptionalInt.of(count), Optional.empty(), OptionalInt.of(0), false);
  }

  /** As it stands, but for the port. */
  private Wish anewOnPort(OptionalInt port) {
    return wish(OptionalInt.empty(), Optional.empty(), port, true);
  }

  private Wish wish(
      OptionalInt controllers, Optional<Subnet> subnet, OptionalInt port, boolean recreate) {
    Wish plain = wish(recreate);
    return new Wish(plain.images(), controllers, subnet, port, plain.patience(), recreate);
  }

  private BakedImage image(String role) {
    Sha256 id = Sha256.of((role + baked).getBytes(StandardCharsets.UTF_8));
    return new BakedImage(
        Path.of(role + "-amd64.oci.tar"), List.of("hardbake/" + role), id, id, "amd64");
  }

  @Test
  void makesTheWholeCluster() throws Exception {
    Raised raised = up();
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
    Raised raised = up();
    assertTrue(
        Files.readString(raised.kubeconfig())
            .contains("\n    server: " + raised.published() + "\n"));
    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(raised.kubeconfig()));
  }

  @Test
  void theSecondTimeNothingIsDone() throws Exception {
    Raised first = up();
    Map<String, Machine> before = Map.copyOf(engine.machines);
    Raised second = up();
    assertEquals(0, second.started());
    assertEquals(first.published(), second.published());
    assertEquals(before, engine.machines);
    assertEquals(List.of(), said);
  }

  @Test
  void anInterruptedStartIsMadeAnewAndAStoppedMachineIsNot() throws Exception {
    up();
    Machine fresh = engine.named("test-controller-1");
    Machine stopped = engine.named("test-loadbalancer");
    engine.set(fresh, "created");
    engine.set(stopped, "exited");
    assertEquals(2, up().started());
    assertNotEquals(fresh.id(), engine.named("test-controller-1").id());
    assertEquals(stopped.id(), engine.named("test-loadbalancer").id());
    assertEquals("running", engine.states().get("loadbalancer"));
    assertTrue(said.get(0).startsWith("controller-1: gone"), said.get(0));
  }

  @Test
  void aTakenSubnetIsPassedBy() throws Exception {
    engine.createNetwork("other", Subnet.parse("10.240.0.0/16").orElseThrow(), Map.of());
    up();
    String address = engine.spec("test-controller-0").address();
    assertFalse(address.startsWith("10.240."), address);
    assertTrue(address.endsWith(".10"), address);
  }

  @Test
  void newerImagesReplaceNothingUnlessAsked() throws Exception {
    up();
    Map<String, Machine> before = Map.copyOf(engine.machines);
    baked = "second";
    up();
    assertEquals(before, engine.machines);
    assertTrue(said.get(0).contains("from other images"), said.get(0));
    assertEquals(4, up(wish(true)).started());
    assertTrue(engine.machines.keySet().stream().noneMatch(before::containsKey));
  }

  @Test
  void whatStandsIsNotBentToOtherOptions() throws Exception {
    up();
    UsageException e = assertThrows(UsageException.class, () -> up(withControllers(5)));
    assertTrue(e.remedy().contains("--recreate"), e.remedy());
    assertEquals(0, up(withControllers(3)).started());
  }

  @Test
  void whatIsMadeAnewIsAsLargeAndWhereItWas() throws Exception {
    Subnet subnet = Subnet.parse("10.99.0.0/24").orElseThrow();
    up(wish(OptionalInt.of(5), Optional.of(subnet), OptionalInt.of(0), false));
    int port = publishedPort();
    // As the engine does, for the machine that gives way.
    try (ServerSocket ours = listening(port)) {
      assertEquals(port, ours.getLocalPort());
      assertEquals(6, up(anewOnPort(OptionalInt.empty())).started());
    }
    assertEquals("10.99.0.14", engine.spec("test-controller-4").address());
    assertEquals(port, publishedPort());
  }

  /** `docker network prune` takes the network of machines that are stopped. */
  @Test
  void machinesWithoutTheirNetworkTellHowManyTheyAre() throws Exception {
    up(withControllers(5));
    int port = publishedPort();
    engine.networks.clear();
    UsageException e = assertThrows(UsageException.class, this::up);
    assertTrue(e.remedy().contains("--recreate"), e.remedy());
    assertEquals(6, up(anewOnPort(OptionalInt.empty())).started());
    assertEquals(port, publishedPort());
  }

  @Test
  void whatIsMadeAnewMayBecomeOther() throws Exception {
    up();
    Optional<Subnet> subnet = Subnet.parse("10.240.0.0/25");
    Raised raised = up(wish(OptionalInt.of(1), subnet, OptionalInt.of(0), true));
    assertEquals(1, raised.controllers());
    assertEquals(Set.of("controller-0", "loadbalancer"), engine.states().keySet());
    assertEquals(
        List.of(List.of(subnet.orElseThrow())),
        engine.networks.stream().map(Network::subnets).toList());
  }

  /** Where the machines are gone and the new ones not yet there, the network has to tell. */
  @Test
  void whatIsCutOffWhileItIsMadeAnewComesBackAsItWas() throws Exception {
    Subnet subnet = Subnet.parse("10.99.0.0/24").orElseThrow();
    up(wish(OptionalInt.of(5), Optional.of(subnet), OptionalInt.of(0), false));
    int port = publishedPort();
    engine.creates = false;
    assertThrows(HostException.class, () -> up(anewOnPort(OptionalInt.empty())));
    assertEquals(Map.of(), engine.states());
    engine.creates = true;
    assertEquals(6, up(anewOnPort(OptionalInt.empty())).started());
    assertEquals(port, publishedPort());
    assertEquals("10.99.0.14", engine.spec("test-controller-4").address());
  }

  /** The network's word must not be older than the load balancer's. */
  @Test
  void anotherPortIsRememberedToo() throws Exception {
    up();
    Raised moved = up(anewOnPort(OptionalInt.of(0)));
    engine.creates = false;
    assertThrows(HostException.class, () -> up(anewOnPort(OptionalInt.empty())));
    engine.creates = true;
    assertEquals(
        moved.published(),
        up(wish(OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), false)).published());
  }

  @Test
  void aLostLoadBalancerComesBackOnItsPort() throws Exception {
    Raised first = up();
    engine.remove(engine.named("test-loadbalancer").id());
    Wish plain = wish(OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), false);
    assertEquals(first.published(), up(plain).published());
  }

  @Test
  void nothingGivesWayBeforeThePortTheSubnetAndTheImagesAreSureToServe() throws Exception {
    up();
    Map<String, Machine> before = Map.copyOf(engine.machines);
    try (ServerSocket other = listening(0)) {
      Wish taken = anewOnPort(OptionalInt.of(other.getLocalPort()));
      HostException e = assertThrows(HostException.class, () -> up(taken));
      assertTrue(e.remedy().contains("--port 0"), e.remedy());
    }
    Subnet subnet = Subnet.parse("10.99.0.0/24").orElseThrow();
    engine.createNetwork("other", subnet, Map.of());
    Wish there = wish(OptionalInt.empty(), Optional.of(subnet), OptionalInt.of(0), true);
    HostException e = assertThrows(HostException.class, () -> up(there));
    assertTrue(e.remedy().contains("--subnet"), e.remedy());
    baked = "damaged";
    engine.loads = false;
    assertThrows(IntegrityException.class, () -> up(wish(true)));
    assertEquals(before, engine.machines);
    assertEquals(2, engine.networks.size());
  }

  @Test
  void imagesThatCannotBeLoadedLeaveNothingBehind() {
    engine.loads = false;
    assertThrows(IntegrityException.class, this::up);
    assertEquals(List.of(), engine.networks);
  }

  /** What an interrupted start leaves: nothing is stored in it. */
  @Test
  void whatNeverRanMayBecomeOther() throws Exception {
    up();
    List.copyOf(engine.machines.values()).forEach(machine -> engine.set(machine, "created"));
    assertEquals(2, up(withControllers(1)).started());
    List.copyOf(engine.machines.values()).forEach(machine -> engine.remove(machine.id()));
    assertEquals(2, up().started());
    List.copyOf(engine.machines.values()).forEach(machine -> engine.remove(machine.id()));
    assertEquals(6, up(withControllers(5)).started());
    assertEquals(1, engine.networks.size());
    assertEquals(List.of(), said);
  }

  @Test
  void aStoppedLoadBalancersPortMayHaveBeenTaken() throws Exception {
    up();
    engine.set(engine.named("test-loadbalancer"), "exited");
    try (ServerSocket other = listening(publishedPort())) {
      HostException e = assertThrows(HostException.class, this::up);
      assertTrue(message(e).contains("port " + other.getLocalPort()), message(e));
      assertTrue(e.remedy().startsWith("stop what listens there"), e.remedy());
      assertTrue(e.remedy().endsWith("up --recreate --port 0 --name test"), e.remedy());
    }
    assertEquals(1, up().started());
  }

  private int publishedPort() {
    return engine.spec("test-loadbalancer").ports().get(0).hostPort();
  }

  private static ServerSocket listening(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  @Test
  void oneControllerMakesAClusterToo() throws Exception {
    assertEquals(1, up(withControllers(1)).controllers());
    assertEquals(2, engine.machines.size());
  }

  @Test
  void machinesBelieveTheirOwnAuthorityOnly(@TempDir Path other) throws Exception {
    up();
    UsageException e = assertThrows(UsageException.class, () -> cluster(other).up(wish(false)));
    assertTrue(e.remedy().contains("--directory"), e.remedy());
  }

  @Test
  void aMachineThatEndsIsShownWithItsLastWords() {
    engine.dying.add("test-controller-2");
    version = Optional.empty();
    HostException e = assertThrows(HostException.class, this::up);
    assertTrue(
        message(e).startsWith("controller-2 ended while the cluster started (exit code 255)"),
        message(e));
    assertTrue(message(e).contains("Failed to mount cgroup"), message(e));
  }

  @Test
  void aSilentClusterIsShownMachineByMachine() {
    version = Optional.empty();
    UnreachableException e = assertThrows(UnreachableException.class, this::up);
    assertTrue(message(e).contains("connection reset"), message(e));
    assertTrue(message(e).contains("controller-0: running, ready"), message(e));
  }

  @Test
  void anAnswerIsNotEnoughWhileAMachineIsNotReady() {
    engine.ready = false;
    UnreachableException e = assertThrows(UnreachableException.class, this::up);
    assertTrue(message(e).startsWith("the API answers, but not all"), message(e));
  }

  @Test
  void imagesMustFitTheEngine() {
    engine.facts = new EngineFacts("28.0.0", "arm64", "unix:///fake", "127.0.0.1");
    HostException e = assertThrows(HostException.class, this::up);
    assertTrue(e.remedy().contains("--arch arm64"), e.remedy());
    assertEquals(List.of(), engine.networks);
  }

  @Test
  void anEngineElsewherePublishesWhereItCanBeReached() throws Exception {
    engine.facts = new EngineFacts("28.0.0", "amd64", "tcp://elsewhere:2375", "elsewhere");
    UsageException e = assertThrows(UsageException.class, this::up);
    assertTrue(e.remedy().contains("--port 6443"), e.remedy());
    OptionalInt port = OptionalInt.of(17443);
    Raised raised = up(wish(OptionalInt.of(1), Optional.empty(), port, false));
    assertEquals("https://elsewhere:17443", raised.published());
    assertEquals("0.0.0.0", engine.spec("test-loadbalancer").ports().get(0).hostAddress());
  }

  @Test
  void downTakesWhatIsOursAndNothingElse() throws Exception {
    up();
    engine.create(
        new MachineSpec("i", "other", "other", "bridge", "10.0.0.1", List.of(), Map.of()));
    Network other =
        engine
            .createNetwork("other", Subnet.parse("10.1.0.0/24").orElseThrow(), Map.of())
            .orElseThrow();
    assertEquals(4, cluster(directory).down(false).size());
    assertEquals(Map.of("other", "created"), engine.states());
    assertEquals(List.of(other), engine.networks);
    assertTrue(Files.exists(directory.resolve("ca.pem")));
    assertEquals(List.of(), cluster(directory).down(false));
  }

  @Test
  void statusNamesTheServicesThatAreIdle() throws Exception {
    up();
    engine.set(engine.named("test-controller-1"), "exited");
    List<MachineStatus> status = cluster(directory).status();
    assertEquals(
        "kube-controller-manager failed, kube-scheduler unknown, nginx unknown",
        status.get(0).servicesInBrief());
    assertFalse(status.get(0).works());
    assertEquals("exited (exit code 255)", status.get(1).state());
    assertEquals("Exiting PID 1...", status.get(1).words().get(1));
    assertEquals("all active", status.get(3).servicesInBrief());
  }

  @Test
  void logsAreOfTheMachinesThatWereNamed() throws Exception {
    up();
    List<String> lines = new ArrayList<>();
    cluster(directory)
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
                cluster(directory)
                    .logs(
                        List.of("controller-7"),
                        new Journal.Filter(Optional.empty(), 5, false),
                        (machine, text) -> {}));
    assertTrue(e.remedy().contains("loadbalancer"), e.remedy());
  }

  @Test
  void withoutAClusterThereIsNoStatus() {
    assertThrows(UnreachableException.class, () -> cluster(directory).status());
  }

  /** Without the name, what is typed as told would be done to another cluster. */
  @Test
  void everyCommandInARemedyNamesItsCluster() throws Exception {
    remedyOf(() -> cluster(directory).status());
    up();
    baked = "second";
    engine.set(engine.named("test-controller-1"), "created");
    up();
    version = Optional.empty();
    remedyOf(this::up);
    engine.vanishing.add("test-controller-0");
    engine.set(engine.named("test-controller-0"), "exited");
    remedyOf(this::up);
    engine.vanishing.clear();
    engine.dying.add("test-controller-2");
    engine.set(engine.named("test-controller-2"), "exited");
    remedyOf(this::up);
    engine.remove(engine.named("test-loadbalancer").id());
    remedyOf(() -> cluster(directory).api());
    assertEquals(
        Set.of("logs --name test", "up --name test", "up --recreate --name test"),
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

  private void remedyOf(Executable command) {
    remedies.add(assertThrows(BakeException.class, command).remedy());
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }

  private final class FakeProbe implements ApiProbe {
    private final String url;

    FakeProbe(String url) {
      this.url = url;
    }

    @Override
    public String url() {
      return url;
    }

    @Override
    public Answer ask() {
      return new Answer(version, "connection reset");
    }
  }

  /** Keeps the warnings. */
  private final class Recorder implements Progress {
    @Override
    public Task begin(String what, Size total) {
      return Progress.silent().begin(what, total);
    }

    @Override
    public void note(String line) {}

    @Override
    public void warn(String problem, String remedy) {
      said.add(problem);
      remedies.add(remedy);
    }
  }
}
