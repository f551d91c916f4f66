package io.hardbake.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A cluster that answers.
 *
 * @param started how many of its machines were started just now; 0 when all ran already
 * @param authority the certificate to trust: ca.pem
 * @param published the API's URL at the engine's host
 * @param inside the API's URL in the cluster's network, for a host that the network is on
 * @param container what the engine calls the first controller
 * @param version of Kubernetes, as the API says
 * @param laps where the time went
 */
public record Raised(
    int controllers,
    int started,
    Path kubeconfig,
    Path authority,
    String published,
    String inside,
    String container,
    String version,
    List<Lap> laps) {
  public Raised {
    laps = List.copyOf(laps);
  }

  /** From the command to the last lap. */
  public Duration total() {
    return laps.stream().map(Lap::time).reduce(Duration.ZERO, Duration::plus);
  }
}
