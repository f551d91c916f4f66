package io.hardbake;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.Network;

/**
 * A role of a user's own, with packages whose scripts hardbake does not stand in for: it is baked
 * all the same, and dpkg itself finishes the work at first boot.
 */
final class UnknownScriptIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Its postinst makes a group and a setgid program by hand; the recipe enables its unit. */
  private static final String CRON = "cron";

  /** Has a preinst too, asks debconf, and depends on another whose postinst is not known. */
  private static final String POSTFIX = "postfix";

  /** Enables a unit that the recipe disables, and has a file that the recipe removes. */
  private static final String ATOP = "atop";

  /** What the recipe has otherwise than the packages left to dpkg, and dpkg has to leave alone. */
  private static final String RECIPE =
      """
      from: base
      description: a machine that keeps time
      packages: [%s, %s, %s]
      users: [{name: dev, id: 2000}]
      files:
        - {path: /etc/default/cron, content: "# the recipe's own\\n"}
        - path: /usr/lib/hardbake/firstboot.d/dev
          content: "#!/bin/sh\\nusermod -aG crontab dev\\n"
          mode: "0755"
      remove: [/etc/cron.d/atop]
      units: {enable: [cron.service], disable: [atop.service, atopacct.service, atop-rotate.timer]}
      """;

  @TempDir private static Path directory;
  private static String image = "";

  @BeforeAll
  static void bake() throws Exception {
    ContainerEngine.require();
    Path project = Files.createDirectory(directory.resolve("project"));
    Oracle.run("cp", "-r", "images", "templates", project.toString()).succeeded();
    Files.writeString(project.resolve("images/clock.yaml"), RECIPE.formatted(CRON, POSTFIX, ATOP));
    Oracle.Result bake =
        Oracle.run(
                "./hardbake",
                "bake",
                "--format=oci",
                "clock",
                "--project",
                project.toString(),
                "--output",
                directory.resolve("out").toString())
            .succeeded();
    for (String each : List.of(CRON, POSTFIX, ATOP)) {
      String warning = "warning: clock-amd64: %s is left to be configured at first boot";
      assertTrue(bake.stderr().contains(warning.formatted(each)), bake::toString);
    }
    Path archive = directory.resolve("out/images/clock-amd64.oci.tar");
    Oracle.run("./hardbake", "verify", archive.toString()).succeeded();
    image = ContainerEngine.load(archive);
  }

  @Test
  void dpkgConfiguresAtFirstBootWhatTheBakeLeft() throws Exception {
    try (Network network = Machine.network("10.240.78.0/24");
        Machine machine = new Machine(image, "clock", network, "10.240.78.10")) {
      machine.boot();
      machine.eventually("systemctl is-active multi-user.target", PATIENCE);
      assertEquals("", machine.output("dpkg --audit"));
      for (String each : List.of(CRON, POSTFIX, ATOP)) {
        assertEquals(
            "install ok installed", machine.output("dpkg-query -W -f='${Status}' " + each));
      }
      assertEquals(
          "2755 root:crontab", machine.output("stat -c '%a %U:%G' /usr/bin/crontab").strip());
      assertEquals("# the recipe's own", machine.output("cat /etc/default/cron").strip());
      machine.output("test -e /etc/default/cron.dpkg-dist");
      machine.output("test ! -e /etc/cron.d/atop");
      assertEquals("disabled", machine.run("systemctl is-enabled atop").getStdout().strip());
      assertEquals("inactive", machine.run("systemctl is-active atop").getStdout().strip());
      machine.eventually("id -nG dev | grep -qw crontab", PATIENCE);
      machine.eventually("systemctl is-active cron.service", PATIENCE);
      long configured = moment(machine, "ExecMainExit", "hardbake-configure");
      long started = moment(machine, "ExecMainStart", "cron");
      assertTrue(0 < configured && configured < started, configured + ", then " + started);
      machine.eventually("postqueue -p | grep -qx 'Mail queue is empty'", PATIENCE);
      // It is no part of a cluster, and waits for none.
      machine.output("grep -qx INTERNAL_IP=10.240.78.10 /etc/hardbake/node.env");
      machine.output("test ! -e /var/lib/hardbake/unconfigured");
      machine.eventually("hardbake status", PATIENCE);
    }
  }

  /** Not ready, and says why; an earlier boot was cut off while dpkg was at work. */
  @Test
  void waitsForPackagesWhoseScriptFails() throws Exception {
    String script = "/var/lib/dpkg/info/ssl-cert.postinst";
    String policy = "/usr/sbin/policy-rc.d";
    try (Network network = Machine.network("10.240.79.0/24");
        Machine machine = new Machine(image, "clock", network, "10.240.79.10")) {
      machine.give(script, "#!/bin/sh\nexit 1\n".getBytes(US_ASCII), 0100755);
      machine.give(policy, ours().getBytes(US_ASCII), 0100755);
      machine.boot();
      machine.eventually("grep -q 'dpkg has not configured' /run/hardbake/problem", PATIENCE);
      ExecResult status = machine.run("hardbake status");
      assertEquals(1, status.getExitCode(), status::toString);
      assertTrue(status.getStdout().contains("problem      dpkg has not"), status::toString);
      assertTrue(machine.output("dpkg --audit").contains("ssl-cert"));
      machine.output("grep -qx INTERNAL_IP=10.240.79.10 /etc/hardbake/node.env");
      machine.output("test ! -e /run/hardbake/ready");
      assertEquals(0, moment(machine, "ExecMainStart", "cron"));
      machine.output("printf '#!/bin/sh\n' >" + script);
      machine.eventually("hardbake status", PATIENCE);
      assertEquals("", machine.output("dpkg --audit"));
      machine.eventually("systemctl is-active postfix.service cron.service", PATIENCE);
      machine.output("test ! -e " + policy);
    }
  }

  /** When the process of a service did something, in microseconds since boot; 0, if it did not. */
  private static long moment(Machine machine, String what, String service) throws Exception {
    String ask = "systemctl show -P %sTimestampMonotonic %s.service".formatted(what, service);
    return Long.parseLong(machine.output(ask).strip());
  }

  /** What keeps scripts from starting services, as the machine has it while dpkg is at work. */
  private static String ours() throws Exception {
    String script = Files.readString(Path.of("templates/base/configure.ftl"));
    Matcher quoted = Pattern.compile("ours='(.*?)'", Pattern.DOTALL).matcher(script);
    assertTrue(quoted.find(), script);
    return quoted.group(1) + "\n";
  }
}
