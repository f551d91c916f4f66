package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.hardbake.Guest;
import io.hardbake.Oracle;
import io.hardbake.Qemu;
import io.hardbake.bake.MachineChecks;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The role that docs/recipes.md shows, on a disk. Its packages are left to dpkg, for which an
 * emulated machine takes its time, and a port that it wants is another's there.
 */
class RecipesDocIT {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @TempDir private Path room;

  @Test
  @EnabledIfSystemProperty(named = "hardbake.slow", matches = "true")
  void theRoleOfTheDocumentWorks() throws Exception {
    Oracle.require("qemu-system-x86_64", "qemu-img", "ssh");
    Oracle.run("cp", "-r", "images", "templates", room.toString()).succeeded();
    RecipesDocTest.writeRole(room);
    Path out = room.resolve("out");
    MachineChecks.hardbake("bake", "dns", "--format=qcow2", "--project=" + room, "--output=" + out);
    Path disk = out.resolve("disks/dns-amd64.qcow2");
    Qemu machine = Qemu.of("documented-role", Qemu.overlay(disk, room)).withSsh();
    try (Guest guest = machine.start(room)) {
      String said = guest.await("this dns is ready", PATIENCE);
      assertFalse(said.contains("FAILED"), said);
      String looks =
          """
          since() { systemctl show -P "$1TimestampMonotonic" "$2"; }
          configured=$(since ExecMainExit hardbake-configure)
          started=$(since ExecMainStart dnsmasq)
          [ "$configured" -gt 0 ] && [ "$configured" -lt "$started" ] || echo "$configured, $started"
          dig +short @"$(hostname -I | cut -d' ' -f1)" localhost
          dpkg --audit
          systemctl --failed --no-legend
          """;
      assertEquals("127.0.0.1\n", guest.ssh(looks, PATIENCE).succeeded().stdout());
    }
  }
}
