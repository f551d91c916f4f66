package io.hardbake.cluster;

import io.hardbake.credentials.AlternativeName;
import io.hardbake.credentials.CredentialFile;
import io.hardbake.credentials.CredentialRequest;
import io.hardbake.credentials.Credentials;
import io.hardbake.credentials.Inventory;
import io.hardbake.credentials.KeyKind;
import io.hardbake.credentials.Member;
import io.hardbake.credentials.Renewal;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.ShellWord;
import io.hardbake.failure.UsageException;
import io.hardbake.io.AtomicFile;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The cluster's credentials in its directory. They are made once and kept, beyond the machines: the
 * user's kubeconfig goes on working with the next cluster from the same directory.
 */
final class Passports {
  static final String KUBECONFIG = "kubeconfig";

  /** What a kill leaves of it, and what it left before {@link AtomicFile} wrote it. */
  private static final String PARTS = "." + KUBECONFIG + "*.part";

  private final Path directory;
  private final Credentials credentials;

  Passports(Path directory, Credentials credentials) {
    this.directory = directory;
    this.credentials = credentials;
  }

  /** Keeps other processes from the cluster; makes the directory when it is missing. */
  ClusterLock lockForUp(ClusterName name) throws BakeException, IOException {
    return ClusterLock.forUp(directory, name);
  }

  /** The same, but leaves a directory alone that is missing or not to be written to. */
  ClusterLock lockForDown(ClusterName name) throws BakeException, IOException {
    return ClusterLock.forDown(directory, name);
  }

  /** The certificate that a client of the API has to trust. */
  Path authority() {
    return directory.resolve(CredentialFile.CA.fileName());
  }

  /**
   * Makes sure that the directory has credentials for this cluster, which neither expired nor soon
   * will unless machines run with them.
   *
   * @param host at which the engine publishes the API, besides the machines' own addresses
   * @param booted the CA of machines that already run; they believe no other
   * @param anew whether a set that cannot be used may give way
   * @return what wants attention of those that machines run with
   */
  List<Inventory.Finding> provide(
      Topology topology, String host, Optional<Sha256> booted, boolean anew)
      throws BakeException, IOException {
    Credentials.finish(directory);
    if (booted.isPresent()) {
      if (!Files.exists(authority())) {
        throw new UsageException(
            "the cluster runs with credentials, and %s has none".formatted(directory),
            "name the directory that it was made with by --directory, fetch them from a controller as"
                + " docs/cluster.md says, or make it anew with --recreate, which loses all that is"
                + " stored in it");
      }
      if (!Sha256.of(authority()).equals(booted.get())) {
        throw new UsageException(
            "the cluster runs with other credentials than %s has".formatted(directory),
            "name the directory that it was made with by --directory, or make it anew with"
                + " --recreate, which loses all that is stored in it");
      }
      Inventory inventory = credentials.inspect(directory);
      return Stream.concat(inventory.problems().stream(), inventory.warnings().stream()).toList();
    }
    CredentialRequest request = request(topology, host);
    if (!Credentials.hasAny(directory)) {
      credentials.make(directory, request);
      return List.of();
    }
    Inventory inventory = credentials.inspect(directory);
    if (inventory.renewable()) {
      renewFor(request, inventory);
    } else if (anew) {
      credentials.replace(directory, request);
    } else {
      throw new IntegrityException(
          "the credentials in %s cannot be used: %s"
              .formatted(
                  directory,
                  inventory.problems().stream()
                      .map(Inventory.Finding::problem)
                      .collect(Collectors.joining("; "))),
          "put them right, or make them anew with --recreate");
    }
    return List.of();
  }

  /** What to do about a finding about what machines run with. */
  String remedy(Inventory.Finding finding) {
    return finding.isMendedByRenewal()
        ? "./hardbake credentials --renew --out %s renews them; then hand them out, as docs/cluster.md says: machines that run keep theirs"
            .formatted(ShellWord.of(directory))
        : finding.remedy();
  }

  /** New certificates where the old ones lack a name of this cluster, expired, or soon will. */
  private void renewFor(CredentialRequest request, Inventory inventory)
      throws BakeException, IOException {
    Set<AlternativeName> known = new HashSet<>();
    inventory.certificates().stream()
        .filter(each -> each.file().equals(CredentialFile.KUBERNETES.fileName()))
        .forEach(each -> known.addAll(each.names()));
    List<AlternativeName> missing = new ArrayList<>();
    for (Member member : members(request)) {
      missing.add(AlternativeName.ofName(member.name()));
      member.addresses().forEach(address -> missing.add(AlternativeName.of(address)));
    }
    missing.addAll(request.extraNames());
    missing.removeAll(known);
    if (!missing.isEmpty() || !inventory.isSound() || !inventory.warnings().isEmpty()) {
      credentials.renew(
          directory,
          new Renewal(missing, Optional.of(request.loadBalancer()), request.leafValidity()));
    }
  }

  private static List<Member> members(CredentialRequest request) {
    List<Member> members = new ArrayList<>(request.controllers());
    members.add(request.loadBalancer());
    return members;
  }

  /** Keys on a curve: RSA's take seconds to make, which is felt at the first start. */
  private static CredentialRequest request(Topology topology, String host) throws BakeException {
    List<Member> controllers = new ArrayList<>();
    for (Node node : topology.controllers()) {
      controllers.add(known(node));
    }
    CredentialRequest plain = CredentialRequest.of(controllers, known(topology.loadBalancer()));
    return new CredentialRequest(
        plain.controllers(),
        plain.loadBalancer(),
        List.of(AlternativeName.parse(host)),
        KeyKind.EC,
        plain.leafValidity());
  }

  private static Member known(Node node) throws BakeException {
    return Member.parse(node.name() + "=" + node.address());
  }

  /** What a controller is given, by file name. */
  SortedMap<String, Bytes> forControllers() throws IOException {
    SortedMap<String, Bytes> files = new TreeMap<>();
    for (Path file : Credentials.controllerFiles(directory)) {
      files.put(file.getFileName().toString(), Bytes.of(Files.readAllBytes(file)));
    }
    return files;
  }

  /** Writes the administrator's kubeconfig for the API at {@code url}; nobody else may read it. */
  Path writeKubeconfig(String url) throws IOException {
    String admin = Files.readString(directory.resolve(CredentialFile.REMOTE_KUBECONFIG.fileName()));
    Path target = directory.resolve(KUBECONFIG);
    AtomicFile.writeSecret(
        target,
        admin.replaceFirst("(?m)^( *server: ).*$", "$1" + url).getBytes(StandardCharsets.UTF_8));
    return target;
  }

  /** Removes what {@link #provide} and {@link #writeKubeconfig} made, and nothing else. */
  void remove() throws BakeException, IOException {
    Credentials.finish(directory);
    for (CredentialFile file : CredentialFile.values()) {
      Files.deleteIfExists(directory.resolve(file.fileName()));
    }
    Files.deleteIfExists(directory.resolve(KUBECONFIG));
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, PARTS)) {
        for (Path part : parts) {
          Files.delete(part);
        }
      }
    }
  }
}
