package io.hardbake.engine;

/** What a command in a machine said. */
public record Output(int exitCode, String stdout, String stderr) {
  public boolean succeeded() {
    return exitCode == 0;
  }
}
