package io.hardbake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Another cluster beside the user's, as docs/vagrant.md has it, from the boxes of {@code make
 * images}: with a Vagrant home, a network and a storage pool of its own, so that nothing is left
 * when it is closed, and nothing of the user's is touched.
 */
final class VagrantCluster implements AutoCloseable {
  static final String CONTROLLER = "192.168.57.10";
  static final String LOAD_BALANCER = "192.168.57.40";

  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final Path LOGS = Path.of("target", "vagrant-it").toAbsolutePath();
  private static final Path HERE = Path.of("").toAbsolutePath();

  /** Of the network and the pool, and what the machines' names begin with. */
  private static final String NAME = "hardbake-it";

  private final Path directory;
  private final Map<String, String> environment = new TreeMap<>();

  private VagrantCluster(Path directory) {
    this.directory = directory;
    environment.put("HARDBAKE_CLUSTER", directory.resolve("cluster.yaml").toString());
    environment.put("HARDBAKE_OUTPUT", directory.toString());
    environment.put("HARDBAKE_CONSOLES", LOGS.toString());
    environment.put("VAGRANT_DOTFILE_PATH", directory.resolve("dotfile").toString());
    environment.put("VAGRANT_HOME", directory.resolve("home").toString());
    environment.put("VAGRANT_DEFAULT_PROVIDER", "libvirt");
    environment.put("VAGRANT_CHECKPOINT_DISABLE", "1");
  }

  /** No machine runs yet; {@code directory} is an empty one. */
  static VagrantCluster of(Path directory) throws IOException {
    Oracle.require("vagrant", "virsh", "curl");
    Oracle.require(
        virsh("version").exitCode() == 0, "no libvirt answers: src/test/host/libvirt start");
    VagrantCluster cluster = new VagrantCluster(directory);
    Files.createDirectories(LOGS);
    try (Stream<Path> logs = Files.list(LOGS)) {
      for (Path old : logs.toList()) {
        Files.delete(old);
      }
    }
    cluster.sweep();
    cluster.layOut();
    virsh("pool-create-as", NAME, "dir", "--target", cluster.pool().toString()).succeeded();
    return cluster;
  }

  private void layOut() throws IOException {
    // Machines may run as another user, who has to come by here.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    Files.createDirectory(pool());
    Files.createDirectory(boxes());
    for (String role : List.of("controller", "loadbalancer")) {
      for (String suffix : List.of(".json", "-amd64-libvirt.box", "-amd64-virtualbox.box")) {
        link(role + suffix);
      }
    }
    Files.createDirectory(project());
    Oracle.run("cp", "-r", "images", "templates", project().toString()).succeeded();
    String description = Files.readString(Path.of("vagrant", "cluster.yaml"));
    for (String[] change :
        new String[][] {
          {"count: 3", "count: 1"},
          {"192.168.56.10", CONTROLLER},
          {"192.168.56.40", LOAD_BALANCER},
          {"network: hardbake", "network: " + NAME},
          {"pool: default", "pool: " + NAME},
        }) {
      Oracle.require(description.contains(change[0]), "vagrant/cluster.yaml lacks " + change[0]);
      description = description.replace(change[0], change[1]);
    }
    Files.writeString(directory.resolve("cluster.yaml"), description);
  }

  private void link(String file) throws IOException {
    Path box = Path.of("target", "boxes", file).toAbsolutePath();
    Oracle.require(Files.exists(box), box + " is missing: make images");
    Files.createSymbolicLink(boxes().resolve(file), box);
  }

  /** A copy of images/ and templates/, to be changed. */
  Path project() {
    return directory.resolve("project");
  }

  /** Where the boxes and their catalogs are. */
  Path boxes() {
    return directory.resolve("boxes");
  }

  private Path pool() {
    return directory.resolve("pool");
  }

  /** Bakes a role's box anew from {@link #project()}. */
  void bake(String role) {
    Oracle.run(
            "./hardbake",
            "bake",
            role,
            "--locked",
            "--format=libvirt",
            "--project=" + project(),
            "--output=" + directory)
        .succeeded();
  }

  Oracle.Result vagrant(String... arguments) throws IOException {
    return vagrant(HERE.resolve("vagrant"), List.of(arguments));
  }

  /** Beside the catalog, since Vagrant takes its URLs as relative to the working directory. */
  Oracle.Result boxAdd(String provider, Path catalog) throws IOException {
    List<String> add = List.of("box", "add", "--provider", provider, catalog.toString());
    return vagrant(boxes(), add);
  }

  private Oracle.Result vagrant(Path from, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("env", "-C", from.toString(), "vagrant"));
    command.addAll(arguments);
    long start = System.nanoTime();
    Oracle.Result result = Oracle.run(command, PATIENCE, environment);
    long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
    Files.writeString(
        LOGS.resolve("vagrant.log"),
        "%s\n%d s\n\n".formatted(result, seconds),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return result;
  }

  /** What a command says on a machine, as its user `vagrant`; it need not succeed. */
  String on(String machine, String command) throws IOException {
    return vagrant("ssh", machine, "-c", command).stdout().replace("\r", "");
  }

  /** What the API says to this host, once it answers. */
  String askThroughTheLoadBalancer(String path) throws Exception {
    String ca = directory.resolve("vagrant/credentials/ca.pem").toString();
    String url = "https://" + LOAD_BALANCER + ":6443" + path;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Oracle.Result result =
          Oracle.run("curl", "-sS", "-f", "-m", "10", "--noproxy", "*", "--cacert", ca, url);
      if (result.exitCode() == 0 || System.nanoTime() > end) {
        return result.succeeded().stdout();
      }
      Thread.sleep(3000); // each question costs an emulated API a handshake
    }
  }

  /** All that libvirt knows of this cluster's. */
  List<String> machines() {
    return named("list");
  }

  private static List<String> named(String list) {
    return virsh(list, "--all", "--name")
        .succeeded()
        .stdout()
        .lines()
        .map(String::strip)
        .filter(name -> name.equals(NAME) || name.startsWith(NAME + "-"))
        .toList();
  }

  private static Oracle.Result virsh(String... arguments) {
    List<String> command = new ArrayList<>(List.of("virsh", "-c", "qemu:///system"));
    command.addAll(List.of(arguments));
    return Oracle.run(command);
  }

  /** Also what a run that was killed has left. */
  private void sweep() {
    for (String machine : machines()) {
      virsh("destroy", machine);
      virsh("undefine", machine).succeeded();
    }
    for (String network : named("net-list")) {
      virsh("net-destroy", network);
      virsh("net-undefine", network);
    }
    for (String pool : named("pool-list")) {
      virsh("pool-destroy", pool).succeeded();
    }
  }

  @Override
  public void close() throws IOException {
    // Vagrant takes its own network for the machines away, too, when nobody else uses it.
    vagrant("destroy", "-f");
    sweep();
    try (Stream<Path> links = Files.list(boxes())) {
      for (Path link : links.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }
}
