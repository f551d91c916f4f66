package io.hardbake.engine;

/**
 * What an engine says of itself.
 *
 * @param architecture of its machines, in OCI's words: {@code amd64}
 * @param address where it is: {@code unix:///var/run/docker.sock}
 * @param publishedHost the host at which the ports answer that it publishes: {@code 127.0.0.1}, or
 *     the name of the engine's own host
 */
public record EngineFacts(String architecture, String address, String publishedHost) {
  /** Whether the engine's networks and ports are this host's. */
  public boolean local() {
    return publishedHost.equals(LOOPBACK);
  }

  static final String LOOPBACK = "127.0.0.1";
}
