package io.hardbake.kubernetes.build;

import io.hardbake.failure.HostException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs programs on the host with an environment made from nothing, and keeps what they say in a
 * log.
 *
 * @param directory where they run
 * @param environment all of it
 * @param log what they say goes to its end
 */
record HostProgram(Path directory, SortedMap<String, String> environment, Path log) {
  private static final int LAST_LINES = 20;
  private static final Duration POLL = Duration.ofMillis(100);

  /** A program ended with another status than 0; the message has its last lines. */
  static final class FailedException extends Exception {
    FailedException(String message) {
      super(message);
    }
  }

  /**
   * Runs a program to its end. Interrupting the thread ends the program.
   *
   * @param lines gets each line as it comes
   * @throws HostException if this host cannot start the program at all
   */
  void run(List<String> command, Consumer<String> lines)
      throws IOException, HostException, InterruptedException, FailedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    long before = Files.exists(log) ? Files.size(log) : 0;
    Process process = start(builder);
    // Whoever ends this process ends the program too, not only who interrupts the thread.
    Thread hook = new Thread(() -> end(process), "end-" + name(command));
    Runtime.getRuntime().addShutdownHook(hook);
    try (InputStream said = Files.newInputStream(log)) {
      said.skipNBytes(before);
      Deque<String> last = follow(process, said, lines);
      if (process.exitValue() != 0) {
        throw new FailedException(
            "%s ended with status %d; its last lines:%n  %s"
                .formatted(name(command), process.exitValue(), String.join("\n  ", last)));
      }
    } finally {
      end(process);
      forget(hook);
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The virtual machine is going down: the hook runs, and finds nothing left to do.
    }
  }

  private Process start(ProcessBuilder builder) throws HostException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new HostException(
          "this machine cannot run Debian's Go toolchain: " + e.getMessage(),
          "debian-source needs a Linux host with glibc 2.34 or later; elsewhere use the official"
              + " release, directly or through --kubernetes-mirror",
          e);
    }
  }

  /** Reads the log while it grows: reading a pipe instead could not be interrupted. */
  private static Deque<String> follow(Process process, InputStream said, Consumer<String> lines)
      throws IOException, InterruptedException {
    Deque<String> last = new ArrayDeque<>();
    StringBuilder line = new StringBuilder();
    boolean ended = false;
    while (!ended) {
      ended = process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
      for (char c : new String(said.readAllBytes(), StandardCharsets.ISO_8859_1).toCharArray()) {
        if (c != '\n') {
          line.append(c);
          continue;
        }
        last.addLast(line.toString());
        if (last.size() > LAST_LINES) {
          last.removeFirst();
        }
        lines.accept(line.toString());
        line.setLength(0);
      }
    }
    return last;
  }

  /** Ends what is still running, children first: {@code go} leaves its compilers behind else. */
  private static void end(Process process) {
    try (Stream<ProcessHandle> children = process.descendants()) {
      children.forEach(ProcessHandle::destroyForcibly);
    }
    process.destroyForcibly();
  }

  private static String name(List<String> command) {
    Path program = Path.of(command.get(0)).getFileName();
    return command.size() > 1 && !command.get(1).startsWith("-")
        ? program + " " + command.get(1)
        : String.valueOf(program);
  }
}
