package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.credentials.Credentials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong around a cluster, and that nothing written to it before is missing after. */
@ManyMachines
final class ClusterFaultsIT {
  private static final String WHAT_DNS_SAYS_LATER =
      """
      [Service]
      ExecStartPre=/bin/sh -c 'cp /etc/resolv.conf /run/resolv; : >/etc/resolv.conf'
      ExecStartPre=/usr/bin/systemd-run --on-active=30 /bin/sh -c 'cat /run/resolv >/etc/resolv.conf'
      """;

  @TempDir private Path directory;

  /** One cluster, one fault after the other, as life is. */
  @Test
  void machinesComeLateDieMoveAndMeetTheirDoubles() throws Exception {
    try (ClusterMachines cluster = new ClusterMachines("10.240.81", 3, directory)) {
      comesLate(cluster);
      for (int n = 0; n < 3; n++) {
        dies(cluster, n);
      }
      moves(cluster);
      losesItsDisk(cluster);
      foundsWhereItHearsNobody(cluster);
      losesItsPowerJustAfterTheFounding(cluster);
      meetsItsDouble(cluster);
      losesItsPowerDuringFirstBoot(cluster);
    }
  }

  /** The load balancer first, then two controllers; the third two minutes later. */
  private static void comesLate(ClusterMachines cluster) throws Exception {
    cluster.boot(cluster.loadBalancer());
    cluster
        .loadBalancer()
        .eventually("grep -q 'waiting for DNS' /run/hardbake/problem", patience());
    assertFalse(cluster.loadBalancer().run("hardbake status").getExitCode() == 0);
    cluster.boot(cluster.controller(0), cluster.controller(1));
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    Machine from = cluster.controller(0);
    cluster.write(from, "before-the-third");
    String status = from.output("hardbake status; :");
    assertTrue(status.contains("controller-2 (no address known)"), status);
    while (System.nanoTime() < end) {
      Thread.sleep(500);
    }
    cluster.boot(cluster.controller(2));
    cluster.allComponentsAreHealthy(from);
    cluster.allServersAreUp();
    cluster.nothingIsMissing(cluster.controller(2));
  }

  private static void dies(ClusterMachines cluster, int n) throws Exception {
    Machine from = cluster.controller((n + 1) % 3);
    cluster.write(from, "before-death-" + n);
    cluster.controller(n).kill();
    cluster.write(from, "without-" + n);
    cluster.nothingIsMissing(from);
    cluster.controller(n).bootAgain();
    cluster.allComponentsAreHealthy(from);
    cluster.allServersAreUp();
    cluster.nothingIsMissing(cluster.controller(n));
  }

  private static void moves(ClusterMachines cluster) throws Exception {
    Machine mover = cluster.controller(1);
    cluster.write(cluster.controller(0), "before-the-move");
    mover.kill();
    mover.moveTo(cluster.address(71));
    mover.bootAgain();
    mover.eventually(
        "grep -qx INTERNAL_IP=" + cluster.address(71) + " /etc/hardbake/node.env", patience());
    cluster
        .loadBalancer()
        .eventually(
            "grep -q 'server controller-1 "
                + cluster.address(71)
                + ":6443' /etc/haproxy/haproxy.cfg",
            patience());
    cluster.allComponentsAreHealthy(cluster.controller(0));
    cluster.allServersAreUp();
    cluster.write(mover, "after-the-move");
    cluster.nothingIsMissing(mover);
  }

  /** All of its data, then all but what a cut while it joins may leave. */
  private static void losesItsDisk(ClusterMachines cluster) throws Exception {
    Machine loser = cluster.controller(2);
    for (String left : List.of("", "install -d -o etcd -g etcd -m 700 /var/lib/etcd/member; ")) {
      cluster.write(cluster.controller(0), "before-the-loss-" + left.length());
      loser.output(
          "systemctl stop etcd; rm -r /var/lib/etcd/*; "
              + left
              + "systemctl start --no-block etcd");
      loser.eventually("systemctl is-active etcd", patience());
      cluster.allComponentsAreHealthy(cluster.controller(0));
      cluster.allServersAreUp();
      cluster.nothingIsMissing(loser);
    }
    String journal = loser.output("journalctl -u etcd");
    assertEquals(3, journal.split("controller-2 leaves the cluster and joins anew", -1).length);
  }

  /**
   * Without its data and cut off from the others it takes itself for a founder, as it does where
   * they starve; the second time they have removed it meanwhile.
   */
  private static void foundsWhereItHearsNobody(ClusterMachines cluster) throws Exception {
    Machine loser = cluster.controller(2);
    for (boolean removed : List.of(false, true)) {
      cluster.write(cluster.controller(0), "before-the-founding-" + removed);
      loser.output(
          "systemctl stop etcd; rm -r /var/lib/etcd/*;"
              + " printf '127.0.0.9 %s\\n' controller-0 controller-1 >>/etc/hosts;"
              + " systemctl start --no-block etcd");
      loser.eventually(
          "test -e /var/lib/hardbake/founding && test -d /var/lib/etcd/member/wal", patience());
      if (removed) {
        String list = cluster.controller(0).etcdctl("member list | grep controller-2");
        cluster.controller(0).etcdctl("member remove " + list.replaceAll("(?s),.*", ""));
      }
      loser.output("sed '/^127.0.0.9 /d' /etc/hosts >/run/hosts && cat /run/hosts >/etc/hosts");
      loser.eventually(
          "systemctl is-active etcd && test ! -e /var/lib/hardbake/founding", patience());
      cluster.allComponentsAreHealthy(cluster.controller(0));
      cluster.allServersAreUp();
      cluster.nothingIsMissing(loser);
    }
  }

