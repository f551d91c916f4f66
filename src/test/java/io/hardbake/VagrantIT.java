package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The project's own Vagrantfile with real Vagrant and libvirt: a load balancer and one controller,
 * and what becomes of them when a box is baked anew. What Vagrant and the machines said stays in
 * {@code target/vagrant-it}.
 */
@Order(0) // minutes in which it leaves one of two cores to others
class VagrantIT {
  private static final String REBAKED = "# baked anew";

  @TempDir private Path directory;

  @Test
  void theClusterComesUpRebootsAndIsReplacedByANewBake() throws Exception {
    try (VagrantCluster cluster = VagrantCluster.of(directory)) {
      refusesAnotherChecksum(cluster);
      takesBoxesOfTheCatalog(cluster);

      cluster.vagrant("up").succeeded();
      assertServes(cluster);
      assertMachinesAreInOrder(cluster);
      String first = version(cluster);
      String configured = configuration(cluster);
      assertTrue(configured.contains("frontend"), configured);
      assertFalse(configured.contains(REBAKED), configured);

      cluster.vagrant("reload", "controller-0").succeeded();
      assertServes(cluster);

      rebake(cluster);
      assertNotEquals(first, version(cluster));
      cluster.vagrant("destroy", "-f", "loadbalancer").succeeded();
      cluster.vagrant("up", "loadbalancer").succeeded();
      assertServes(cluster);
      // Not the old box's disk, which is still there: libvirt takes the one that has the name.
      assertTrue(configuration(cluster).contains(REBAKED));
      String boxes = cluster.vagrant("box", "list").succeeded().stdout();
      assertTrue(boxes.contains(first) && boxes.contains(version(cluster)), boxes);

      cluster.vagrant("destroy", "-f").succeeded();
      assertEquals(List.of(), cluster.machines());
    }
  }

  /** The negative control of the catalog. */
  private static void refusesAnotherChecksum(VagrantCluster cluster) throws Exception {
    JsonNode catalog = catalog(cluster);
    String right = provider(catalog, "libvirt").get("checksum").textValue();
    String wrong = (right.startsWith("0") ? "1" : "0") + right.substring(1);
    Path changed = cluster.boxes().resolve("changed.json");
    Files.writeString(changed, catalog.toString().replace(right, wrong));
    Oracle.Result result = cluster.boxAdd("libvirt", changed).refused();
    assertTrue(result.stderr().contains(wrong) && result.stderr().contains(right), result::stderr);
    String boxes = cluster.vagrant("box", "list").succeeded().stdout();
    assertFalse(boxes.contains("hardbake"), boxes);
  }

  /** VirtualBox itself is not needed for that. */
  private static void takesBoxesOfTheCatalog(VagrantCluster cluster) throws Exception {
    Path catalog = cluster.boxes().resolve("loadbalancer.json");
    cluster.boxAdd("libvirt", catalog).succeeded();
    cluster.boxAdd("virtualbox", catalog).succeeded();
    String boxes = cluster.vagrant("box", "list").succeeded().stdout();
    for (String provider : List.of("libvirt", "virtualbox")) {
      String line = "hardbake-loadbalancer (%s, %s".formatted(provider, version(cluster));
      assertTrue(boxes.contains(line), boxes);
    }
  }

  private static void assertServes(VagrantCluster cluster) throws Exception {
    JsonNode version = new ObjectMapper().readTree(cluster.askThroughTheLoadBalancer("/version"));
    assertTrue(version.get("gitVersion").textValue().startsWith("v1."), version::toString);
  }

  private static void assertMachinesAreInOrder(VagrantCluster cluster) throws Exception {
    String looks =
        """
        hostname
        ip -4 -o addr show eth1 | grep -o 'inet [0-9./]*'
        systemctl --failed --no-legend --plain
        grep -c 'vagrant insecure' .ssh/authorized_keys
        """;
    // The API may answer while the controller manager, say, is just about to start again.
    String healthy =
        """
        for attempt in $(seq 60); do
          sudo hardbake status >/dev/null && exit
          sleep 2
        done
        sudo hardbake status
        """;
    assertEquals(
        "controller-0\ninet %s/24\n0\n".formatted(VagrantCluster.CONTROLLER),
        cluster.on("controller-0", looks + healthy));
    assertEquals(
        "loadbalancer\ninet %s/24\n0\n".formatted(VagrantCluster.LOAD_BALANCER),
        cluster.on("loadbalancer", looks));
    // The API answers before it is healthy: it first makes its own roles. The scheduler and the
    // controller manager, which are asked within seconds, come last.
    String healthz =
        """
        probe='curl -sS -H Host:kubernetes.default.svc.cluster.local http://127.0.0.1/healthz'
        healthy() { kubectl get componentstatuses --kubeconfig admin.kubeconfig | grep -c Healthy; }
        for attempt in $(seq 60); do
          said="$($probe) $(healthy)"
          test "$said" = 'ok 3' && break
          sleep 2
        done
        echo "$said"
        """;
    assertEquals("ok 3\n", cluster.on("controller-0", healthz));
  }

  private static void rebake(VagrantCluster cluster) throws Exception {
    Path template = cluster.project().resolve("templates/loadbalancer/haproxy.cfg.ftl");
    Files.writeString(template, Files.readString(template) + REBAKED + "\n");
    cluster.bake("loadbalancer");
  }

  private static String configuration(VagrantCluster cluster) throws Exception {
    return cluster.on("loadbalancer", "cat /etc/haproxy/haproxy.cfg");
  }

  private static String version(VagrantCluster cluster) throws Exception {
    return catalog(cluster).get("versions").get(0).get("version").textValue();
  }

  private static JsonNode catalog(VagrantCluster cluster) throws Exception {
    return new ObjectMapper().readTree(cluster.boxes().resolve("loadbalancer.json").toFile());
  }

  private static JsonNode provider(JsonNode catalog, String name) {
    for (JsonNode each : catalog.get("versions").get(0).get("providers")) {
      if (each.get("name").textValue().equals(name)) {
        return each;
      }
    }
    throw new AssertionError(name + " is not in " + catalog);
  }
}
