package io.hardbake.bake;

import io.hardbake.disk.qcow2.Compression;
import io.hardbake.failure.HostException;
import io.hardbake.failure.ShellWord;
import io.hardbake.image.Architecture;
import io.hardbake.image.Artifact;
import io.hardbake.io.AtomicFile;
import io.hardbake.kubernetes.KubernetesRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a user asks of a bake, a plan, a lock or a mirror.
 *
 * @param project the directory that holds {@code images} and {@code templates}
 * @param output where the results go: {@code target}
 * @param roles the roles wanted; none for all
 * @param architectures the architectures wanted
 * @param sources where inputs may come from
 * @param formats the kinds of files wanted; what has no machine gets none that need one, as long as
 *     there is another kind for it
 * @param qcow2Compression of disks, and of the disks in boxes for libvirt
 * @param jobs how many threads work; the bytes do not depend on it
 * @param signKey of a private key that signs what is said of the results
 */
public record BakeOptions(
    Path project,
    Path output,
    List<String> roles,
    Set<Architecture> architectures,
    Sources sources,
    Set<Format> formats,
    Compression qcow2Compression,
    int jobs,
    Optional<Path> signKey) {
  public BakeOptions {
    roles = List.copyOf(roles);
    architectures = Set.copyOf(architectures);
    formats = Set.copyOf(formats);
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs: " + jobs);
    }
  }

  /**
   * Where inputs may come from.
   *
   * @param offline only the store may be used
   * @param locked the lock must be fresh and every file of it must be had; nothing is resolved anew
   * @param mirrors of Debian's archive, instead of the host's or the public ones; may be empty
   * @param securityMirrors of its security archive, likewise
   * @param keyring of OpenPGP certificates to believe instead of Debian's own
   * @param kubernetes which sources of Kubernetes may answer
   * @param kubernetesMirror a directory or URL in the release host's layout
   * @param patience how long a server may send nothing before it counts as silent
   */
  public record Sources(
      boolean offline,
      boolean locked,
      List<URI> mirrors,
      List<URI> securityMirrors,
      Optional<Path> keyring,
      KubernetesRequest.Choice kubernetes,
      Optional<URI> kubernetesMirror,
      Duration patience) {

    public Sources {
      mirrors = List.copyOf(mirrors);
      securityMirrors = List.copyOf(securityMirrors);
    }
  }

  /** Whether disks are wanted, so that images need their machines. */
  boolean machines() {
    return formats.stream().anyMatch(Format::isMachine);
  }

  /** Whether boxes are wanted. */
  boolean boxes() {
    return formats.stream().anyMatch(Format::isBox);
  }

  /** The directory of one kind of results. */
  Path output(String room) {
    return output.resolve(room);
  }

  Path images() {
    return project.resolve("images");
  }

  Path templates() {
    return project.resolve("templates");
  }

  /** Finds out before the work, not after it, whether the results can be written. */
  void requireOutput() throws HostException {
    for (String room : Artifact.ROOMS) {
      Path at = output.toAbsolutePath().normalize().resolve(room);
      for (Path up = at.getParent(); !Files.exists(at) && up != null; up = up.getParent()) {
        at = up;
      }
      if (!Files.isDirectory(at)) {
        throw new HostException(
            "results cannot be written to %s: %s is no directory".formatted(output, at),
            "move it away, or choose another place with --output");
      }
      if (!Files.isWritable(at)) {
        throw new HostException(
            "results cannot be written to %s: no right to write in %s".formatted(output, at),
            "choose another place with --output");
      }
    }
  }

  /** Takes away the partial files of bakes that were killed. */
  void sweepOutput() throws IOException {
    AtomicFile.sweep(output);
    for (String room : Artifact.ROOMS) {
      AtomicFile.sweep(output.resolve(room));
    }
    AtomicFile.sweep(images());
  }

  Path lockFile() {
    return images().resolve("hardbake.lock");
  }

  /** What to type for a lock that these options can be obeyed with. */
  String lockCommand() {
    return lockCommand(architectures);
  }

  /** The same for a lock of these architectures. */
  String lockCommand(Set<Architecture> wanted) {
    StringBuilder command = new StringBuilder("./hardbake lock");
    if (!project.equals(Path.of(System.getProperty("hardbake.home", ".")))) {
      add(command, "--project", project.toString());
    }
    if (!wanted.equals(Set.of(Architecture.AMD64))) {
      command
          .append(" --arch ")
          .append(
              wanted.stream()
                  .sorted()
                  .map(Architecture::toString)
                  .collect(Collectors.joining(",")));
    }
    sources.keyring().ifPresent(file -> add(command, "--keyring", file.toString()));
    if (!sources.mirrors().isEmpty()) {
      add(command, "--mirror", joined(sources.mirrors()));
    }
    if (!sources.securityMirrors().isEmpty()) {
      add(command, "--security-mirror", joined(sources.securityMirrors()));
    }
    return command.toString();
  }

  private static void add(StringBuilder command, String option, String value) {
    command.append(' ').append(option).append(' ').append(ShellWord.of(value));
  }

  private static String joined(List<URI> mirrors) {
    return mirrors.stream().map(URI::toString).collect(Collectors.joining(","));
  }
}
