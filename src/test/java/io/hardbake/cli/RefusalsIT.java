package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.hardbake.Oracle;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel refuses to a process, and what hardbake makes of it. */
final class RefusalsIT {
  @TempDir private Path directory;

  private Launch hardbake(String... arguments) {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"));
    return new Launch(java, List.of(arguments), directory.resolve("said"));
  }

  /** Root as well has to have the right to read then. */
  private static Launch withoutPrivilege(Launch launch) {
    Oracle.require("setpriv");
    Oracle.requireRoot();
    return launch.by("setpriv", "--bounding-set=-dac_override,-dac_read_search");
  }

  @Test
  void credentialsThatMayNotBeSeenAreNotMissing() throws Exception {
    Path credentials = directory.resolve("credentials");
    StringWriter said = new StringWriter();
    Main.run(
        new String[] {"credentials", "--key", "ec", "--out", credentials.toString()},
        Map.of(),
        new PrintWriter(said, true),
        new PrintWriter(said));
    String seed = directory.resolve("seed.img").toString();
    List<TestProject.Outcome> outcomes = new ArrayList<>();
    Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
    for (Launch launch :
        List.of(
            hardbake("credentials", "--out", credentials.toString(), "--show"),
            hardbake("credentials", "--out", credentials.toString(), "--renew"),
            hardbake(
                "seed", "--node", "c", "--out", seed, "--credentials", credentials.toString()))) {
      outcomes.add(withoutPrivilege(launch).run());
    }
    Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rwx------"));
    for (TestProject.Outcome outcome : outcomes) {
      outcome.failed(Failure.HOST).says("no right to read " + credentials, "run as its owner");
      assertFalse(outcome.toString().contains("--force"), outcome::toString);
    }
    withoutPrivilege(hardbake("credentials", "--out", credentials.toString(), "--show"))
        .run()
        .succeeded();
  }

  @Test
  void outputsThatMayNotBeReadAreNeitherMissingNorDamaged() throws Exception {
    Path closed = Files.createDirectory(directory.resolve("closed"));
    String within = Files.writeString(closed.resolve("within"), "/").toString();
    Path file = Files.writeString(directory.resolve("file"), "/");
    String name = file.toString();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    List<TestProject.Outcome> outcomes = new ArrayList<>();
    for (Launch launch :
        List.of(
            hardbake("verify", name),
            hardbake("inspect", name),
            hardbake("diff", name, name),
            hardbake("verify", "--manifest", name, "image"),
            hardbake("inspect", "--manifest", name, "image"))) {
      outcomes.add(withoutPrivilege(launch).run());
    }
    TestProject.Outcome hidden = withoutPrivilege(hardbake("verify", within)).run();
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    for (TestProject.Outcome outcome : outcomes) {
      outcome.failed(Failure.HOST).says("no right to read " + name, "ask its owner");
    }
    hidden.failed(Failure.HOST).says("no right to read " + within, "ask its owner");
  }

  @Test
  void resultsThatDoNotComeOutAreMissed() throws Exception {
    for (String words : List.of("verify --rules --json", "--help")) {
      hardbake(words.split(" "))
          .by("sh", "-c", "exec \"$0\" \"$@\" >/dev/full")
          .run()
          .failed(Failure.HOST)
          .says("cannot write to standard output: No space left on device");
    }
  }
}
