package io.hardbake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.opentest4j.TestAbortedException;

/**
 * Independent programs that judge what hardbake wrote. One that is absent skips its test on a
 * developer's machine and fails it where {@code CI} is set, so that no check disappears unnoticed.
 */
public final class Oracle {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** For what a program that has ended has said. */
  private static final Duration REST = Duration.ofSeconds(30);

  /** Which Debian package has a program of another name. */
  static final Map<String, String> PACKAGES =
      Map.ofEntries(
          Map.entry("7z", "p7zip-full"),
          Map.entry("apt-get", "apt"),
          Map.entry("blkid", "util-linux"),
          Map.entry("chroot", "coreutils"),
          Map.entry("dnsmasq", "dnsmasq-base"),
          Map.entry("docker", "docker.io"),
          Map.entry("depmod", "kmod"),
          Map.entry("dockerd", "docker.io"),
          Map.entry("flock", "util-linux"),
          Map.entry("getfattr", "attr"),
          Map.entry("gpg", "gnupg"),
          Map.entry("gpgv", "gpgv"),
          Map.entry("grub-mkimage", "grub-common"),
          Map.entry("grub-fstest", "grub-common"),
          Map.entry("ip", "iproute2"),
          Map.entry("ldconfig", "libc-bin"),
          Map.entry("ldd", "libc-bin"),
          Map.entry("losetup", "mount"),
          Map.entry("umount", "mount"),
          Map.entry("e2fsck", "e2fsprogs"),
          Map.entry("debugfs", "e2fsprogs"),
          Map.entry("dumpe2fs", "e2fsprogs"),
          Map.entry("resize2fs", "e2fsprogs"),
          Map.entry("nginx", "nginx-light"),
          Map.entry("mke2fs", "e2fsprogs"),
          Map.entry("partx", "util-linux"),
          Map.entry("qemu-aarch64-static", "qemu-user-static"),
          Map.entry("qemu-img", "qemu-utils"),
          Map.entry("qemu-system-aarch64", "qemu-system-arm"),
          Map.entry("qemu-system-x86_64", "qemu-system-x86"),
          Map.entry("readelf", "binutils"),
          Map.entry("setcap", "libcap2-bin"),
          Map.entry("setfattr", "attr"),
          Map.entry("setpriv", "util-linux"),
          Map.entry("setsid", "util-linux"),
          Map.entry("ssh", "openssh-client"),
          Map.entry("ssh-keygen", "openssh-client"),
          Map.entry("fsck.fat", "dosfstools"),
          Map.entry("mkfs.fat", "dosfstools"),
          Map.entry("mdir", "mtools"),
          Map.entry("mcopy", "mtools"),
          Map.entry("mknod", "coreutils"),
          Map.entry("mmd", "mtools"),
          Map.entry("sfdisk", "fdisk"),
          Map.entry("sgdisk", "gdisk"),
          Map.entry("systemd-analyze", "systemd"),
          Map.entry("systemd-repart", "systemd"),
          Map.entry("unshare", "util-linux"),
          Map.entry("virsh", "libvirt-clients"),
          Map.entry("xargs", "findutils"),
          Map.entry("xz", "xz-utils"));

  /** Asked once, when it is first needed: no test changes it. */
  private static final class User {
    static final boolean IS_ROOT = run("id", "-u").succeeded().stdout().strip().equals("0");
  }

  private Oracle() {}

  /**
   * What a program said.
   *
   * @param command how it was called
   */
  public record Result(List<String> command, int exitCode, String stdout, String stderr) {
    public Result {
      command = List.copyOf(command);
    }

    /** This result, when the program was content. */
    public Result succeeded() {
      if (exitCode != 0) {
        throw new AssertionError("the oracle refuses: " + this);
      }
      return this;
    }

    /** This result, when the program refused: the negative control. */
    public Result refused() {
      if (exitCode == 0) {
        throw new AssertionError("the oracle accepts what it should refuse: " + this);
      }
      return this;
    }

    @Override
    public String toString() {
      return "%s\nexit code %d\n%s\n%s"
          .formatted(String.join(" ", command), exitCode, stdout, stderr);
    }
  }

