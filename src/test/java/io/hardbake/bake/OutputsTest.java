package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.UnreachableException;
import io.hardbake.image.Architecture;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.kubernetes.KubernetesRequest;
import io.hardbake.kubernetes.KubernetesVersion;
import io.hardbake.tree.Content;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class OutputsTest {
  private static KubernetesBinaries kubernetes(String version, Architecture architecture) {
    SortedMap<String, Content> binaries = new TreeMap<>();
    KubernetesBinaries.NAMES.forEach(name -> binaries.put(name, Content.of(name)));
    return new KubernetesBinaries(
        KubernetesVersion.parse(version).orElseThrow(),
        architecture,
        KubernetesRequest.Choice.RELEASE,
        "a test",
        new TreeMap<>(),
        binaries);
  }

  /** The catalog of a role's boxes names one version for all. */
  @Test
  void boxesOfOneRoleHaveTheSameKubernetes() throws Exception {
    KubernetesBinaries released = kubernetes("v1.18.6", Architecture.AMD64);
    Outputs.requireOneKubernetes("web", List.of());
    Outputs.requireOneKubernetes(
        "web", List.of(released, kubernetes("v1.18.6", Architecture.ARM64)));
    List<KubernetesBinaries> mixed = List.of(released, kubernetes("v1.20.2", Architecture.ARM64));
    UnreachableException e =
        assertThrows(UnreachableException.class, () -> Outputs.requireOneKubernetes("web", mixed));
    assertEquals(
        "the boxes of web have one catalog, and would have Kubernetes v1.18.6 for amd64, v1.20.2"
            + " for arm64",
        e.getMessage());
    assertTrue(e.remedy().contains("--kubernetes debian-source"), e.remedy());
  }
}
