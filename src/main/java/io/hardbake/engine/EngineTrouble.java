package io.hardbake.engine;

import io.hardbake.failure.HostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An engine's prose on what went wrong, as problem and remedy. */
final class EngineTrouble {
  static final String START_ONE =
      "start docker, or set DOCKER_HOST to an engine that runs; `docker version` should answer";

  /** What engines answer, behind docker-java's words; Podman has fields besides the message. */
  private static final Pattern ANSWER =
      Pattern.compile("(?s)Status [0-9]+: \\{.*?\"message\":\"((?:[^\"\\\\]|\\\\.)*)\".*\\}\\s*");

  private EngineTrouble() {}

  /** The failure of {@code doing}, such as "starting hardbake-controller-0". */
  static HostException of(String doing, RuntimeException e) {
    String words = rootMessage(e);
    return new HostException(doing + " failed: " + words, remedy(words), e);
  }

  private static String remedy(String words) {
    String text = words.toLowerCase(Locale.ROOT);
    if (text.contains("port is already allocated") || text.contains("address already in use")) {
      return "stop what listens on that port, or choose another with --port; a cluster that stands takes"
          + " another only with --recreate, which loses all that is stored in it";
    }
    if (text.contains("is already in use by container")) {
      return "choose another name with --name, or remove that container; it is not one of ours";
    }
    if (text.contains("no space left")) {
      return "free some space where the engine keeps its data; `docker system df` says what uses it";
    }
    if (text.contains("rlimit")) {
      return "the engine's host allows less than the engine asks for: for Podman, set default_ulimits in"
          + " containers.conf";
    }
    if (text.contains("connection refused")
        || text.equals("no such file or directory") // the socket
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
    if (message == null) {
      return root.getClass().getSimpleName();
    }
    Matcher answer = ANSWER.matcher(message);
    return answer.matches() ? answer.group(1).replace("\\\"", "\"") : message;
  }
}
