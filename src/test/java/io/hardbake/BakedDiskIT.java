package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disks as {@code make images} leaves them, and the seed as {@code hardbake seed} writes it.
 */
class BakedDiskIT {
  private static final Path DISKS = Path.of("target", "disks").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path room;

  @Test
  void theLoadBalancerGetsReadyWithASeed() throws Exception {
    Path disk = disk("loadbalancer");
    Path seed = room.resolve("seed.img");
    Oracle.run(
            Path.of("hardbake").toAbsolutePath().toString(),
            "seed",
            "--node=loadbalancer",
            "--out=" + seed,
            "--controllers=controller-0=10.240.0.10 controller-1=10.240.0.11")
        .succeeded();
    Qemu machine =
        Qemu.of("baked-loadbalancer", Qemu.overlay(disk, room)).withDrive(seed).withPort(6443);
    try (Qemu.Guest guest = machine.withSsh().start(room)) {
      guest.ssh("until test -e /run/hardbake/ready; do sleep 0.2; done", PATIENCE).succeeded();
      assertEquals("loadbalancer", guest.ssh("hostname", PATIENCE).succeeded().stdout().strip());
      String servers = guest.ssh("cat /etc/haproxy/haproxy.cfg", PATIENCE).succeeded().stdout();
      assertTrue(servers.contains("10.240.0.11:6443"), servers);
      // Users belong to boxes; here nobody can log in but by what the seed or firmware brings.
      guest.ssh("getent passwd 1000 || getent passwd vagrant", PATIENCE).refused();
    }
  }

  @Test
  void qemuFindsNoFaultInAnyDisk() {
    Oracle.require("qemu-img");
    for (String role : new String[] {"controller", "loadbalancer"}) {
      Oracle.run("qemu-img", "check", "-q", disk(role).toString()).succeeded();
    }
  }

  private static Path disk(String role) {
    Path disk = DISKS.resolve(role + "-amd64.qcow2");
    Oracle.require(Files.exists(disk), disk + " is missing: make images");
    return disk;
  }
}
