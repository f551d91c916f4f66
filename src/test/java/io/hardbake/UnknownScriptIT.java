package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;

/**
 * A role of a user's own, with a package whose scripts hardbake does not stand in for: it is baked
 * all the same, and dpkg itself finishes the work at first boot.
 */
final class UnknownScriptIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Its postinst makes a group and a setgid program by hand. */
  private static final String PACKAGE = "cron";

  @TempDir private Path directory;

  @Test
  void dpkgConfiguresAtFirstBootWhatTheBakeLeft() throws Exception {
    ContainerEngine.require();
    Oracle.Result bake = bake();
    assertTrue(
        bake.stderr().contains("warning: clock-amd64: cron is left to be configured at first boot"),
        bake::toString);
    Path image = directory.resolve("out/images/clock-amd64.oci.tar");
    Oracle.run("./hardbake", "verify", image.toString()).succeeded();

    try (Network network = Machine.network("10.240.78.0/24");
        Machine machine =
            new Machine(ContainerEngine.load(image), "clock", network, "10.240.78.10")) {
      machine.boot();
      machine.eventually("systemctl is-active multi-user.target", PATIENCE);
      assertEquals("", machine.output("dpkg --audit"));
      assertEquals(
          "install ok installed", machine.output("dpkg-query -W -f='${Status}' " + PACKAGE));
      assertEquals(
          "2755 root:crontab", machine.output("stat -c '%a %U:%G' /usr/bin/crontab").strip());
      machine.eventually("systemctl is-active cron.service", PATIENCE);
      // It is no part of a cluster, and waits for none.
      machine.output("grep -qx INTERNAL_IP=10.240.78.10 /etc/hardbake/node.env");
      machine.output("test ! -e /var/lib/hardbake/unconfigured");
    }
  }

  private Oracle.Result bake() throws Exception {
    Path project = Files.createDirectory(directory.resolve("project"));
    Oracle.run("cp", "-r", "images", "templates", project.toString()).succeeded();
    Files.writeString(
        project.resolve("images/clock.yaml"),
        "from: base\ndescription: a machine that keeps time\npackages: [" + PACKAGE + "]\n");
    return Oracle.run(
            "./hardbake",
            "bake",
            "--format=oci",
            "clock",
            "--project",
            project.toString(),
            "--output",
            directory.resolve("out").toString())
        .succeeded();
  }
}
