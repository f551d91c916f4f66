package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Guest;
import io.hardbake.Oracle;
import io.hardbake.Qemu;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The cluster on hosts as most people have them, with AppArmor and Docker's own profile. Such a
 * host is a virtual machine here, and its engine is another host's.
 */
@Isolated("an emulated host beside a compiler has no time for elections")
class ContainerHostIT {
  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final String NAME = "hardbake-host-it";
  private static final String CONTROLLER = NAME + "-controller-0";
  private static final String LOADBALANCER = NAME + "-loadbalancer";

  /** Loopback as well, but not the address at which an engine would be this host's own. */
  private static final String HOST = "127.0.0.2";

  @TempDir private static Path hosts;
  @TempDir private Path room;

  /** Docker 20.10 and 28. */
  @ParameterizedTest
  @CsvSource({"bookworm, 1", "bookworm, 2", "forky, 2"})
  @EnabledIfSystemProperty(named = "hardbake.slow", matches = "true")
  void theClusterStands(String suite, int cgroups) throws Exception {
    Oracle.require("mmdebstrap", "mke2fs", "qemu-system-x86_64", "ssh", "docker", "curl");
    Oracle.requireRoot();
    Path host = hosts.resolve(suite);
    if (!Files.exists(host)) {
      Oracle.run("src/test/host/containerhost", suite, host.toString()).succeeded();
    }
    String commandLine =
        "root=/dev/vda ro net.ifnames=0 console=ttyS0 systemd.unified_cgroup_hierarchy="
            + (cgroups - 1);
    Qemu machine =
        Qemu.of(
                "container-host-%s-%d".formatted(suite, cgroups),
                Qemu.overlay(host.resolve("disk.raw"), room))
            .withKernel(host.resolve("vmlinuz"), host.resolve("initrd"), commandLine)
            .withMemory(4096)
            .withProcessors(2)
            .withSsh();
    int engine = freePort();
    int api = freePort();
    List<String> ways =
        List.of(
            "%s:%d:/run/docker.sock".formatted(HOST, engine),
            "%s:%d:127.0.0.1:%d".formatted(HOST, api, api));
    try (Guest guest = machine.start(room)) {
      guest.ssh("until test -S /run/docker.sock; do sleep 1; done", PATIENCE).succeeded();
      String address = "tcp://%s:%d".formatted(HOST, engine);
      try (Client client = new Client(guest.tunnel(ways), address, room)) {
        String facts =
            client.run("docker", "info", "--format", "{{.CgroupVersion}} {{.SecurityOptions}}");
        assertTrue(facts.startsWith(cgroups + " ") && facts.contains("name=apparmor"), facts);
        client.up(api);
        client.assertWell(api);
        // What a restart of the engine's host comes to.
        client.run("docker", "restart", CONTROLLER, LOADBALANCER);
        client.up(api);
        client.assertWell(api);
        client.cluster("down");
      }
      String failed = guest.ssh("systemctl --failed --plain --no-legend", PATIENCE).stdout();
      assertEquals("", failed, "a machine was more than a guest on its host");
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return free.getLocalPort();
    }
  }

  /** Who speaks to the engine from outside. */
  private record Client(Closeable tunnel, String engine, Path directory) implements Closeable {
    String run(String... command) {
      return tried(command).succeeded().stdout();
    }

    private Oracle.Result tried(String... command) {
      return Oracle.run(List.of(command), PATIENCE, Map.of("DOCKER_HOST", engine));
    }

    String cluster(String command, String... more) {
      return run(clusterLine(command, more));
    }

    private String[] clusterLine(String command, String... more) {
      return "./hardbake cluster %s --name %s --directory %s %s"
          .formatted(command, NAME, directory.resolve("cluster"), String.join(" ", more))
          .strip()
          .split(" ", -1);
    }

    @Override
    public void close() throws IOException {
      tunnel.close();
    }

    void up(int api) {
      cluster("up", "--controllers", "1", "--port", Integer.toString(api), "--wait", "900");
    }

    /** A controller manager that loses its lease, as on emulated processors, starts anew. */
    private void awaitWork() throws InterruptedException {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (tried(clusterLine("status")).exitCode() != 0 && System.nanoTime() < end) {
        Thread.sleep(1000);
      }
      cluster("status");
    }

    void assertWell(int api) throws InterruptedException {
      awaitWork();
      String url = "https://%s:%d/version".formatted(HOST, api);
      String ca = directory.resolve("cluster/ca.pem").toString();
      run("curl", "-sSf", "--noproxy", "*", "--cacert", ca, url);
      for (String machine : List.of(CONTROLLER, LOADBALANCER)) {
        assertEquals(
            "false\n", run("docker", "inspect", "--format", "{{.HostConfig.Privileged}}", machine));
        assertEquals(
            "", run("docker", "exec", machine, "systemctl", "--failed", "--plain", "--no-legend"));
        // It leaves kernel and devices to its host.
        String active = "systemctl --plain --no-legend --state=active list-units";
        String reaching = "udev|sysctl|modules|binfmt|audit|^sys-kernel|^sys-fs-fuse";
        String units =
            run("docker", "exec", machine, "sh", "-c", active + " | grep -v '[.]device '");
        assertEquals(
            List.of(),
            units.lines().filter(Pattern.compile(reaching).asPredicate()).toList(),
            machine);
        // In cgroups of its own, not in those of its host.
        String own = "(0:|name=systemd):/init.scope$";
        run("docker", "exec", machine, "grep", "-E", own, "/proc/1/cgroup");
      }
    }
  }
}
