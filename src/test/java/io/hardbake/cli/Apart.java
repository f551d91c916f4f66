package io.hardbake.cli;

import io.hardbake.Oracle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Programs of the tests that mount something: in a process of their own, with which it goes. */
final class Apart {
  private Apart() {}

  /** Needs root. Runs a {@code main} on a directory, and shows what it said. */
  static Oracle.Result run(Class<?> program, Path directory) {
    Oracle.require("unshare", "mount");
    Oracle.requireRoot();
    Oracle.Result result =
        Oracle.run(
            List.of(
                "unshare",
                "--mount",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx400m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                directory.toString()),
            Duration.ofMinutes(9),
            Map.of());
    System.out.print(result.stdout());
    return result.succeeded();
  }
}
