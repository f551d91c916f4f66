package io.hardbake.fetch;

import io.hardbake.io.UserHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a user's store is: {@code HARDBAKE_CACHE}, else {@code hardbake} in the user's cache
 * directory as the platform has it. A user without a home that can be written, as in many
 * containers, has it elsewhere.
 *
 * @param root the store's directory; it may not be there yet
 * @param lacking the usual one, where that can be neither read nor made
 */
public record StoreLocation(Path root, Optional<Path> lacking) {

  /**
   * The location for this process.
   *
   * @param environment the process's
   * @param otherwise used where nothing is named and the usual place cannot be made
   */
  public static StoreLocation of(Map<String, String> environment, Path otherwise) {
    Path usual = usual(environment);
    return named(environment).isPresent() || Files.isDirectory(usual) || canBeMade(usual)
        ? new StoreLocation(usual, Optional.empty())
        : new StoreLocation(otherwise.toAbsolutePath().normalize(), Optional.of(usual));
  }

  /** The place that is named, else that in the user's home, whether it can be used or not. */
  public static Path usual(Map<String, String> environment) {
    return usual(
        environment, System.getProperty("os.name", ""), System.getProperty("user.home", ""));
  }

  static Path usual(Map<String, String> environment, String system, String home) {
    return named(environment).orElseGet(() -> inHome(environment, system, home));
  }

  private static Optional<Path> named(Map<String, String> environment) {
    String own = environment.getOrDefault("HARDBAKE_CACHE", "");
    if (!own.isEmpty()) {
      return Optional.of(Path.of(own).toAbsolutePath());
    }
    // The XDG base directory specification has relative paths ignored.
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    return !xdg.isEmpty() && Path.of(xdg).isAbsolute()
        ? Optional.of(Path.of(xdg, "hardbake"))
        : Optional.empty();
  }

  private static Path inHome(Map<String, String> environment, String system, String known) {
    Path home = UserHome.of(environment, known);
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("mac")) {
      return home.resolve("Library/Caches/hardbake");
    }
    String local = environment.getOrDefault("LOCALAPPDATA", "");
    if (name.startsWith("windows") && !local.isEmpty()) {
      return Path.of(local, "hardbake", "cache");
    }
    return home.resolve(".cache/hardbake");
  }

  /** A home that is {@code ?}, since the system does not know the user, is none. */
  private static boolean canBeMade(Path directory) {
    if (!directory.isAbsolute()) {
      return false;
    }
    Path up = directory;
    while (up != null && !Files.exists(up)) {
      up = up.getParent();
    }
    return up != null && Files.isDirectory(up) && Files.isWritable(up);
  }
}
