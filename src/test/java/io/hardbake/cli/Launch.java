package io.hardbake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * hardbake as a process of its own, so that it can be killed, and can have another user, locale or
 * disk than the test has.
 */
final class Launch {
  /** Against what hangs: seconds of work may take minutes beside other tests. */
  private static final long PATIENCE_SECONDS = 300;

  private final List<String> prefix = new ArrayList<>();
  private final List<String> java;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> arguments;
  private final Path log;

  /**
   * @param java the JVM with its class path
   * @param log begins the names of the files that take what the process says
   */
  Launch(List<String> java, List<String> arguments, Path log) {
    this.java = new ArrayList<>(java);
    this.arguments = arguments;
    this.log = log;
    // What starts fast and leaves the cores to others.
    java("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");
  }

  /** Started by this program, which gets the rest as its arguments. */
  Launch by(String... command) {
    prefix.addAll(List.of(command));
    return this;
  }

  /** Options of the JVM. */
  Launch java(String... options) {
    java.addAll(1, List.of(options));
    return this;
  }

  Launch with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Starts it; besides what was given, it has only a PATH and a locale. */
  Process start() throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(java);
    command.add(Main.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(environment);
    builder.redirectOutput(out().toFile());
    builder.redirectError(err().toFile());
    return builder.start();
  }

  /** Runs it to its end. */
  TestProject.Outcome run() throws IOException, InterruptedException {
    return ended(start());
  }

  /** What it said, once it has ended. */
  TestProject.Outcome ended(Process process) throws IOException, InterruptedException {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("it did not end: " + Files.readString(err(), UTF_8));
      }
      return new TestProject.Outcome(
          process.exitValue(), Files.readString(out(), UTF_8), Files.readString(err(), UTF_8));
    } finally {
      kill(process);
    }
  }

  /** Ends a process, if it has not ended, and all that it started: none outlives its test. */
  static void kill(Process process) {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }

  private Path out() {
    return log.resolveSibling(log.getFileName() + ".out");
  }

  private Path err() {
    return log.resolveSibling(log.getFileName() + ".err");
  }
}
