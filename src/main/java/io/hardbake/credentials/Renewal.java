package io.hardbake.credentials;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What changes when certificates are renewed; all else stays as it was.
 *
 * @param extraNames names and addresses that kubernetes.pem gets besides those it has
 * @param loadBalancer what remote.kubeconfig calls from now on; without, what it called before
 * @param leafValidity how long the new certificates last, or less where the CA ends before
 */
public record Renewal(
    List<AlternativeName> extraNames, Optional<Member> loadBalancer, Duration leafValidity) {

  public Renewal {
    extraNames = List.copyOf(extraNames);
  }
}