  /**
   * What a founder has forgotten, the disk has not yet, and the first that is back waits for the
   * others.
   */
  private static void losesItsPowerJustAfterTheFounding(ClusterMachines cluster) throws Exception {
    cluster.write(cluster.controller(0), "before-the-cut");
    for (Machine controller : cluster.controllers()) {
      controller.output("systemctl stop etcd; : >/var/lib/hardbake/founding");
    }
    Machine first = cluster.controller(0);
    first.output("systemctl start --no-block etcd");
    first.eventually("ss -ltn | grep -q :2380", patience());
    for (int n = 1; n < 3; n++) {
      cluster.controller(n).output("systemctl start --no-block etcd");
    }
    for (Machine controller : cluster.controllers()) {
      controller.eventually(
          "systemctl is-active etcd && test ! -e /var/lib/hardbake/founding", patience());
    }
    cluster.allComponentsAreHealthy(first);
    cluster.allServersAreUp();
    cluster.nothingIsMissing(first);
  }

  private static void meetsItsDouble(ClusterMachines cluster) throws Exception {
    try (Machine twin = cluster.machine("controller", "controller-2", cluster.address(99), 3)) {
      cluster.giveCredentials(twin);
      twin.boot();
      twin.eventually(
          "grep 'DNS says that controller-2 is .*, which is another machine' /run/hardbake/problem",
          patience());
      assertTrue(twin.run("systemctl is-active etcd kube-apiserver").getExitCode() != 0);
      String status = twin.run("hardbake status").getStdout();
      assertTrue(status.contains("give each machine a name of its own"), status);
      cluster.controller(2).eventually("hardbake status | grep 'another machine'", patience());
      cluster.write(cluster.controller(0), "beside-a-double");
    }
    cluster.allComponentsAreHealthy(cluster.controller(0));
    cluster.controller(2).eventually("hardbake status", patience());
    cluster.allServersAreUp();
    cluster.nothingIsMissing(cluster.controller(2));
  }

  /**
   * The power fails as soon as first boot runs, five times, each time a little later; then first
   * boot itself is killed, and the power fails before systemd starts it again.
   */
  private static void losesItsPowerDuringFirstBoot(ClusterMachines cluster) throws Exception {
    Machine victim = cluster.controller(0);
    String before = victim.output("cat /etc/hardbake/node.env");
    for (int n = 0; n < 5; n++) {
      victim.kill();
      victim.bootAgain();
      victim.output(ofFirstBoot("pgrep"));
      Thread.sleep(100L * n);
    }
    victim.kill();
    victim.bootAgain();
    victim.output(ofFirstBoot("pkill -KILL"));
    victim.kill();
    victim.bootAgain();
    cluster.allComponentsAreHealthy(cluster.controller(1));
    victim.eventually("hardbake status", patience());
    assertEquals(before, victim.output("cat /etc/hardbake/node.env"));
    cluster.nothingIsMissing(victim);
  }

  /**
   * Looks for first boot's process, until it is there: in one go, since it takes a second, and by a
   * pattern that does not find the look itself, nor what watches after first boot.
   */
  private static String ofFirstBoot(String look) {
    return "n=0; until "
        + look
        + " -f '[h]ardbake/firstboot( pass.*)?$'; do n=$((n + 1)); test $n -lt 6000 || exit;"
        + " sleep 0.01; done";
  }

  /**
   * A controller alone, without DNS, without credentials, then with a broken one; then all is well.
   */
  @Test
  void whatIsMissingIsNamedAndTakenWhenItComes() throws Exception {
    try (ClusterMachines cluster = new ClusterMachines("10.240.82", 1, directory)) {
      Machine controller = cluster.controller(0);
      controller.give(
          "/etc/systemd/system/hardbake-firstboot.service.d/dns.conf",
          WHAT_DNS_SAYS_LATER.getBytes(StandardCharsets.UTF_8),
          0100644);
      controller.boot();
      says(controller, "no address of this machine is known: DNS has none for controller-0");
      says(controller, "credentials are missing in /var/lib/kubernetes:");
      assertEquals(
          "inactive\ninactive",
          controller.run("systemctl is-active etcd kube-apiserver").getStdout().strip());

      for (Path file : Credentials.controllerFiles(cluster.credentials())) {
        byte[] bytes = Files.readAllBytes(file);
        boolean broken = file.endsWith("kubernetes.pem");
        controller.copy(
            "/var/lib/hardbake/seed/" + file.getFileName(),
            broken ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
      }
      says(controller, "/var/lib/hardbake/seed/kubernetes.pem is no whole certificate");

      controller.copy(
          "/var/lib/hardbake/seed/kubernetes.pem",
          Files.readAllBytes(cluster.credentials().resolve("kubernetes.pem")));
      controller.eventually("test -e /run/hardbake/ready && hardbake status", patience());

      // The load balancer last.
      cluster.boot(cluster.loadBalancer());
      cluster.write(controller, "alone");
      cluster.allComponentsAreHealthy(controller);
      cluster.version();
    }
  }

  @Test
  void anotherSizeComesUp() throws Exception {
    int count = 5;
    try (ClusterMachines cluster = new ClusterMachines("10.240.83", count, directory)) {
      Machine[] machines = cluster.controllers().toArray(new Machine[count + 1]);
      machines[count] = cluster.loadBalancer();
      cluster.boot(machines);
      cluster.allServersAreUp();
      cluster.allComponentsAreHealthy(cluster.controller(0));
      cluster.write(cluster.controller(count - 1), "any-size");
    }
  }

  private static void says(Machine machine, String problem) throws Exception {
    machine.eventually("hardbake status | grep -F '" + problem + "'", patience());
    machine.eventually("journalctl -u hardbake-firstboot | grep -F '" + problem + "'", patience());
  }

  private static Duration patience() {
    return ClusterMachines.PATIENCE;
  }
}
