package io.hardbake.credentials;

import io.hardbake.failure.UsageException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What credentials are wanted for.
 *
 * @param controllers one at least
 * @param loadBalancer what {@code remote.kubeconfig} calls: its first address, else its name
 * @param extraNames further names and addresses under which the API may be called
 * @param leafValidity how long all certificates but the CA's last; not beyond {@link #CA_VALIDITY}
 */
public record CredentialRequest(
    List<Member> controllers,
    Member loadBalancer,
    List<AlternativeName> extraNames,
    KeyKind keyKind,
    Duration leafValidity) {

  /** How long the CA lasts. */
  public static final Duration CA_VALIDITY = Duration.ofDays(3650);

  public static final Duration DEFAULT_LEAF_VALIDITY = Duration.ofDays(365);

  /** The tutorial's three controllers. */
  public static final List<Member> DEFAULT_CONTROLLERS =
      Stream.of("controller-0", "controller-1", "controller-2").map(Member::named).toList();

  public static final Member DEFAULT_LOAD_BALANCER = Member.named("loadbalancer");

  /**
   * What a controller itself and what runs in the cluster calls the API: 10.32.0.1 is the first
   * address of the tutorial's service network, 10.32.0.0/24.
   */
  private static final List<String> EVERYWHERE =
      List.of(
          "127.0.0.1",
          "localhost",
          "10.32.0.1",
          "kubernetes",
          "kubernetes.default",
          "kubernetes.default.svc",
          "kubernetes.default.svc.cluster",
          "kubernetes.default.svc.cluster.local");

  public CredentialRequest {
    controllers = List.copyOf(controllers);
    extraNames = List.copyOf(extraNames);
  }

  /** The tutorial's own cluster of these machines: RSA keys, a year. */
  public static CredentialRequest of(List<Member> controllers, Member loadBalancer) {
    return new CredentialRequest(
        controllers, loadBalancer, List.of(), KeyKind.RSA, DEFAULT_LEAF_VALIDITY);
  }

  /** Every name and address of kubernetes.pem, each once, in a settled order. */
  Set<AlternativeName> names() throws UsageException {
    Set<AlternativeName> names = new LinkedHashSet<>();
    controllers.forEach(member -> names.addAll(member.names()));
    names.addAll(loadBalancer.names());
    for (String name : EVERYWHERE) {
      names.add(AlternativeName.parse(name));
    }
    names.addAll(extraNames);
    return names;
  }

  /** Refuses what cannot be a cluster. */
  void check() throws UsageException {
    if (controllers.isEmpty()) {
      throw new UsageException("no controller", "name one at least, such as controller-0");
    }
    Set<String> names = new HashSet<>();
    Set<InetAddress> addresses = new HashSet<>();
    for (Member member : Stream.concat(controllers.stream(), Stream.of(loadBalancer)).toList()) {
      if (!names.add(member.name())) {
        throw new UsageException(
            "two machines are named " + member.name(), "give each machine a name of its own");
      }
      for (InetAddress address : member.addresses()) {
        if (!addresses.add(address)) {
          throw new UsageException(
              "%s is given twice, at last to %s".formatted(IpText.format(address), member.name()),
              "give each machine an address of its own");
        }
      }
    }
    checkValidity(leafValidity);
  }

  static void checkValidity(Duration leafValidity) throws UsageException {
    if (leafValidity.compareTo(Duration.ofDays(1)) < 0 || leafValidity.compareTo(CA_VALIDITY) > 0) {
      throw new UsageException(
          "certificates cannot last %d days".formatted(leafValidity.toDays()),
          "choose 1 to %d days, which is how long the CA lasts".formatted(CA_VALIDITY.toDays()));
    }
  }
}
