package io.hardbake.cli;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What ended a command, in the words and with the exit code of the contract.
 *
 * @param remedy what the user can do about it
 */
record Failure(String problem, String remedy, int exitCode) {
  static final int BUG = 1;
  static final int HOST = 7;
  static final int INTERRUPTED = 130;

  /** What the kernel says of a file system that cannot be read, its own or a server's. */
  private static final List<String> DISK_FAILS =
      List.of(
          "input/output error",
          "stale file handle",
          "structure needs cleaning",
          "bad message",
          "transport endpoint is not connected");

  /**
   * Understands what a command threw; what no command should throw is a bug.
   *
   * @param command of which a remedy may name options
   */
  static Failure of(Throwable e, CommandSpec command) {
    if (e instanceof BakeException known) {
      return of(known);
    }
    if (isInterruption(e)) {
      return new Failure(
          "interrupted", "run the same command again: what was fetched is kept", INTERRUPTED);
    }
    if (e instanceof InvalidPathException path) {
      return new Failure(
          "the name cannot be used for a file in this locale: " + path.getInput(),
          "run hardbake in a UTF-8 locale, such as: LC_ALL=C.UTF-8",
          HOST);
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        return of(
            new HostException(
                "Java has not enough memory: " + cause.getMessage(),
                "give it more: HARDBAKE_JAVA_OPTS=-Xmx1g",
                cause));
      }
    }
    IOException io =
        e instanceof UncheckedIOException unchecked
            ? unchecked.getCause()
            : e instanceof IOException plain ? plain : null;
    if (io != null && io.getCause() instanceof BakeException known) {
      return of(known);
    }
    HostException host = io == null ? null : host(io, elsewhere(command));
    return host != null
        ? of(host)
        : new Failure("this is a bug: " + e, "please report it with the lines below", BUG);
  }

  private static boolean isInterruption(Throwable e) {
    return e instanceof InterruptedException
        || e instanceof ClosedByInterruptException
        || e instanceof FileLockInterruptionException
        || e.getClass() == InterruptedIOException.class; // A socket's timeout is one of its kind.
  }

  private static Failure of(BakeException known) {
    return new Failure(String.valueOf(known.getMessage()), known.remedy(), known.exitCode());
  }

  /**
   * The failures of a machine that reach us as plain I/O errors, told apart as far as Java tells
   * them.
   */
  private static @Nullable HostException host(IOException e, String elsewhere) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    for (String full : List.of("no space left", "not enough space", "disk full", "disk quota")) {
      if (text.contains(full)) {
        return new HostException(
            "the disk is full: " + e.getMessage(),
            "make room there (df -h and df -i tell whether space or files are short; hardbake cache"
                + " prune --keep 1024 leaves the GiB of the store that was used last), or choose another place: "
                + elsewhere
                + "; then run the command again",
            e);
      }
    }
    if (text.contains("file too large")) {
      return new HostException(
          "a file may not become as large: " + e.getMessage(),
          "lift the limit (ulimit -f unlimited), or choose another place, where the file system"
              + " takes larger files: "
              + elsewhere,
          e);
    }
    if (DISK_FAILS.stream().anyMatch(text::contains)) {
      return new HostException(
          "a disk or its server fails: " + e.getMessage(),
          "the kernel's log (dmesg) says which; hardbake cache verify removes what of the store"
              + " cannot be read",
          e);
    }
    if (e instanceof AccessDeniedException
        || text.contains("read-only file system")
        || text.contains("permission denied")) {
      return new HostException(
          "no right to read or write: " + e.getMessage(),
          "run as its owner, or change its mode; what is written can also go elsewhere: "
              + elsewhere,
          e);
    }
    if (e instanceof FileAlreadyExistsException
        || e instanceof NotDirectoryException
        || text.contains("not a directory")) {
      return new HostException(
          "a directory is needed where something else stands: " + e.getMessage(),
          "move it away, or choose another place: " + elsewhere,
          e);
    }
    if (e instanceof NoSuchFileException) {
      return new HostException(
          "there is no " + e.getMessage(), "correct the path, or make what is missing", e);
    }
    if (e instanceof FileNotFoundException || e instanceof FileSystemException) {
      return new HostException(
          "the file system refused: " + e.getMessage(),
          "check that the path exists and can be used",
          e);
    }
    return null;
  }

  /** What of a command chooses another place for what it writes. */
  private static String elsewhere(CommandSpec command) {
    List<String> places = new ArrayList<>();
    boolean bakes = command.findOption("--project") != null;
    if (command.findOption("--out") != null) {
      places.add("--out for results");
    } else if (command.name().equals("bake")) { // Others read by --output what a bake wrote.
      places.add("--output for results");
    } else if (command.name().equals("lock")) {
      places.add("--project for recipes and lock");
    }
    if (command.findOption("--directory") != null) {
      places.add("--directory for the credentials");
    }
    if (bakes || isOfCache(command)) {
      places.add("HARDBAKE_CACHE for the store");
    }
    if (places.isEmpty()) {
      places.add("HARDBAKE_JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY for temporary files");
    }
    return String.join(", ", places);
  }

  private static boolean isOfCache(CommandSpec command) {
    return command.parent() != null && command.parent().userObject() instanceof CacheCommand;
  }
}
