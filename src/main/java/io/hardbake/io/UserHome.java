package io.hardbake.io;

import java.nio.file.Path;
import java.util.Map;

/** Where the user's own files are: {@code HOME} before what the system knows, as in every shell. */
public final class UserHome {
  private UserHome() {}

  /**
   * The home of this process's user.
   *
   * @param environment the process's
   */
  public static Path of(Map<String, String> environment) {
    return of(environment, System.getProperty("user.home", ""));
  }

  /**
   * The same, where the system knows {@code known}.
   *
   * @param known what the JDK says, which is {@code ?} for a user whom the system does not know
   */
  public static Path of(Map<String, String> environment, String known) {
    String own = environment.getOrDefault("HOME", "");
    return Path.of(!own.isEmpty() && Path.of(own).isAbsolute() ? own : known);
  }
}
