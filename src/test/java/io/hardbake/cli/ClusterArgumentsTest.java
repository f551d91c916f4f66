package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** How a remedy names the cluster that was meant. */
final class ClusterArgumentsTest {
  @Test
  void aCommandInARemedyCanBePasted() {
    assertEquals("", again());
    assertEquals(" --directory target/mine", again("--directory", "target/mine"));
    assertEquals(
        " --name prod --directory '/srv/my cluster'",
        again("--name", "prod", "--directory", "/srv/my cluster"));
  }

  private static String again(String... options) {
    return CommandLine.populateCommand(new ClusterArguments(), options).again();
  }
}
