package io.hardbake;

import io.hardbake.image.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A project with boxes, and vagrant/cluster.rb to look at it; no Vagrant is needed. */
final class VagrantProject {
  static final Path DESCRIPTION = Path.of("vagrant", "cluster.yaml");

  static final Architecture HERE =
      Architecture.ofMachine(System.getProperty("os.arch", "")).orElse(Architecture.AMD64);
  static final Architecture ELSEWHERE =
      HERE == Architecture.AMD64 ? Architecture.ARM64 : Architecture.AMD64;

  private VagrantProject() {}

  /** One whose {@code hardbake} is this one's. */
  static Path project(Path directory) throws IOException {
    Path root = Files.createDirectory(directory.resolve("project"));
    Files.createSymbolicLink(
        root.resolve("hardbake"), Path.of("hardbake").toAbsolutePath().normalize());
    layOutBoxes(root.resolve("target/boxes"));
    return root;
  }

  /** As Vagrant remembers a machine. */
  static void stand(Path root, String name) throws IOException {
    Path id = root.resolve("vagrant/.vagrant/machines/" + name + "/libvirt/id");
    Files.createDirectories(id.getParent());
    Files.writeString(id, "5d1f");
  }

  /** Files in the place of boxes; no machine is started from them. */
  static void layOutBoxes(Path boxes) throws IOException {
    Files.createDirectories(boxes);
    for (String role : List.of("controller", "loadbalancer")) {
      Files.createFile(boxes.resolve(role + ".box"));
      Files.writeString(boxes.resolve(role + ".json"), catalog(box(HERE, role + ".box")));
    }
  }

  /** A role's, of these boxes. */
  static String catalog(String... boxes) {
    return "{\"name\": \"hardbake\", \"versions\": [{\"version\": \"1.0\", \"providers\": [%s]}]}"
        .formatted(String.join(", ", boxes));
  }

  /** One of a catalog. */
  static String box(Architecture architecture, String url) {
    return "{\"architecture\": \"%s\", \"url\": \"%s\"}".formatted(architecture, url);
  }

  /** What {@code vagrant up} does before it starts a machine. */
  static Oracle.Result prepare(Path root, Map<String, String> environment) {
    return ruby(
        "Hardbake::Project.new(ARGV[1], nil).prepare(cluster)", environment, DESCRIPTION, root);
  }

  /** Texts by the names of their files. */
  static Map<String, String> contents(Path credentials) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(credentials)) {
      for (Path file : files.filter(each -> !each.endsWith(".lock")).toList()) {
        contents.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return contents;
  }

  /** Runs Ruby that knows {@code cluster}, which the first argument describes. */
  static Oracle.Result ruby(String then, Path... arguments) {
    return ruby(then, Map.of(), arguments);
  }

  static Oracle.Result ruby(String then, Map<String, String> environment, Path... arguments) {
    Oracle.require("ruby");
    String program =
        """
        begin
          cluster = Hardbake::Cluster.read(ARGV[0])
          %s
        rescue Hardbake::Problem => e
          abort e.message
        end
        """
            .formatted(then);
    List<String> command =
        new ArrayList<>(List.of("ruby", "-r", "./vagrant/cluster.rb", "-e", program));
    for (Path argument : arguments) {
      command.add(argument.toString());
    }
    return Oracle.run(command, Duration.ofMinutes(2), environment);
  }
}
