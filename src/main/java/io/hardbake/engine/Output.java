package io.hardbake.engine;

/** What a command in a machine said, but for its standard error. */
public record Output(int exitCode, String stdout) {
  public boolean succeeded() {
    return exitCode == 0;
  }
}
