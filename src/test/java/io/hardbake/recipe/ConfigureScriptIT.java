package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left to dpkg, configured by the real script; dpkg is the test's own. */
final class ConfigureScriptIT {
  private static final String SCRIPT = "/usr/lib/hardbake/configure";
  private static final String LIST = "/var/lib/hardbake/disabled";
  private static final String MARKER = "/var/lib/hardbake/unconfigured";
  private static final String WANTS = "/etc/systemd/system/sockets.target.wants";

  @TempDir private Path directory;

  @Test
  void whatTheRecipeDisablesIsNotEnabledAlongWithAnother() throws Exception {
    FirstBootMachine machine = machine();
    Path wants = Files.createDirectories(machine.file(WANTS));
    Path unwanted = wants.resolve("odd\\x2dcontrol.socket");
    Path wanted = wants.resolve("odd.socket");
    machine.write(LIST, unwanted + "\n" + wants.resolve("never.socket") + "\n");
    machine.program("dpkg", "ln -s /unit '%s'; ln -s /unit '%s'".formatted(unwanted, wanted));

    configure(machine).succeeded();
    assertFalse(Files.exists(unwanted, LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.isSymbolicLink(wanted));
    assertFalse(Files.exists(machine.file(LIST)));
    assertFalse(Files.exists(machine.file(MARKER)));
  }

  @Test
  void withoutSuchAListAllIsAsScriptsLeaveIt() throws Exception {
    FirstBootMachine machine = machine().program("dpkg", "true");
    configure(machine).succeeded();
    assertFalse(Files.exists(machine.file(MARKER)));
  }

  /** Once the marker is gone, none of its runs takes it away. */
  @Test
  void leavesNoPolicyBehindWhateverHappensAfterTheMarker() throws Exception {
    FirstBootMachine machine = machine().program("dpkg", "test -e " + policy());
    machine.program("systemctl", "test -e %s || kill -KILL $PPID".formatted(policy()));
    assertEquals(137, configure(machine).exitCode());
    assertFalse(Files.exists(machine.file(MARKER)));
    assertFalse(Files.exists(machine.file("/usr/sbin/policy-rc.d")));
  }

  /** Somebody else's. */
  @Test
  void leavesAnothersPolicy() throws Exception {
    FirstBootMachine machine = machine().program("dpkg", "test -e " + policy());
    Files.createDirectories(machine.file("/usr/sbin"));
    machine.write("/usr/sbin/policy-rc.d", "exit 104\n");
    configure(machine).succeeded();
    assertEquals("exit 104\n", machine.text("/usr/sbin/policy-rc.d"));
  }

  private static String policy() {
    return "$HARDBAKE_ROOT/usr/sbin/policy-rc.d";
  }

  private FirstBootMachine machine() throws Exception {
    return new FirstBootMachine(directory, "loadbalancer", "loadbalancer").write(MARKER, "odd\n");
  }

  /** The script knows no other root than the machine's, so it is told of this one here. */
  private static Oracle.Result configure(FirstBootMachine machine) throws Exception {
    Files.createDirectories(machine.file("/usr/sbin"));
    machine.write(
        SCRIPT,
        machine
            .text(SCRIPT)
            .replace("=/var/lib/", "=" + machine.file("/var/lib") + "/")
            .replace("=/usr/sbin/", "=" + machine.file("/usr/sbin") + "/"));
    return machine.run(List.of(machine.file(SCRIPT).toString()));
  }
}
