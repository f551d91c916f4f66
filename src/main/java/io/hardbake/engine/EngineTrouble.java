package io.hardbake.engine;

import io.hardbake.failure.HostException;
import java.util.Locale;

/** An engine's prose on what went wrong, as problem and remedy. */
final class EngineTrouble {
  static final String START_ONE =
      "start docker, or set DOCKER_HOST to an engine that runs; `docker version` should answer";

  private EngineTrouble() {}

  /** The failure of {@code doing}, such as "starting hardbake-controller-0". */
  static HostException of(String doing, RuntimeException e) {
    String words = rootMessage(e);
    return new HostException(doing + " failed: " + words, remedy(words), e);
  }

  private static String remedy(String words) {
    String text = words.toLowerCase(Locale.ROOT);
    if (text.contains("port is already allocated") || text.contains("address already in use")) {
      return "choose another port with --port, or stop what listens on that one";
    }
    if (text.contains("is already in use by container")) {
      return "choose another name with --name, or remove that container; it is not one of ours";
    }
    if (text.contains("no space left")) {
      return "free some space where the engine keeps its data; `docker system df` says what uses it";
    }
    if (text.contains("connection refused")
        || text.contains("no such file or directory")
        || text.contains("broken pipe")) {
      return START_ONE;
    }
    return "look at the engine's own log; it may lack space or rights";
  }

  /** The innermost message: docker-java wraps a refused connection several times over. */
  static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    // Engines answer {"message":"…"}; docker-java quotes that behind the HTTP status.
    return message == null
        ? root.getClass().getSimpleName()
        : message
            .replaceFirst("(?s)^Status [0-9]+: \\{\"message\":\"(.*)\"\\}\\s*$", "$1")
            .replace("\\\"", "\"");
  }
}
