package io.hardbake.engine;

import java.util.List;
import java.util.Map;

/**
 * A network of the engine.
 *
 * @param subnets its IPv4 subnets; none for networks without addresses of their own
 */
public record Network(String id, String name, List<Subnet> subnets, Map<String, String> labels) {
  public Network {
    subnets = List.copyOf(subnets);
    labels = Map.copyOf(labels);
  }
}
