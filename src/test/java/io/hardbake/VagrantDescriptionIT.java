package io.hardbake;

import static io.hardbake.VagrantProject.DESCRIPTION;
import static io.hardbake.VagrantProject.ELSEWHERE;
import static io.hardbake.VagrantProject.HERE;
import static io.hardbake.VagrantProject.box;
import static io.hardbake.VagrantProject.catalog;
import static io.hardbake.VagrantProject.layOutBoxes;
import static io.hardbake.VagrantProject.ruby;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What vagrant/cluster.rb makes of cluster.yaml and of what was baked; no Vagrant is needed. */
class VagrantDescriptionIT {
  @TempDir private Path directory;

  @Test
  void controllersFollowEachOther() throws Exception {
    String own =
        Files.readString(DESCRIPTION)
            .replace("count: 3", "count: 5")
            .replace("address: 192.168.56.10", "address: 192.168.56.254")
            .replace("netmask: 255.255.255.0", "netmask: 255.255.248.0")
            .replace("memory: 1024", "memory: 1536");
    assertEquals(
        """
        controller-0 controller 192.168.56.254 1536 1
        controller-1 controller 192.168.56.255 1536 1
        controller-2 controller 192.168.57.0 1536 1
        controller-3 controller 192.168.57.1 1536 1
        controller-4 controller 192.168.57.2 1536 1
        loadbalancer loadbalancer 192.168.56.40 512 1
        """,
        read(own).succeeded().stdout());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "count: 3 | count: 0 | controllers.count is 0 | a whole number above 0",
        "count: 3 | number: 3 | controllers.count is nil | a whole number above 0",
        "memory: 512 | memory: much | loadbalancer.memory is \"much\" | a whole number above 0",
        "56.40 | 56.11 | address is \"192.168.56.11\" | an address of its own for controller-1 and"
            + " loadbalancer",
        "56.40 | 57.40 | address is \"192.168.56.0 and 192.168.57.0\" | all addresses in one network",
        "56.40 | 56.400 | loadbalancer.address is \"192.168.56.400\" | an IPv4 address",
        "56.40 | 56.40/24 | loadbalancer.address is \"192.168.56.40/24\" | an IPv4 address",
        "56.40 | 56.0 | address is \"192.168.56.0\" | one between 192.168.56.2 and 192.168.56.254 for"
            + " loadbalancer",
        "56.40 | 56.1 | address is \"192.168.56.1\" | one between 192.168.56.2 and 192.168.56.254 for"
            + " loadbalancer",
        "56.10 | 56.253 | address is \"192.168.56.255\" | one between 192.168.56.2 and 192.168.56.254"
            + " for controller-2",
        "192.168.56.10 | 255.255.255.254 | controllers.address is \"255.255.255.254\" | one that"
            + " leaves room for 3",
        "192.168.56 | 10.0.2 | address is \"10.0.2.10\" | one of another network for controller-0:"
            + " VirtualBox's NAT gives 10.0.2.15 to every machine, and 127.0.0.1 is each machine"
            + " itself",
        "192.168.56 | 127.0.1 | address is \"127.0.1.10\" | one of another network for"
            + " controller-0: VirtualBox's NAT gives 10.0.2.15 to every machine, and 127.0.0.1 is"
            + " each machine itself",
        "255.255.255.0 | 24 | netmask is 24 | a netmask such as 255.255.255.0",
        "255.255.255.0 | '24' | netmask is \"24\" | a netmask such as 255.255.255.0",
        "255.255.255.0 | 255.0.255.0 | netmask is \"255.0.255.0\" | a netmask such as 255.255.255.0",
        "255.255.255.0 | 255.255.255.252 | netmask is \"255.255.255.252\" | a netmask such as"
            + " 255.255.255.0",
        "driver: auto | driver: xen | libvirt.driver is \"xen\" | kvm, qemu or auto",
        "network: hardbake | network: [] | libvirt.network is [] | a text"
      })
  void saysWhatIsWrong(String right, String wrong, String problem, String remedy) throws Exception {
    String own = Files.readString(DESCRIPTION);
    assertTrue(own.contains(right), right);
    String said = read(own.replace(right, wrong)).refused().stderr();
    assertEquals(
        "%s: %s\n  remedy: write %s\n".formatted(directory.resolve("own.yaml"), problem, remedy),
        said);
  }

  @Test
  void saysThatItIsNoYaml() throws Exception {
    String said = read("controllers: [").refused().stderr();
    assertTrue(said.endsWith("\n  remedy: write it as YAML\n"), said);
  }

  /** A path is the project's, from whichever directory Vagrant is called. */
  @Test
  void saysThatItIsNotThere() {
    String named = "Hardbake::Project.new(ARGV[1], nil).description('other.yaml')";
    assertEquals(
        "%s cannot be read: No such file or directory\n".formatted(directory.resolve("other.yaml"))
            + "  remedy: name a cluster.yaml that is there: HARDBAKE_CLUSTER=FILE\n",
        ruby("Hardbake::Cluster.read(%s)".formatted(named), DESCRIPTION, directory)
            .refused()
            .stderr());
  }

  @Test
  void anEmptyVariableIsNone() throws Exception {
    Path own = directory.resolve("own.yaml");
    Files.writeString(own, Files.readString(DESCRIPTION).replace("driver: auto", "driver: qemu"));
    String load =
        """
        module Vagrant
          def self.require_version(_least); end

          def self.configure(_version, &block)
            puts block.binding.local_variable_get(:cluster).file
            project = block.binding.local_variable_get(:project)
            puts project.seed(block.binding.local_variable_get(:cluster).loadbalancer)
            p project.consoles
          end
        end
        load "./vagrant/Vagrantfile"
        puts cluster.driver
        """;
    Map<String, String> empty = new HashMap<>();
    for (String name : List.of("CLUSTER", "OUTPUT", "CONSOLES", "LIBVIRT_DRIVER")) {
      empty.put("HARDBAKE_" + name, "");
    }
    Path here = Path.of("").toAbsolutePath();
    assertEquals(
        """
        %s
        %s
        nil
        qemu
        """
            .formatted(here.resolve(DESCRIPTION), here.resolve("target/vagrant/seed/loadbalancer")),
        ruby(load, empty, own).succeeded().stdout());
  }

  /** Nothing is left behind but the directory that was there. */
  @Test
  void namesTheCommandThatMakesAMissingBox() throws Exception {
    Path output = Files.createDirectory(directory.resolve("output"));
    String prepare = "Hardbake::Project.new(ARGV[1], ARGV[2]).prepare(cluster)";
    Path own = Files.copy(DESCRIPTION, directory.resolve("own.yaml"));
    Path boxes = Files.createDirectory(output.resolve("boxes"));
    String said = ruby(prepare, own, Path.of("").toAbsolutePath(), output).refused().stderr();
    assertEquals(
        "there is no box of the controller: %s is missing\n  remedy: bake it: make images\n"
            .formatted(boxes.resolve("controller.json")),
        said);
    Path catalog = boxes.resolve("controller.json");
    Files.writeString(catalog, catalog(box(HERE, "controller.box")));
    said = ruby(prepare, own, Path.of("").toAbsolutePath(), output).refused().stderr();
    assertEquals(
        "%s is missing\n  remedy: bake it: make images\n"
            .formatted(boxes.resolve("controller.box")),
        said);
    Files.writeString(catalog, catalog(box(ELSEWHERE, "controller.box")));
    said = ruby(prepare, own, Path.of("").toAbsolutePath(), output).refused().stderr();
    assertEquals(
        "%s has no box for %s\n  remedy: bake it: HARDBAKE_ARCH=%s make images\n"
            .formatted(catalog, HERE, HERE),
        said);
    assertTrue(Files.notExists(output.resolve("vagrant")));
  }

  /** Without it, machines can still be destroyed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "no catalog",
        "[]",
        "{}",
        "{\"name\": \"a\"}",
        "{\"name\": \"a\", \"versions\": []}",
        "{\"name\": \"a\", \"versions\": [1]}",
        "{\"name\": \"a\", \"versions\": [{\"version\": \"1\"}]}",
        "{\"name\": \"a\", \"versions\": [{\"version\": \"1\", \"providers\": [{}]}]}",
      })
  void refusesWhatIsNoCatalog(String json) throws Exception {
    Path catalog = Files.createDirectory(directory.resolve("boxes")).resolve("controller.json");
    Files.writeString(catalog, json);
    String project = "project = Hardbake::Project.new(ARGV[1], ARGV[1])\n";
    Oracle.Result prepared =
        ruby(project + "project.prepare(cluster)", DESCRIPTION, directory).refused();
    assertEquals(
        catalog + " is no catalog of boxes\n  remedy: bake it anew: make images\n",
        prepared.stderr());
    String box =
        ruby(project + "p project.box('controller')", DESCRIPTION, directory).succeeded().stdout();
    assertEquals("nil\n", box);
  }

  /** Vagrant itself decodes them as {@link URI} does. */
  @Test
  void urlsLeadBackToTheirFiles() throws Exception {
    Path root = directory.resolve("a space, #1 and %41");
    Path output = root.resolve("target");
    layOutBoxes(output.resolve("boxes"));
    Files.writeString(
        output.resolve("boxes/controller.json"),
        catalog(box(HERE, "controller.box"), box(ELSEWHERE, "elsewhere.box")));
    String prepare =
        """
        project = Hardbake::Project.new(ARGV[1], nil)
        puts project.box("controller").catalog_url
        puts Hardbake.url("C:/a b")
        $stdout.flush
        project.prepare(cluster)
        """;
    // There is nothing that could make credentials, but then the catalogs are written.
    Oracle.Result result = ruby(prepare, DESCRIPTION, root).refused();
    List<String> urls = result.stdout().lines().toList();
    assertEquals(output.resolve("vagrant/controller.json"), Path.of(URI.create(urls.get(0))));
    assertEquals("file://C:/a%20b", urls.get(1));
    JsonNode catalog = new ObjectMapper().readTree(Path.of(URI.create(urls.get(0))).toFile());
    JsonNode providers = catalog.at("/versions/0/providers");
    assertEquals(1, providers.size()); // the one for this host
    String box = providers.get(0).get("url").textValue();
    assertEquals(output.resolve("boxes/controller.box"), Path.of(URI.create(box)));
  }

  private Oracle.Result read(String description) throws IOException {
    Path own = Files.writeString(directory.resolve("own.yaml"), description);
    return ruby("puts cluster.nodes.map { |node| node.to_a.join(' ') }\ncluster.driver", own);
  }
}
