package io.hardbake.fetch;

import java.time.Duration;
import java.util.Map;

/**
 * How to fetch.
 *
 * @param offline use the store alone
 * @param parallel downloads at a time
 * @param attempts tries in a row without a single new byte before a download fails
 * @param connectTimeout until a connection stands
 * @param stallTimeout without a byte of answer or body
 * @param backOff pause before the second attempt; doubles with each further one
 * @param environment where the proxies are named: {@code http_proxy}, {@code https_proxy}, {@code
 *     no_proxy}, or in upper case
 */
public record FetchSettings(
    boolean offline,
    int parallel,
    int attempts,
    Duration connectTimeout,
    Duration stallTimeout,
    Duration backOff,
    Map<String, String> environment) {
  public FetchSettings {
    environment = Map.copyOf(environment);
    if (parallel < 1 || attempts < 1) {
      throw new IllegalArgumentException("parallel and attempts start at 1");
    }
  }

  /** Eight at a time, four attempts, 10 s to connect, 30 s for a stall. */
  public static FetchSettings of(Map<String, String> environment) {
    return new FetchSettings(
        false,
        8,
        4,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        environment);
  }

  public FetchSettings withOffline(boolean value) {
    return new FetchSettings(
        value, parallel, attempts, connectTimeout, stallTimeout, backOff, environment);
  }

  /** Waits so long for a byte, and for a connection no longer than that. */
  public FetchSettings withPatience(Duration patience) {
    Duration connect = patience.compareTo(connectTimeout) < 0 ? patience : connectTimeout;
    return new FetchSettings(offline, parallel, attempts, connect, patience, backOff, environment);
  }
}
