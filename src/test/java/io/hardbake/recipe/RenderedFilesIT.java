package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.tree.AbsolutePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs that will read our files have nothing to say against them. */
class RenderedFilesIT {
  private static final String UNITS = "etc/systemd/system/";

  /** The parts of Debian's own units that ours build on. */
  private static final Map<String, String> DEBIAN_UNITS =
      Map.of(
          "etcd.service",
          """
          [Service]
          Environment=ETCD_NAME=%H
          EnvironmentFile=-/etc/default/%p
          Type=notify
          User=etcd
          ExecStart=/usr/bin/etcd $DAEMON_ARGS
          [Install]
          WantedBy=multi-user.target
          """,
          "haproxy.service",
          """
          [Service]
          Environment="CONFIG=/etc/haproxy/haproxy.cfg"
          Type=notify
          ExecStart=/usr/sbin/haproxy -Ws -f $CONFIG
          [Install]
          WantedBy=multi-user.target
          """,
          "ssh.service",
          """
          [Service]
          ExecStart=/usr/sbin/sshd -D
          [Install]
          WantedBy=multi-user.target
          """,
          "systemd-udev-trigger.service",
          """
          [Unit]
          DefaultDependencies=no
          Before=sysinit.target
          [Service]
          Type=oneshot
          RemainAfterExit=yes
          ExecStart=-udevadm trigger --type=all --action=add
          """);

  private static final List<String> PROGRAMS =
      List.of(
          "usr/local/bin/kube-apiserver",
          "usr/local/bin/kube-controller-manager",
          "usr/local/bin/kube-scheduler",
          "usr/bin/etcd",
          "usr/bin/install",
          "usr/bin/ssh-keygen",
          "usr/bin/systemctl",
          "usr/sbin/haproxy",
          "usr/sbin/sshd");

  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource({
    "controller, v1.18.6",
    "controller, v1.20.2",
    "loadbalancer, v1.18.6",
    "loadbalancer, v1.20.2"
  })
  void systemdAcceptsEveryUnit(String role, String version) throws Exception {
    assertAcceptsEveryUnit(RenderedRole.of(role, version));
  }

  @ParameterizedTest
  @ValueSource(strings = {"controller", "loadbalancer"})
  void systemdAcceptsEveryUnitOfAMachineWithADisk(String role) throws Exception {
    assertAcceptsEveryUnit(RenderedRole.withDisk(role, "v1.18.6"));
  }

  private void assertAcceptsEveryUnit(RenderedRole rendered) throws Exception {
    install(rendered);
    NavigableSet<String> units = units(rendered);
    assertTrue(units.size() >= 6, units::toString);
    assertEquals("", complaints(units));
  }

