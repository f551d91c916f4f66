package io.hardbake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.engine.Machine;
import io.hardbake.engine.Network;
import io.hardbake.engine.Subnet;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code cluster up --recreate} replaces and keeps, and when it has to be asked for. */
final class RecreateTest {
  /** Credentials are kept from one test to the next: RSA keys take their time. */
  @TempDir private static Path directory;

  private final TestCluster cluster = new TestCluster(directory);
  private final FakeEngine engine = cluster.engine;

  /** As it stands, on a port that is free. */
  private Wish anew() {
    return anewOnPort(OptionalInt.of(0));
  }

  /** As it stands, but for the port. */
  private Wish anewOnPort(OptionalInt port) {
    return cluster.wish(OptionalInt.empty(), Optional.empty(), port, true);
  }

  /** Nothing but {@code cluster up}. */
  private Wish bare() {
    return cluster.wish(OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), false);
  }

  private int publishedPort() {
    return engine.spec("test-loadbalancer").ports().get(0).hostPort();
  }

  private static ServerSocket listening(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  @Test
  void newerImagesReplaceNothingUnlessAsked() throws Exception {
    cluster.up();
    Map<String, Machine> before = Map.copyOf(engine.machines);
    cluster.baked = "second";
    cluster.up();
    assertEquals(before, engine.machines);
    String said = cluster.progress.problems().get(0);
    assertTrue(said.contains("from other images"), said);
    assertEquals(4, cluster.up(anew()).started());
    assertTrue(engine.machines.keySet().stream().noneMatch(before::containsKey));
  }

  @Test
  void whatStandsIsNotBentToOtherOptions() throws Exception {
    cluster.up();
    UsageException e =
        assertThrows(UsageException.class, () -> cluster.up(cluster.withControllers(5)));
    assertTrue(e.remedy().contains("--recreate"), e.remedy());
    assertEquals(0, cluster.up(cluster.withControllers(3)).started());
  }

  @Test
  void whatIsMadeAnewIsAsLargeAndWhereItWas() throws Exception {
    Subnet subnet = Subnet.parse("10.99.0.0/24").orElseThrow();
    cluster.up(cluster.wish(OptionalInt.of(5), Optional.of(subnet), OptionalInt.of(0), false));
    int port = publishedPort();
    // As the engine does, for the machine that gives way.
    try (ServerSocket ours = listening(port)) {
      assertEquals(port, ours.getLocalPort());
      assertEquals(6, cluster.up(anewOnPort(OptionalInt.empty())).started());
    }
    assertEquals("10.99.0.14", engine.spec("test-controller-4").address());
    assertEquals(port, publishedPort());
  }

  /** `docker network prune` takes the network of machines that are stopped. */
  @Test
  void machinesWithoutTheirNetworkTellHowManyTheyAre() throws Exception {
    cluster.up(cluster.withControllers(5));
    int port = publishedPort();
    engine.networks.clear();
    UsageException e = assertThrows(UsageException.class, cluster::up);
    assertTrue(e.remedy().contains("--recreate"), e.remedy());
    assertEquals(6, cluster.up(anewOnPort(OptionalInt.empty())).started());
    assertEquals(port, publishedPort());
  }

  @Test
  void whatIsMadeAnewMayBecomeOther() throws Exception {
    cluster.up();
    Optional<Subnet> subnet = Subnet.parse("10.240.0.0/25");
    Raised raised = cluster.up(cluster.wish(OptionalInt.of(1), subnet, OptionalInt.of(0), true));
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
    cluster.up(cluster.wish(OptionalInt.of(5), Optional.of(subnet), OptionalInt.of(0), false));
    int port = publishedPort();
    engine.creates = false;
    assertThrows(HostException.class, () -> cluster.up(anewOnPort(OptionalInt.empty())));
    assertEquals(Map.of(), engine.states());
    engine.creates = true;
    assertEquals(6, cluster.up(anewOnPort(OptionalInt.empty())).started());
    assertEquals(port, publishedPort());
    assertEquals("10.99.0.14", engine.spec("test-controller-4").address());
  }

  /** The network's word must not be older than the load balancer's. */
  @Test
  void anotherPortIsRememberedToo() throws Exception {
    cluster.up();
    Raised moved = cluster.up(anewOnPort(OptionalInt.of(0)));
    engine.creates = false;
    assertThrows(HostException.class, () -> cluster.up(anewOnPort(OptionalInt.empty())));
    engine.creates = true;
    assertEquals(moved.published(), cluster.up(bare()).published());
  }

  @Test
  void aLostLoadBalancerComesBackOnItsPort() throws Exception {
    Raised first = cluster.up();
    engine.remove(engine.named("test-loadbalancer").id());
    assertEquals(first.published(), cluster.up(bare()).published());
  }

  @Test
  void nothingGivesWayBeforeThePortTheSubnetAndTheImagesAreSureToServe() throws Exception {
    cluster.up();
    Map<String, Machine> before = Map.copyOf(engine.machines);
    try (ServerSocket other = listening(0)) {
      Wish taken = anewOnPort(OptionalInt.of(other.getLocalPort()));
      HostException e = assertThrows(HostException.class, () -> cluster.up(taken));
      assertTrue(e.remedy().contains("--port 0"), e.remedy());
    }
    Subnet subnet = Subnet.parse("10.99.0.0/24").orElseThrow();
    engine.createNetwork("other", subnet, Map.of());
    Wish there = cluster.wish(OptionalInt.empty(), Optional.of(subnet), OptionalInt.of(0), true);
    HostException e = assertThrows(HostException.class, () -> cluster.up(there));
    assertTrue(e.remedy().contains("--subnet"), e.remedy());
    cluster.baked = "damaged";
    engine.loads = false;
    assertThrows(IntegrityException.class, () -> cluster.up(anew()));
    assertEquals(before, engine.machines);
    assertEquals(2, engine.networks.size());
  }

  @Test
  void nothingGivesWayWhereOthersAreInANetworkThatHasToGo() throws Exception {
    cluster.up();
    Map<String, Machine> before = Map.copyOf(engine.machines);
    engine.guests.put("0123", "debugger");
    HostException e = assertThrows(HostException.class, () -> cluster.up(anew()));
    assertTrue(String.valueOf(e.getMessage()).endsWith("not the cluster's: debugger"), e::toString);
    assertTrue(e.remedy().contains("docker network disconnect -f test debugger"), e.remedy());
    assertThrows(HostException.class, () -> cluster.commands().down(false));
    assertEquals(before, engine.machines);
    // In a network that stays, they may stay too.
    assertEquals(4, cluster.up(anewOnPort(OptionalInt.empty())).started());
    engine.guests.clear();
    assertEquals(4, cluster.commands().down(false).size());
  }

  @Test
  void nothingGivesWayWhereNoCredentialsCanBeMade(@TempDir Path other) throws Exception {
    cluster.up();
    Map<String, Machine> before = Map.copyOf(engine.machines);
    try (FileChannel channel =
            FileChannel.open(
                other.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertTrue(lock.isValid());
      assertThrows(HostException.class, () -> cluster.commands(other).up(anew()));
    }
    assertEquals(before, engine.machines);
  }

  @Test
  void aStoppedLoadBalancersPortMayHaveBeenTaken() throws Exception {
    cluster.up();
    engine.set(engine.named("test-loadbalancer"), "exited");
    try (ServerSocket other = listening(publishedPort())) {
      HostException e = assertThrows(HostException.class, cluster::up);
      assertTrue(e.toString().contains("port " + other.getLocalPort()), e.toString());
      assertTrue(e.remedy().startsWith("stop what listens there"), e.remedy());
      assertTrue(
          e.remedy().endsWith("up --recreate --port 0 --name test --output test"), e.remedy());
    }
    assertEquals(1, cluster.up().started());
  }
}
