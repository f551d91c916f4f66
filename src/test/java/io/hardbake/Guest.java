package io.hardbake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A machine in {@link Qemu} that is switched on. */
public final class Guest implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(50);
  private static final int NO_CONNECTION = 255;

  private final Process process;
  private final Path log;
  private final Path key;
  private final Map<Integer, Integer> ports;

  Guest(Process process, Path log, Path key, Map<Integer, Integer> ports) {
    this.process = process;
    this.log = log;
    this.key = key;
    this.ports = ports;
  }

  /** This host's port that leads to one of the machine. */
  public int port(int guest) {
    Integer host = ports.get(guest);
    if (host == null) {
      throw new IllegalArgumentException("port " + guest + " was not asked for");
    }
    return host;
  }

  /** All that the machine said on its serial port so far. */
  public String serial() throws IOException {
    return Files.exists(log) ? new String(Files.readAllBytes(log), UTF_8) : "";
  }

  /** Waits until the machine says something; the whole log until then. */
  public String await(String text, Duration patience) throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      boolean alive = process.isAlive();
      String said = serial();
      if (said.contains(text)) {
        return said;
      }
      if (!alive || System.nanoTime() > end) {
        throw new AssertionError(
            "%s: the machine did not say \"%s\" %s; it ended with:\n%s"
                .formatted(
                    log, text, alive ? "within " + patience : "before QEMU ended", tail(said)));
      }
      Thread.sleep(TICK.toMillis());
    }
  }

  /** Waits for the machine to switch itself off, or to reboot where it must not. */
  public void awaitEnd(Duration patience) throws Exception {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(
          "%s: still running after %s:\n%s".formatted(log, patience, tail(serial())));
    }
  }

  /**
   * Runs a shell command in the machine, as root; waits for the machine to take connections.
   *
   * @return what it said, and its exit code
   */
  public Oracle.Result ssh(String command, Duration patience) throws Exception {
    List<String> line = connection();
    line.add(command);
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Oracle.Result result = Oracle.run(line, patience, Map.of());
      if (result.exitCode() != NO_CONNECTION) {
        return result;
      }
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError(
            "%s: no ssh within %s: %s\n%s".formatted(log, patience, result, tail(serial())));
      }
      Thread.sleep(500);
    }
  }

  private List<String> connection() {
    List<String> line = new ArrayList<>(List.of("ssh", "-i", key.toString()));
    line.addAll(List.of("-p", Integer.toString(port(22)), "-o", "LogLevel=ERROR"));
    line.addAll(List.of("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"));
    // The time for a connection includes the exchange of keys, which emulation makes slow, and
    // most of all the one that OpenSSH likes best, which is safe against quantum computers.
    line.addAll(List.of("-o", "BatchMode=yes", "-o", "ConnectTimeout=30"));
    line.addAll(List.of("-o", "KexAlgorithms=curve25519-sha256", "root@127.0.0.1"));
    return line;
  }

  /**
   * Leads ports of this host's loopback into the machine until it is closed.
   *
   * @param ways each {@code HOST:PORT:HOST:PORT} or {@code HOST:PORT:/SOCKET}, as ssh's -L has them
   */
  public Closeable tunnel(List<String> ways) throws IOException {
    List<String> line = connection();
    line.addAll(1, List.of("-N", "-o", "ExitOnForwardFailure=yes"));
    // It says so when the ways are open.
    line.addAll(1, List.of("-o", "PermitLocalCommand=yes", "-o", "LocalCommand=echo open"));
    ways.forEach(way -> line.addAll(1, List.of("-L", way)));
    Process tunnel =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    if (tunnel.getInputStream().read() < 0) {
      throw new AssertionError("no tunnel into the machine: " + String.join(" ", line));
    }
    return () -> tunnel.destroyForcibly().onExit().join();
  }

  /** Presses the power button: ACPI's, which asks the machine to shut down. */
  public void pressPowerButton() throws IOException {
    monitor("system_powerdown");
  }

  private void monitor(String command) throws IOException {
    OutputStream monitor = process.getOutputStream();
    monitor.write((command + "\n").getBytes(UTF_8));
    monitor.flush();
  }

  /** How much time of this host's processors the machine has used. */
  public Duration work() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Waits until the machine has worked that long from now on, or says something before that. */
  public void awaitWork(Duration work, String orText, Duration patience) throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    Duration done = work().plus(work);
    while (work().compareTo(done) < 0 && !serial().contains(orText)) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("%s: no work of %s within %s".formatted(log, work, patience));
      }
      Thread.sleep(TICK.toMillis());
    }
  }

  /** Cuts the power. */
  public void cutPower() {
    process.destroyForcibly().onExit().join();
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - 4000));
  }

  @Override
  public void close() {
    cutPower();
  }
}
