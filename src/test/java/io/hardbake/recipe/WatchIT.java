package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.TestCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller that stays up: its services are restarted for what changed, whatever happens. */
class WatchIT {
  private static final String RESTART =
      "--no-block try-restart etcd kube-apiserver kube-controller-manager kube-scheduler nginx\n";
  private static final String MARK = "/run/hardbake/restart";

  @TempDir private static Path shared;
  private static TestCredentials credentials;
  private static TestCredentials renewed;

  @TempDir private Path directory;
  private FirstBootMachine machine;

  @BeforeAll
  static void makeThem() throws Exception {
    Oracle.require("openssl");
    List<String> names = List.of("controller-0", "127.0.0.1");
    credentials = TestCredentials.make(Files.createDirectory(shared.resolve("a")), names);
    renewed = TestCredentials.make(Files.createDirectory(shared.resolve("b")), names);
  }

  @BeforeEach
  void aControllerThatHasBooted() throws Exception {
    machine = new FirstBootMachine(directory, "controller", "controller-0");
    machine.seed("CONTROLLERS=controller-0=10.240.0.10\n");
    give(credentials);
    machine.boot().succeeded();
  }

  @Test
  void whatWasThereBeforeTheServicesStartedRestartsNothing() throws Exception {
    assertFalse(Files.exists(machine.file(MARK)));
    machine.watch(1);
    assertEquals("", machine.told());
  }

  @Test
  void renewedCredentialsRestartTheServicesOnce() throws Exception {
    give(renewed);
    machine.watch(2);
    assertEquals(RESTART, machine.told());
    assertFalse(Files.exists(machine.file(MARK)));
  }

  /** The credentials are in place by then, and the next pass finds nothing new. */
  @Test
  void aStepThatFailsAfterThatPutsItOff() throws Exception {
    Path hook = machine.file("/usr/lib/hardbake/firstboot.d/own");
    Path failed = directory.resolve("failed");
    Files.writeString(hook, "#!/bin/sh\ntest -e %1$s || { : >%1$s; exit 1; }\n".formatted(failed));
    assertTrue(hook.toFile().setExecutable(true));
    give(renewed);
    machine.watch(1);
    assertTrue(Files.exists(failed));
    assertEquals("", machine.told());
    machine.watch(2);
    assertEquals(RESTART, machine.told());
  }

  /** A watch that was stopped between its pass and what follows, or somebody who looked by hand. */
  @Test
  void whicheverPassTookThem() throws Exception {
    give(renewed);
    machine.pass("--partial").succeeded();
    machine.pass("--partial").succeeded();
    machine.watch(1);
    assertEquals(RESTART, machine.told());
  }

  @Test
  void aServiceManagerThatDoesNotAnswerIsAskedAgain() throws Exception {
    give(renewed);
    machine.program("systemctl", "exit 1");
    machine.watch(1);
    machine.program("systemctl", "echo $* >>$fakes/told");
    machine.watch(1);
    assertEquals(RESTART, machine.told());
  }

  /**
   * On a machine that is short of processor time a look takes seconds, and the services need them.
   */
  @Test
  void theLongerALookTakesTheLongerItRests() throws Exception {
    Path hook = machine.file("/usr/lib/hardbake/firstboot.d/slow");
    Files.writeString(hook, "#!/bin/sh\nexec /bin/sleep 4\n");
    assertTrue(hook.toFile().setExecutable(true));
    machine.watch(1);
    List<Integer> rests = machine.rests();
    assertEquals(15, rests.get(0));
    assertTrue(rests.get(1) >= 20 && rests.get(1) <= 120, rests::toString);
  }

  private void give(TestCredentials set) throws IOException {
    for (Path file : set.files()) {
      Path place = machine.file("/var/lib/hardbake/seed/" + file.getFileName());
      Files.copy(file, place, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