  /** Ends the test when one of the programs is absent. */
  public static void require(String... tools) {
    for (String tool : tools) {
      if (find(tool, System.getenv()).isEmpty()) {
        throw absent(
            "%s is not installed: make test installs it, or apt-get install %s"
                .formatted(tool, PACKAGES.getOrDefault(tool, tool)),
            System.getenv());
      }
    }
  }

  /** Ends the test when it does not run as root. */
  public static void requireRoot() {
    if (!User.IS_ROOT) {
      throw absent("this test needs root: run it as root", System.getenv());
    }
  }

  /**
   * Unmounts what a test has mounted. For a moment it may be busy: a process that another thread
   * starts has this one's open files until it runs its program.
   */
  public static void unmount(Path at) {
    Result result = run("umount", at.toString());
    for (int i = 0; result.exitCode() != 0 && i < 50; i++) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      result = run("umount", at.toString());
    }
    result.succeeded();
  }

  /** Ends the test for the lack of anything else, by the same rule. */
  public static void require(boolean present, String orElse) {
    if (!present) {
      throw absent(orElse, System.getenv());
    }
  }

  public static Result run(String... command) {
    return run(List.of(command));
  }

  /**
   * Runs a program in the C locale, with nothing on its standard input, for ten minutes at most.
   */
  public static Result run(List<String> command) {
    return run(command, PATIENCE, Map.of());
  }

  /**
   * Runs a program to its end.
   *
   * @param environment variables set besides this process's own
   */
  public static Result run(
      List<String> command, Duration patience, Map<String, String> environment) {
    return run(command, patience, REST, environment);
  }

  /**
   * Runs a program to its end.
   *
   * @param rest how long then to read on: whoever it has left behind may hold its output
   */
  static Result run(
      List<String> command, Duration patience, Duration rest, Map<String, String> environment) {
    try {
      List<String> found = new ArrayList<>(command);
      found.set(
          0, find(command.get(0), System.getenv()).orElse(Path.of(command.get(0))).toString());
      ProcessBuilder builder = new ProcessBuilder(found);
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().putAll(environment);
      builder.redirectInput(ProcessBuilder.Redirect.from(nothing()));
      Process process = builder.start();
      try {
        Output stdout = new Output(process.getInputStream());
        Output stderr = new Output(process.getErrorStream());
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new AssertionError(
              "%s did not end within %s".formatted(String.join(" ", command), patience));
        }
        boolean whole = stdout.ends(rest) && stderr.ends(rest);
        Result result = new Result(command, process.exitValue(), stdout.soFar(), stderr.soFar());
        if (!whole) {
          throw new AssertionError("it left a process that holds its output: " + result);
        }
        return result;
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while " + command, e);
    }
  }

  /** An absent oracle: a failure where {@code CI} is set, else a reason to skip. */
  static RuntimeException absent(String problem, Map<String, String> environment) {
    if (!environment.getOrDefault("CI", "").isEmpty()) {
      throw new AssertionError(problem);
    }
    return new TestAbortedException(problem);
  }

  /** Where a program is; root's directories count too, which are not on everybody's PATH. */
  public static Optional<Path> find(String tool, Map<String, String> environment) {
    List<String> directories =
        new ArrayList<>(List.of(environment.getOrDefault("PATH", "").split(":", -1)));
    directories.addAll(List.of("/usr/local/sbin", "/usr/sbin", "/sbin"));
    return directories.stream()
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, tool))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static File nothing() {
    return Path.of("/dev/null").toFile();
  }

  /** What a program says, read by a thread of its own. */
  private static final class Output {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final CompletableFuture<Void> end;

    Output(InputStream stream) {
      end =
          CompletableFuture.runAsync(
              () -> {
                try (stream) {
                  stream.transferTo(said);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              task -> {
                Thread thread = new Thread(task, "oracle");
                thread.setDaemon(true);
                thread.start();
              });
    }

    /** Whether all is read within that time. */
    boolean ends(Duration patience) throws InterruptedException {
      try {
        end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        return false;
      } catch (ExecutionException e) {
        throw new AssertionError("what a program says cannot be read", e);
      }
    }

    String soFar() {
      return said.toString(UTF_8);
    }
  }
}
