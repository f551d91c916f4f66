package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;

/**
 * The baked roles, booted by systemd in a real engine: one controller with credentials of its own,
 * and a load balancer in front of it. What they answer is what counts, not that they run.
 */
final class RoleContainersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(150);
  private static final String SUBNET = "10.240.77.0/24";
  private static final String CONTROLLER = "10.240.77.10";
  private static final String LOAD_BALANCER = "10.240.77.20";

  @TempDir private static Path directory;

  private static Network network;
  private static Machine controller;
  private static Machine loadBalancer;

  @BeforeAll
  static void boot() throws Exception {
    ContainerEngine.require();
    network = Machine.network(SUBNET);
    controller = new Machine(image("controller"), "controller-0", network, CONTROLLER);
    TestCredentials credentials =
        TestCredentials.make(
            directory,
            List.of("controller-0", CONTROLLER, LOAD_BALANCER, "127.0.0.1", "10.32.0.1"));
    for (Path file : credentials.files()) {
      controller.give(
          "/var/lib/hardbake/seed/" + file.getFileName(), Files.readAllBytes(file), 0100600);
    }
    loadBalancer = new Machine(image("loadbalancer"), "loadbalancer", network, LOAD_BALANCER);
    for (Machine machine : List.of(controller, loadBalancer)) {
      machine.give(
          "/var/lib/hardbake/seed/user-data",
          ("CONTROLLERS=\"controller-0=" + CONTROLLER + "\"\n").getBytes(StandardCharsets.UTF_8),
          0100644);
      machine.boot();
    }
    loadBalancer.eventually("systemctl is-active multi-user.target", PATIENCE);
    controller.eventually(
        "test \"$(curl -s --cacert /var/lib/kubernetes/ca.pem https://127.0.0.1:6443/healthz)\" = ok",
        PATIENCE);
  }

  @AfterAll
  static void stop() {
    for (Machine machine : new Machine[] {loadBalancer, controller}) {
      if (machine != null) {
        machine.close();
      }
    }
    if (network != null) {
      network.close();
    }
  }

  private static String image(String role) {
    return ContainerEngine.load(Path.of("target", "images", role + "-amd64.oci.tar"));
  }

  /** What the bake says it baked; the API has to agree. */
  private static String kubernetesVersion() throws Exception {
    return new ObjectMapper()
        .readTree(Path.of("target", "bake.json").toFile())
        .at("/kubernetes/0/version")
        .asText();
  }

  @Test
  void noUnitFails() throws Exception {
    controller.eventually("systemctl is-active multi-user.target", PATIENCE);
    assertEquals(List.of(), controller.failedUnits());
    assertEquals(List.of(), loadBalancer.failedUnits());
    // A unit that fails is seen, so it would have been seen above.
    loadBalancer.run("systemd-run --unit=broken --property=Type=oneshot /bin/false");
    try {
      assertEquals(List.of("broken.service"), loadBalancer.failedUnits());
    } finally {
      loadBalancer.run("systemctl reset-failed broken.service");
    }
    assertEquals(List.of(), loadBalancer.failedUnits());
  }

  /** The tutorial's own check of chapter 6: through nginx on port 80, by name. */
  @Test
  void nginxAnswersTheHealthProbe() throws Exception {
    String probe =
        "curl -s -w ' %{http_code}' -H 'Host: "
            + "kubernetes.default.svc.cluster.local' http://127.0.0.1/healthz";
    assertEquals("ok 200", controller.output(probe));
  }

  @Test
  void nginxAnswersNothingElseUnderThatName() throws Exception {
    String probe =
        "curl -s -o /dev/null -w '%{http_code}' -H 'Host: "
            + "kubernetes.default.svc.cluster.local' http://127.0.0.1/version";
    assertEquals("404", controller.output(probe));
  }

  @Test
  void theControllersComponentsAreHealthy() throws Exception {
    String statuses =
        controller.eventually(
            "kubectl get componentstatuses --kubeconfig /var/lib/kubernetes/admin.kubeconfig"
                + " --no-headers | grep -c Healthy | grep -x 3",
            PATIENCE);
    assertEquals("3", statuses.strip());
  }

  @Test
  void theApiAnswersThroughTheLoadBalancer() throws Exception {
    String version =
        controller.eventually(
            "curl -fs --cacert /var/lib/kubernetes/ca.pem https://"
                + LOAD_BALANCER
                + ":6443/version",
            PATIENCE);
    assertTrue(version.contains("\"gitVersion\": \"" + kubernetesVersion() + "\""), version);
  }

  @Test
  void haproxyShowsItsStatistics() throws Exception {
    String page =
        loadBalancer.eventually(
            "curl -fs 'http://127.0.0.1:9999/stats;csv' | grep '^k8sServers,controller-0,.*,UP,'",
            PATIENCE);
    assertTrue(page.startsWith("k8sServers,controller-0,"), page);
  }

  @Test
  void haproxyListensOnThePortsOfTheTutorial() throws Exception {
    String listening = loadBalancer.output("ss -Hltn | awk '{print $4}'");
    for (String port : List.of(":80", ":6443", ":9999")) {
      assertTrue(listening.lines().anyMatch(line -> line.endsWith(port)), listening);
    }
  }

  @Test
  void haproxyFindsItsConfigurationClean() throws Exception {
    String check = "haproxy -c -V -f /etc/haproxy/haproxy.cfg 2>&1";
    assertTrue(loadBalancer.output(check).contains("Configuration file is valid"));
    // The same check finds a fault, so it would have found one above.
    assertNotEquals(
        0,
        loadBalancer
            .run("sed 's/roundrobin/nonsense/' /etc/haproxy/haproxy.cfg | haproxy -c -f /dev/stdin")
            .getExitCode());
  }

  @Test
  void systemdFindsOurUnitsClean() throws Exception {
    String units =
        "systemd-analyze verify --man=no hardbake-configure.service hardbake-hostkeys.service"
            + " hardbake-firstboot.service hardbake-watch.service hardbake-ready.service";
    assertEquals(
        "",
        controller.output(
            units
                + " hardbake-rbac.service etcd.service kube-apiserver.service"
                + " kube-controller-manager.service kube-scheduler.service nginx.service 2>&1"));
    assertEquals("", loadBalancer.output(units + " haproxy.service 2>&1"));
    assertNotEquals(
        "",
        controller.output(
            "printf '[Service]\\nExecStart=relative\\n' > /run/systemd/system/faulty.service;"
                + " systemd-analyze verify --man=no faulty.service 2>&1 || true"));
  }

  @Test
  void aSecretIsEncryptedInEtcd() throws Exception {
    String kubectl = "kubectl --kubeconfig /var/lib/kubernetes/admin.kubeconfig ";
    controller.eventually(
        kubectl
            + "create secret generic bread --from-literal=crust=golden --dry-run=client -o yaml | "
            + kubectl
            + "apply -f -",
        PATIENCE);
    controller.assertEncrypted("bread", "golden");
  }

  @Test
  void stopsCleanlyOnItsStopSignal() throws Exception {
    try (Machine brief = new Machine(image("loadbalancer"), "brief", network, "10.240.77.30")) {
      brief.boot();
      brief.eventually("systemctl is-active basic.target", PATIENCE);
      assertEquals(0, brief.stopAndGetExitCode());
    }
  }
}
