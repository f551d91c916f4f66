package io.hardbake.cluster;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a machine of the cluster is.
 *
 * @param address in the cluster's network
 * @param state in the engine's words, {@code running} or {@code exited}, or {@code absent}
 * @param ready whether first boot is through and the role's services were started
 * @param services by name, in systemd's words: {@code active}, {@code activating}, {@code failed}
 * @param words what {@code hardbake status} says on the machine, or what stands last on its console
 */
public record MachineStatus(
    String name,
    String address,
    String state,
    boolean ready,
    Map<String, String> services,
    List<String> words) {
  public MachineStatus {
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    words = List.copyOf(words);
  }

  /** Ready, and all its services at work. */
  public boolean works() {
    return ready && services.values().stream().allMatch("active"::equals);
  }

  /** One word on the services, or those that are not at work. */
  public String servicesInBrief() {
    Optional<String> idle =
        services.entrySet().stream()
            .filter(each -> !each.getValue().equals("active"))
            .map(each -> each.getKey() + " " + each.getValue())
            .reduce((a, b) -> a + ", " + b);
    return services.isEmpty() ? "-" : idle.orElse("all active");
  }
}
