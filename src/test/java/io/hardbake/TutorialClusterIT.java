package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial's own checks, on its own cluster: three controllers and a load balancer. */
@ManyMachines
final class TutorialClusterIT {
  @TempDir private static Path directory;
  private static ClusterMachines cluster;

  @BeforeAll
  static void boot() throws Exception {
    cluster = new ClusterMachines("10.240.80", 3, directory);
    cluster.boot(
        cluster.loadBalancer(),
        cluster.controller(0),
        cluster.controller(1),
        cluster.controller(2));
    for (Machine machine : cluster.controllers()) {
      machine.eventually("test -e /run/hardbake/ready", ClusterMachines.PATIENCE);
    }
    cluster.allServersAreUp();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void everyComponentIsHealthy() throws Exception {
    cluster.allComponentsAreHealthy(cluster.controller(0));
  }

  @Test
  void everyControllerAnswersTheHealthProbe() throws Exception {
    for (Machine controller : cluster.controllers()) {
      controller.eventually(
          "test \"$(curl -s -w ' %{http_code}' -H 'Host: kubernetes.default.svc.cluster.local'"
              + " http://127.0.0.1/healthz)\" = 'ok 200'",
          ClusterMachines.PATIENCE);
    }
  }

  /** {@code curl --cacert ca.pem https://…:6443/version}, and not without the CA. */
  @Test
  void theVersionIsAskedThroughTheLoadBalancer() throws Exception {
    String baked =
        new ObjectMapper()
            .readTree(Path.of("target", "bake.json").toFile())
            .at("/kubernetes/0/version")
            .asText();
    String said = cluster.version();
    assertTrue(said.contains("\"gitVersion\": \"" + baked + "\""), said);
    cluster.askVersion().refused();
  }

  @Test
  void theControllersApplyTheRbacObjects() throws Exception {
    Machine from = cluster.controller(1);
    String role = cluster.kubectl(from, "get clusterrole system:kube-apiserver-to-kubelet -o yaml");
    assertTrue(role.contains("nodes/proxy"), role);
    String binding = cluster.kubectl(from, "get clusterrolebinding system:kube-apiserver -o yaml");
    assertTrue(binding.contains("name: system:kube-apiserver-to-kubelet"), binding);
    for (Machine controller : cluster.controllers()) {
      controller.eventually("test -e /run/hardbake/rbac", ClusterMachines.PATIENCE);
    }
  }

  @Test
  void aSecretIsEncryptedInEveryEtcd() throws Exception {
    cluster.create(cluster.controller(2), "secret generic bread --from-literal=crust=golden");
    for (Machine controller : cluster.controllers()) {
      controller.assertEncrypted("bread", "golden");
    }
  }

  @Test
  void aDeploymentGetsItsReplicaSet() throws Exception {
    Machine from = cluster.controller(0);
    cluster.create(from, "deployment oven --image=none");
    from.eventually(
        "kubectl --kubeconfig /var/lib/kubernetes/admin.kubeconfig get replicasets -l app=oven"
            + " -o name | grep -q ^replicaset",
        ClusterMachines.PATIENCE);
  }

  @Test
  void everyMachineSaysThatItIsWell() throws Exception {
    for (Machine controller : cluster.controllers()) {
      String status = controller.eventually("hardbake status", ClusterMachines.PATIENCE);
      assertTrue(status.contains("ready        yes"), status);
    }
    String status = cluster.loadBalancer().output("hardbake status");
    assertTrue(status.contains("controller-2 " + cluster.address(12)), status);
  }

  @Test
  void keysAreNobodyElses() throws Exception {
    assertEquals(
        "",
        cluster
            .controller(0)
            .output(
                "find /var/lib/kubernetes -type f ! -name '*.pem' ! -perm 0600;"
                    + " find /var/lib/kubernetes -name '*-key.pem' ! -perm 0600;"
                    + " find /var/lib/hardbake/seed /run/hardbake -name '*-key.pem'"));
  }

  @Test
  void noUnitFails() throws Exception {
    for (Machine controller : cluster.controllers()) {
      assertEquals(List.of(), controller.failedUnits());
    }
    assertEquals(List.of(), cluster.loadBalancer().failedUnits());
  }
}
