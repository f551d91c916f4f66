package io.hardbake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.engine.Subnet;
import io.hardbake.io.Bytes;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

final class SeedTest {
  private static final Topology TOPOLOGY =
      Topology.of(Subnet.parse("10.240.3.0/24").orElseThrow(), 3);
  private static final SortedMap<String, Bytes> CREDENTIALS =
      new TreeMap<>(
          Map.of("ca.pem", Bytes.of(new byte[] {1}), "ca-key.pem", Bytes.of(new byte[1])));

  @Test
  void tellsAMachineWhoItIsAndWhereTheControllersAre() throws Exception {
    Map<String, String> files = unpack(seed(TOPOLOGY.controllers().get(1)));
    assertEquals(
        Set.of("seed/", "seed/ca.pem", "seed/ca-key.pem", "seed/meta-data", "seed/user-data"),
        files.keySet());
    assertEquals("instance-id: i-1\nlocal-hostname: controller-1\n", files.get("seed/meta-data"));
    assertEquals(
        """
        CONTROLLERS="controller-0=10.240.3.10 controller-1=10.240.3.11 controller-2=10.240.3.12"
        NODE_NAME=controller-1
        INTERNAL_IP=10.240.3.11
        """,
        files.get("seed/user-data"));
  }

  @Test
  void aLoadBalancerGetsNoCredentials() throws Exception {
    assertEquals(
        Set.of("seed/", "seed/meta-data", "seed/user-data"),
        unpack(seed(TOPOLOGY.loadBalancer())).keySet());
  }

  private static Seed seed(Node node) {
    return Seed.of(node, TOPOLOGY, "i-1", CREDENTIALS);
  }

  /** The files by name; root's, and for nobody else. */
  private static Map<String, String> unpack(Seed seed) throws Exception {
    Map<String, String> files = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(seed.tar()))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        assertEquals(e.isDirectory() ? 0700 : 0600, e.getMode() & 07777, e.getName());
        assertEquals(0, e.getLongUserId());
        assertEquals(0, e.getLongGroupId());
        files.put(e.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }
}
