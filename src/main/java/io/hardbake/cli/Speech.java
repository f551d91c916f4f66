package io.hardbake.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options by which a user says how to be spoken to. */
final class Speech {
  @Option(
      names = {"-q", "--quiet"},
      description = "warnings and results only",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean quiet;

  @Option(
      names = "--json",
      description = "one JSON object a line, for machines",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean json;

  /** Whether nothing but warnings and results is wanted. */
  boolean isQuiet() {
    return quiet;
  }

  Console console(CommandSpec spec) {
    // The launcher knows whether standard error is a terminal; Java does not.
    Console.Style style =
        json
            ? Console.Style.JSON
            : quiet
                ? Console.Style.QUIET
                : Boolean.getBoolean("hardbake.terminal")
                    ? Console.Style.TERMINAL
                    : Console.Style.PLAIN;
    return Console.of(style, spec.commandLine().getOut(), spec.commandLine().getErr());
  }
}