  private static NavigableSet<String> units(RenderedRole rendered) {
    return rendered.files().keySet().stream()
        .map(AbsolutePath::relative)
        .filter(path -> path.startsWith(UNITS))
        .map(path -> unit(path.substring(UNITS.length())))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whose file, or drop-in file, this is. */
  private static String unit(String path) {
    return path.replaceFirst("\\.d/.*", "");
  }

  @ParameterizedTest
  @CsvSource({
    "kube-scheduler.service, RestartSec=",
    "hardbake-coldplug.service, Nice=",
    "hardbake-coldplug.timer, OnBootSec=",
    "hardbake-ready.service.d/coldplug.conf, OnSuccess=",
    "sys-kernel-debug.automount, Where=",
    "sys-kernel-tracing.automount, Where=",
    "systemd-udev-trigger.service.d/hardbake.conf, ExecStart="
  })
  void systemdNoticesAnUnknownDirective(String path, String directive) throws Exception {
    RenderedRole rendered = RenderedRole.withDisk("controller", "v1.18.6");
    install(rendered);
    Path file = root.resolve(UNITS + path);
    String text = Files.readString(file);
    assertTrue(text.contains(directive), text);
    Files.writeString(file, text.replace(directive, "No" + directive));
    String said = complaints(units(rendered));
    assertTrue(said.contains(unit(path)), said);
    assertTrue(said.contains("No" + directive.replace("=", "")), said);
  }

  @Test
  void systemdNoticesAMissingProgram() throws Exception {
    RenderedRole rendered = RenderedRole.of("controller", "v1.18.6");
    install(rendered);
    Files.delete(root.resolve("usr/bin/etcd"));
    String said = complaints(units(rendered));
    assertTrue(said.contains("etcd.service"), said);
  }

  /** Before first boot has written any controller into it. */
  @Test
  void haproxyAcceptsItsFile() throws Exception {
    Oracle.require("haproxy");
    Path config = root.resolve("haproxy.cfg");
    String text = RenderedRole.of("loadbalancer", "v1.18.6").file("/etc/haproxy/haproxy.cfg");
    Files.writeString(config, text);
    Oracle.Result result = Oracle.run("haproxy", "-c", "-f", config.toString()).succeeded();
    assertFalse((result.stdout() + result.stderr()).contains("WARNING"), result.toString());
    Files.writeString(config, text.replace("roundrobin", "nonsense"));
    Oracle.run("haproxy", "-c", "-f", config.toString()).refused();
  }

  @Test
  void nginxAcceptsTheSite() throws Exception {
    String site =
        RenderedRole.of("controller", "v1.18.6")
            .file("/etc/nginx/sites-available/kubernetes.default.svc.cluster.local");
    nginx(site).succeeded();
    nginx(site.replace("proxy_pass ", "proxy_past ")).refused();
  }

  @ParameterizedTest
  @ValueSource(strings = {"controller", "loadbalancer"})
  void shellcheckAcceptsEveryScript(String role) throws Exception {
    Oracle.require("shellcheck");
    RenderedRole rendered = RenderedRole.of(role, "v1.18.6");
    rendered.writeTo(root);
    List<Path> scripts = new ArrayList<>();
    rendered
        .files()
        .forEach(
            (path, text) -> {
              if (text.startsWith("#!/bin/sh\n")) {
                scripts.add(root.resolve(path.relative()));
              }
            });
    assertTrue(scripts.size() >= 8, scripts::toString);
    assertEquals("", shellcheck(scripts).succeeded().stdout());
    Path bad = Files.writeString(root.resolve("script"), "#!/bin/sh\nrm -r $1/$x\n");
    scripts.add(scripts.size() / 2, bad);
    String said = shellcheck(scripts).refused().stdout();
    assertTrue(said.contains(bad + " line 2"), said);
  }

  private Oracle.Result nginx(String site) throws IOException {
    Oracle.require("nginx");
    Oracle.requireRoot(); // it listens on port 80 for its check
    Files.writeString(root.resolve("site"), site);
    Files.writeString(
        root.resolve("nginx.conf"),
        """
        pid nginx.pid;
        error_log stderr;
        events {}
        http {
          access_log off;
          include site;
        }
        """);
    return Oracle.run("nginx", "-t", "-p", root + "/", "-c", "nginx.conf");
  }

  /** All at once, and follows what a script sources. */
  private static Oracle.Result shellcheck(List<Path> scripts) {
    List<String> command = new ArrayList<>(List.of("shellcheck", "-x", "-P", "SCRIPTDIR"));
    scripts.forEach(script -> command.add(script.toString()));
    return Oracle.run(command);
  }

  /** Puts the role's files into the root, the host's own units, and programs that do nothing. */
  private void install(RenderedRole rendered) throws Exception {
    Oracle.require("systemd-analyze");
    Oracle.require(
        Files.exists(Path.of("/lib/systemd/system/basic.target")), "systemd's units are absent");
    Path system = Files.createDirectories(root.resolve("lib/systemd/system"));
    try (Stream<Path> units = Files.list(Path.of("/lib/systemd/system"))) {
      for (Path unit : units.filter(Files::isRegularFile).toList()) {
        Files.copy(unit, system.resolve(unit.getFileName()));
      }
    }
    for (Map.Entry<String, String> unit : DEBIAN_UNITS.entrySet()) {
      Files.writeString(system.resolve(unit.getKey()), unit.getValue());
    }
    for (String program : PROGRAMS) {
      Path file = root.resolve(program);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "#!/bin/sh\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    rendered.writeTo(root);
  }

  /**
   * What systemd says of units, all at once since it takes a second to start; it names the unit.
   * Warnings leave the exit code at 0, but not the output empty.
   */
  private String complaints(NavigableSet<String> units) {
    List<String> command =
        new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no", "--root=" + root));
    command.addAll(units);
    Oracle.Result result = Oracle.run(command);
    return (result.exitCode() == 0 ? "" : "exit code " + result.exitCode() + "\n")
        + result.stdout()
        + result.stderr();
  }
}
