package io.hardbake.engine;

import java.util.List;
import java.util.Map;

/**
 * A machine to be made. It has a console, boots systemd, and is started again with the engine
 * unless somebody stopped it.
 *
 * @param image the engine's ID of its image
 * @param name among the engine's containers
 * @param hostName its own name, by which its peers in the network find it too
 * @param address in {@code network}
 * @param ports published on the engine's host
 */
public record MachineSpec(
    String image,
    String name,
    String hostName,
    String network,
    String address,
    List<Port> ports,
    Map<String, String> labels) {
  public MachineSpec {
    ports = List.copyOf(ports);
    labels = Map.copyOf(labels);
  }

  /**
   * A port of the machine, published.
   *
   * @param hostAddress where the engine's host listens: {@code 127.0.0.1}
   */
  public record Port(String hostAddress, int hostPort, int machinePort) {}
}
