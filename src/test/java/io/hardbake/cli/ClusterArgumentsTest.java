package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.image.Architecture;
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

  @Test
  void upTakesTheSameImages() {
    assertEquals("", images());
    assertEquals(
        " --output '/srv/my images' --arch arm64",
        images("--arch", "arm64", "--output", "/srv/my images"));
  }

  private static String images(String... options) {
    ImageArchives archives = new ImageArchives("amd64");
    new CommandLine(archives)
        .registerConverter(Architecture.class, word -> Architecture.named(word).orElseThrow())
        .parseArgs(options);
    return archives.again();
  }

  private static String again(String... options) {
    return CommandLine.populateCommand(new ClusterArguments(), options).again();
  }
}
