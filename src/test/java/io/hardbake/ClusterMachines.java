package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.credentials.CredentialRequest;
import io.hardbake.credentials.Credentials;
import io.hardbake.credentials.Member;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.testcontainers.containers.Network;

/**
 * Controllers and a load balancer from the baked images, on a network of their own. They find each
 * other by the engine's DNS; nothing but the controllers' credentials is handed to them.
 */
final class ClusterMachines implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String SEED = "/var/lib/hardbake/seed/";
  private static final String KUBECTL =
      "kubectl --kubeconfig /var/lib/kubernetes/admin.kubeconfig --request-timeout=5s"
          + " --server https://loadbalancer:6443 ";

  private final String prefix;
  private final Network network;
  private final Path credentials;
  private final List<Machine> controllers = new ArrayList<>();
  private final Machine loadBalancer;
  private final NavigableSet<String> written = new TreeSet<>();

  /**
   * Makes the credentials and the machines; none is booted yet.
   *
   * @param prefix of a /24 network, such as {@code 10.240.80}
   */
  ClusterMachines(String prefix, int count, Path directory) throws Exception {
    ContainerEngine.require();
    this.prefix = prefix;
    this.credentials = directory.resolve("credentials");
    List<Member> members = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      members.add(Member.named("controller-" + n));
    }
    Member front = new Member("loadbalancer", List.of(InetAddress.getByName(prefix + ".40")));
    Credentials.ofThisMachine().make(credentials, CredentialRequest.of(members, front));
    network = Machine.network(prefix + ".0/24");
    for (int n = 0; n < count; n++) {
      controllers.add(machine("controller", "controller-" + n, prefix + ".1" + n, count));
    }
    loadBalancer = machine("loadbalancer", "loadbalancer", prefix + ".40", count);
  }

  /** One more machine, not booted; the caller closes it. */
  Machine machine(String role, String hostName, String address, int count) {
    Path archive = Path.of("target", "images", role + "-amd64.oci.tar");
    Machine machine = new Machine(ContainerEngine.load(archive), hostName, network, address);
    return machine.environment("HARDBAKE_CONTROLLER_COUNT", Integer.toString(count));
  }

  String address(int last) {
    return prefix + "." + last;
  }

  Machine controller(int n) {
    return controllers.get(n);
  }

  List<Machine> controllers() {
    return controllers;
  }

  Machine loadBalancer() {
    return loadBalancer;
  }

  Path credentials() {
    return credentials;
  }

  /** Gives a machine that is not booted the credentials of a controller. */
  void giveCredentials(Machine machine) throws IOException {
    for (Path file : Credentials.controllerFiles(credentials)) {
      machine.give(SEED + file.getFileName(), Files.readAllBytes(file), 0100600);
    }
  }

  void boot(Machine... machines) throws Exception {
    for (Machine machine : machines) {
      if (machine != loadBalancer) {
        giveCredentials(machine);
      }
    }
    // Side by side: one after another they would wait for each other's names.
    List<CompletableFuture<Void>> booting = new ArrayList<>();
    for (Machine machine : machines) {
      booting.add(CompletableFuture.runAsync(machine::boot));
    }
    CompletableFuture.allOf(booting.toArray(new CompletableFuture<?>[0])).join();
  }

  /**
   * What the API says through the load balancer, asked from this host with the CA alone, as the
   * tutorial does. An API server that has just started does not know anybody's rights yet.
   */
  String version() throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      Oracle.Result said = askVersion("--cacert", credentials.resolve("ca.pem").toString());
      if (said.exitCode() == 0 && said.stdout().contains("gitVersion")) {
        return said.stdout();
      }
      assertTrue(Instant.now().isBefore(end), said::toString);
      Thread.sleep(500);
    }
  }

  Oracle.Result askVersion(String... trust) {
    List<String> command =
        new ArrayList<>(List.of("curl", "-s", "--noproxy", "*", "--max-time", "5"));
    command.addAll(List.of(trust));
    command.add("https://" + address(40) + ":6443/version");
    return Oracle.run(command);
  }

  /** Runs kubectl in a machine, against the load balancer, until it succeeds. */
  String kubectl(Machine from, String arguments) throws Exception {
    return from.eventually(KUBECTL + arguments, PATIENCE);
  }

  /** Writes an object through the load balancer; it must never be missing again. */
  void write(Machine from, String name) throws Exception {
    create(from, "configmap " + name + " --from-literal=k=v");
    written.add(name);
  }

  /** As {@code kubectl create}, but does not mind if an answer was lost and the object is there. */
  void create(Machine from, String object) throws Exception {
    kubectl(from, "create " + object + " --dry-run=client -o yaml | " + KUBECTL + "apply -f -");
  }

  void nothingIsMissing(Machine from) throws Exception {
    NavigableSet<String> found = new TreeSet<>();
    kubectl(from, "get configmaps -o name")
        .lines()
        .map(line -> line.replaceFirst("configmap/", ""))
        .forEach(found::add);
    assertTrue(found.containsAll(written), () -> "written " + written + ", found " + found);
  }

  /** The tutorial's own check, for all that it lists. */
  void allComponentsAreHealthy(Machine from) throws Exception {
    String healthy = "";
    for (int n = 0; n < controllers.size(); n++) {
      healthy += "etcd-" + n + " True\n";
    }
    healthy = "controller-manager True\n" + healthy + "scheduler True\n";
    String ask =
        KUBECTL
            + "get componentstatuses -o jsonpath="
            + "'{range .items[*]}{.metadata.name} {.conditions[0].status}{\"\\n\"}{end}' | sort";
    // One answer is both waited for and judged. The next may come from another API server, which
    // has just started and knows nobody's rights yet.
    from.eventually(
        "said=\"$(" + ask + ")\"; echo \"$said\"; test \"$said\" = '" + healthy.strip() + "'",
        PATIENCE);
  }

  /** haproxy's own statistics page. */
  void allServersAreUp() throws Exception {
    loadBalancer.eventually(
        "test $(curl -fs 'http://127.0.0.1:9999/stats;csv' | grep -c"
            + " '^k8sServers,controller-.*,UP,') = "
            + controllers.size(),
        PATIENCE);
  }

  @Override
  public void close() {
    controllers.forEach(Machine::close);
    loadBalancer.close();
    network.close();
  }
}
