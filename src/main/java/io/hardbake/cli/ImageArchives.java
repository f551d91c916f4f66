package io.hardbake.cli;

import io.hardbake.failure.ShellWord;
import io.hardbake.failure.UsageException;
import io.hardbake.image.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Finds the archives that an earlier bake left. */
final class ImageArchives {
  private static final String SUFFIX = ".oci.tar";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "where the bake's results are (default: target in the project)")
  private @Nullable Path output;

  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      description = "amd64 or arm64 (default: this machine's)")
  private @Nullable Architecture architecture;

  private final Architecture host;

  ImageArchives() {
    this(System.getProperty("os.arch", ""));
  }

  /** On a machine that Java calls so. */
  ImageArchives(String machine) {
    host = Architecture.ofMachine(machine).orElse(Architecture.AMD64);
  }

  /** The archives of the named roles; of all roles that were baked when none is named. */
  List<Path> find(List<String> roles) throws IOException, UsageException {
    List<Path> archives = new ArrayList<>();
    for (String role : roles.isEmpty() ? baked() : roles) {
      archives.add(find(role));
    }
    if (archives.isEmpty()) {
      throw new UsageException(
          "no image for " + architecture() + " in " + directory(),
          "bake some with: " + (options().isEmpty() ? "make images" : "hardbake bake" + options()));
    }
    return archives;
  }

  /** The archive of one role; a path to an archive stands for itself. */
  Path find(String roleOrFile) throws IOException, UsageException {
    boolean isFile = roleOrFile.endsWith(SUFFIX);
    Path archive = isFile ? Path.of(roleOrFile) : directory().resolve(roleOrFile + suffix());
    if (!Files.isRegularFile(archive)) {
      throw new UsageException(
          "there is no " + archive,
          isFile
              ? "name an archive that a bake left, or a role"
              : "bake it with: hardbake bake %s%s, or all with: %s%s"
                  .formatted(
                      ShellWord.of(roleOrFile),
                      options(),
                      options().isEmpty() ? "make images" : "hardbake bake" + options(),
                      others()));
    }
    return archive;
  }

  /** With them bake writes what is looked for: by itself it bakes for amd64, whatever is here. */
  private String options() {
    return (architecture == null && architecture() == Architecture.AMD64
            ? ""
            : " --arch " + architecture())
        + (output == null ? "" : " --output " + ShellWord.of(output));
  }

  /** What has to be added to a command so that it takes the same images. */
  String again() {
    return (output == null ? "" : " --output " + ShellWord.of(output))
        + (architecture == null ? "" : " --arch " + architecture);
  }

  /** For whom the name was a typing error. */
  private String others() throws IOException {
    List<String> baked = baked();
    return baked.isEmpty() ? "" : "\nthere are: " + String.join(", ", baked);
  }

  /** The roles of which an earlier bake left an archive for this architecture. */
  private List<String> baked() throws IOException {
    Path directory = directory();
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    String suffix = suffix();
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(suffix))
          .map(name -> name.substring(0, name.length() - suffix.length()))
          .sorted()
          .toList();
    }
  }

  private String suffix() {
    return "-" + architecture() + SUFFIX;
  }

  private Path directory() {
    Path base =
        output == null ? Path.of(System.getProperty("hardbake.home", "."), "target") : output;
    return base.resolve("images");
  }

  private Architecture architecture() {
    return architecture == null ? host : architecture;
  }
}
