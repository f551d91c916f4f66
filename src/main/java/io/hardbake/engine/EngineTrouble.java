package io.hardbake.engine;

import io.hardbake.failure.HostException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An engine's prose on what went wrong, as problem and remedy. */
final class EngineTrouble {
  static final String START_ONE =
      "start docker, or set DOCKER_HOST to an engine that runs; `docker version` should answer";

  private static final String USE_AN_ADDRESS =
      "set DOCKER_HOST to an address such as unix:///run/docker.sock or tcp://HOST:2375";

  /** What engines answer, behind docker-java's words; Podman has fields besides the message. */
  private static final Pattern ANSWER =
      Pattern.compile("(?s)Status [0-9]+: \\{.*?\"message\":\"((?:[^\"\\\\]|\\\\.)*+)\".*\\}\\s*");

  private static final Pattern WITH_PORT = Pattern.compile("(.*):([0-9]+)");

  private EngineTrouble() {}

  /** Docker's settings lead to no address at which an engine could be asked. */
  static HostException ofSettings(RuntimeException e) {
    String words = rootMessage(e);
    String outer = e.getMessage();
    if (e.getCause() instanceof URISyntaxException) {
      return new HostException(
          "the container engine's address cannot be read: " + words, USE_AN_ADDRESS, e);
    }
    return new HostException(
        "docker's settings cannot be used: "
            + (outer == null || outer.contains(words) ? words : outer + ": " + words),
        "put right what it names: one of DOCKER_HOST, DOCKER_CONTEXT, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH"
            + " and DOCKER_CONFIG, or config.json in ~/.docker; `docker version` should answer",
        e);
  }

  /**
   * A context of docker's from which no address can be read.
   *
   * @param ordered whether the environment names it; otherwise docker's own settings do
   */
  static HostException noContext(String name, boolean ordered) {
    return new HostException(
        ordered
            ? "DOCKER_CONTEXT is '%s', and docker has no such context".formatted(name)
            : "docker's current context is '%s', and there is none of that name".formatted(name),
        ordered
            ? "unset DOCKER_CONTEXT, or set it to one that `docker context ls` shows without an error"
            : "choose one that `docker context ls` shows without an error: docker context use default");
  }

  /** An engine's address with which docker's command can do something, or nobody. */
  static HostException unspoken(URI address) {
    if (!"ssh".equals(address.getScheme())) {
      return new HostException(
          "the container engine's address is '%s', which is none that hardbake can use"
              .formatted(address),
          USE_AN_ADDRESS);
    }
    String where = address.getRawAuthority() == null ? "HOST" : address.getRawAuthority();
    Matcher port = WITH_PORT.matcher(where);
    return new HostException(
        "the container engine's address is %s, and hardbake does not speak ssh".formatted(address),
        "keep a tunnel open: ssh %s-NL /tmp/d.sock:/run/docker.sock %s\n"
                .formatted(
                    port.matches() ? "-p " + port.group(2) + " " : "",
                    port.matches() ? port.group(1) : where)
            + "and in another terminal: export DOCKER_HOST=unix:///tmp/d.sock");
  }

  /** Nobody answers at {@code address}. */
  static HostException ofSilence(URI address, RuntimeException e) {
    String words = rootMessage(e);
    return new HostException(
        "no container engine answers at %s: %s".formatted(address, words),
        words.toLowerCase(Locale.ROOT).contains("permission denied")
            ? "join the group of that socket: sudo usermod -aG docker \"$USER\", then log in again; or use"
                + " sudo"
            : START_ONE,
        e);
  }

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
    if (text.contains("network") && text.contains("already exists")) {
      return "choose another name with --name, or remove that network; it is not one of ours";
    }
    if (text.contains("active endpoints") || text.contains("network is being used")) {
      return "take out of the network what is in it: `docker network inspect NETWORK` lists it, and"
          + " `docker network disconnect -f NETWORK CONTAINER` takes it out; then run the command again";
    }
    if (text.contains("predefined")) {
      return "choose another name with --name; that one is the engine's own";
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
