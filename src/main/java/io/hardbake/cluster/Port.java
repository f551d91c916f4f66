package io.hardbake.cluster;

import io.hardbake.engine.EngineFacts;
import io.hardbake.engine.MachineSpec;
import io.hardbake.failure.HostException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the API is published.
 *
 * @param host at which this machine reaches it
 * @param hostAddress on which the engine's host listens
 */
record Port(String host, String hostAddress, int number) {
  /** The API's port on every machine. */
  static final int API = 6443;

  private static final String EVERYWHERE = "0.0.0.0";

  /**
   * The port of the load balancer that stands and stays, else the one wished for or that the
   * cluster had, if nothing else has it.
   *
   * <p>An engine on this host publishes on loopback; one on another host could not be reached so.
   *
   * @param anew the command that gives a cluster that stands another port
   */
  static Port choose(Wish wish, Standing standing, EngineFacts facts, String anew)
      throws HostException, UsageException {
    OptionalInt own = standing.port();
    boolean stays = own.isPresent() && !wish.recreate();
    OptionalInt last = own.isPresent() ? own : standing.plannedPort();
    int number = stays ? own.getAsInt() : wish.port().orElse(last.orElse(Wish.DEFAULT_PORT));
    boolean ours = standing.listens() && own.equals(OptionalInt.of(number));
    if (!facts.local() && number == 0) {
      throw new UsageException(
          "which port is free on %s cannot be known here".formatted(facts.publishedHost()),
          "choose one with --port, such as --port " + Wish.DEFAULT_PORT);
    }
    if (ours || !facts.local()) {
      return at(facts, number);
    }
    String remedy =
        stays
            ? "stop what listens there; or make the cluster anew on another port, which loses all"
                + " that is stored in it: "
                + anew
            : "choose another with --port, or --port 0 for any that is free";
    return at(facts, free(facts.publishedHost(), number, remedy));
  }

  /** Where the cluster that stands has its API. */
  static Optional<Port> standing(Standing standing, EngineFacts facts) {
    return standing.port().stream().mapToObj(number -> at(facts, number)).findFirst();
  }

  private static Port at(EngineFacts facts, int number) {
    return new Port(
        facts.publishedHost(), facts.local() ? facts.publishedHost() : EVERYWHERE, number);
  }

  /** The port itself, or any where it is 0; the engine would find out only after the start. */
  private static int free(String address, int port, String remedy) throws HostException {
    return free(address, port, remedy, Port::bind);
  }

  /** The same, with {@code binder} to try a port. */
  static int free(String address, int port, String remedy, Binder binder) throws HostException {
    try {
      return binder.bind(address, port);
    } catch (IOException e) {
      // Ports below 1024 are not this user's, but may be the engine's, which will say so if not.
      if (port != 0 && String.valueOf(e.getMessage()).contains("Permission denied")) {
        return port;
      }
      throw new HostException(
          "port %d of %s is taken: %s".formatted(port, address, e.getMessage()), remedy, e);
    }
  }

  /** Listens on a port for a moment, on 0 for any that is free, and tells which it was. */
  @FunctionalInterface
  interface Binder {
    int bind(String address, int port) throws IOException;
  }

  private static int bind(String address, int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
      return socket.getLocalPort();
    }
  }

  String url() {
    return "https://" + host + ":" + number;
  }

  MachineSpec.Port published() {
    return new MachineSpec.Port(hostAddress, number, API);
  }
}
