package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.TestCredentials;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * First boot, killed before each command that changes something, and the machine started again: the
 * result is the same as if nothing had happened.
 */
class FirstBootCutIT {
  /** What changes files; between two of them nothing does. */
  private static final List<String> CHANGING =
      List.of("cat", "chmod", "cp", "mkdir", "mv", "rm", "sync");

  @TempDir private Path directory;

  @Test
  void aCutAtAnyStepChangesNothingInTheEnd() throws Exception {
    TestCredentials credentials =
        TestCredentials.make(
            Files.createDirectory(directory.resolve("credentials")),
            List.of("controller-7", "127.0.0.1"));
    FirstBootMachine whole = machine("whole", credentials);
    whole.pass().succeeded();
    int steps = Integer.parseInt(Files.readString(directory.resolve("whole/count")).strip());
    assertTrue(steps > 30, steps + " steps");
    SortedMap<String, String> expected = state(whole);
    assertTrue(expected.containsKey("var/lib/kubernetes/kubernetes-key.pem"));
    assertTrue(expected.get("etc/hardbake/node.env") != null);

    // What follows a cut depends on the disk alone, so one recovery for each disk is enough.
    Set<SortedMap<String, String>> recovered = new HashSet<>();
    for (int step = 1; step <= steps; step++) {
      FirstBootMachine cut = machine("cut" + step, credentials);
      Files.writeString(directory.resolve("cut" + step + "/at"), step + "\n");
      assertEquals(137, cut.run(passInItsOwnGroup(cut)).exitCode(), "killed at step " + step);
      Files.writeString(directory.resolve("cut" + step + "/at"), "0\n");
      cut.reboot();
      if (recovered.add(disk(cut))) {
        cut.pass().succeeded();
        assertEquals(expected, state(cut), "cut at step " + step);
      }
    }
    assertTrue(recovered.size() > 20, recovered.size() + " disks of " + steps + " steps");
  }

  private static List<String> passInItsOwnGroup(FirstBootMachine machine) {
    String firstboot = machine.file("/usr/lib/hardbake/firstboot").toString();
    return List.of("setsid", "--wait", "sh", "-c", firstboot + " pass; exit $?");
  }

  /** A copy of another machine's disk, with everything to do at once. */
  private FirstBootMachine machine(String name, TestCredentials credentials) throws Exception {
    Oracle.require("setsid");
    Path here = Files.createDirectory(directory.resolve(name));
    FirstBootMachine machine = new FirstBootMachine(here, "controller", "another");
    machine.write("/var/lib/hardbake/instance", "i-6\n");
    machine.write("/etc/ssh/ssh_host_rsa_key", "another's\n").write("/etc/machine-id", "6\n");
    machine.write(
        "/var/lib/hardbake/seed/meta-data", "instance-id: i-7\nlocal-hostname: controller-7\n");
    machine.seed("#!/bin/sh\necho made >" + machine.file("/etc/made-by-script") + "\n");
    Files.write(
        machine.file("/proc/1/environ"),
        "HARDBAKE_CONTROLLERS=controller-7=10.240.0.10\0".getBytes(StandardCharsets.UTF_8));
    for (Path file : credentials.files()) {
      Files.copy(file, machine.file("/var/lib/hardbake/seed/" + file.getFileName()));
    }
    Files.writeString(here.resolve("at"), "0\n");
    Files.writeString(here.resolve("count"), "0\n");
    for (String tool : CHANGING) {
      Path real = Oracle.find(tool, System.getenv()).orElseThrow();
      machine.program(
          tool,
          """
          read -r count <%1$s/count
          read -r at <%1$s/at
          count=$((count + 1))
          echo $count >%1$s/count
          [ $count != $at ] || kill -9 0
          exec %2$s "$@"
          """
              .formatted(here, real));
    }
    return machine;
  }

  /** Every file that the next pass may look at, as if each machine had the same path. */
  private static SortedMap<String, String> disk(FirstBootMachine machine) throws IOException {
    String root = machine.root().toString();
    SortedMap<String, String> disk = new TreeMap<>();
    try (Stream<Path> files = Files.walk(machine.root())) {
      for (Path file : files.toList()) {
        String body = "";
        if (Files.isSymbolicLink(file)) {
          body = Files.readSymbolicLink(file).toString().replace(root, "/");
        } else if (Files.isRegularFile(file)) {
          // Each byte is a character of this one.
          String text = Files.readString(file, StandardCharsets.ISO_8859_1).replace(root, "/");
          body = Sha256.of(text.getBytes(StandardCharsets.ISO_8859_1)).toString();
        }
        Object mode = Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        disk.put(machine.root().relativize(file).toString(), mode + " " + body);
      }
    }
    return disk;
  }

  /** All that survives a reboot. */
  private static SortedMap<String, String> state(FirstBootMachine machine) throws IOException {
    SortedMap<String, String> state = new TreeMap<>();
    for (String top : List.of("etc", "var")) {
      try (Stream<Path> files = Files.walk(machine.root().resolve(top))) {
        for (Path file : files.toList()) {
          String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
          String body =
              Files.isRegularFile(file) ? Sha256.of(Files.readAllBytes(file)).toString() : "";
          // The script writes the machine's own path, which differs between these machines.
          String path = machine.root().relativize(file).toString();
          state.put(path, path.endsWith("user-data") ? mode : mode + " " + body);
        }
      }
    }
    return state;
  }
}
