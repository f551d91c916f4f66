package io.hardbake.recipe;

import io.hardbake.image.Architecture;
import io.hardbake.io.Sha512;
import io.hardbake.io.Size;
import io.hardbake.kubernetes.KubernetesVersion;
import io.hardbake.settle.Account;
import io.hardbake.tree.AbsolutePath;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one file of {@code images/} says, and nothing that it inherits; {@link Role} adds the
 * ancestors.
 *
 * @param name the file's name without {@code .yaml}
 * @param at the file's first line
 * @param from the recipe that this one builds on, and where it says so
 * @param isAbstract whether it only serves others and is never baked itself
 * @param packages Debian packages that are asked for by name, in the order of the file
 * @param items what is put under a path or removed, in path order
 * @param variables what templates may use besides the names that every template knows; values are
 *     {@code String}, {@code Long}, {@code Boolean} or a list of those
 * @param machine the recipe that disks put on top, and where it is named
 * @param box the recipe that boxes put on top of a machine's, and where it is named
 * @param mentions where packages and units stand, by name
 */
public record Recipe(
    String name,
    Location at,
    String description,
    Optional<Reference> from,
    boolean isAbstract,
    Debian debian,
    Kubernetes kubernetes,
    List<String> packages,
    List<Account> users,
    SortedMap<AbsolutePath, Item> items,
    Units units,
    SortedMap<String, Object> variables,
    Container container,
    Optional<Reference> machine,
    Optional<Reference> box,
    Boot boot,
    Hardware hardware,
    SortedMap<String, Location> mentions) {

  public Recipe {
    packages = List.copyOf(packages);
    users = List.copyOf(users);
    items = Collections.unmodifiableSortedMap(new TreeMap<>(items));
    variables = Collections.unmodifiableSortedMap(new TreeMap<>(variables));
    mentions = Collections.unmodifiableSortedMap(new TreeMap<>(mentions));
  }

  /** The same recipe under another name. */
  Recipe named(String other) {
    return new Recipe(
        other,
        at,
        description,
        from,
        isAbstract,
        debian,
        kubernetes,
        packages,
        users,
        items,
        units,
        variables,
        container,
        machine,
        box,
        boot,
        hardware,
        mentions);
  }

  /** The packages asked for by name, the kernel's among them, which is another for each CPU. */
  public List<String> packages(Architecture architecture) {
    List<String> all = new ArrayList<>(packages);
    boot.kernel().ifPresent(kernel -> all.add(kernel + "-" + architecture));
    return List.copyOf(all);
  }

  /** Another recipe's name, and where it is mentioned. */
  public record Reference(String name, Location at) {}

  /** The file's own part of {@link DebianSettings}. */
  public record Debian(Optional<String> suite, Optional<URI> mirror, Optional<URI> securityMirror) {
    static final Debian NONE = new Debian(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The file's own part of {@link KubernetesSettings}. */
  public record Kubernetes(
      Optional<KubernetesVersion> version,
      SortedSet<String> binaries,
      Optional<URI> mirror,
      Map<Architecture, Sha512> sha512) {
    static final Kubernetes NONE =
        new Kubernetes(Optional.empty(), new TreeSet<>(), Optional.empty(), Map.of());

    public Kubernetes {
      binaries = Collections.unmodifiableSortedSet(new TreeSet<>(binaries));
      sha512 = Collections.unmodifiableMap(new TreeMap<>(sha512));
    }
  }

  /**
   * The file's own part of {@link io.hardbake.image.ContainerSettings}.
   *
   * @param mask units that only containers mask
   */
  public record Container(
      Optional<List<String>> command,
      Optional<String> stopSignal,
      SortedMap<String, String> environment,
      SortedSet<String> ports,
      SortedMap<String, String> labels,
      SortedSet<String> mask) {
    static final Container NONE =
        new Container(
            Optional.empty(),
            Optional.empty(),
            new TreeMap<>(),
            new TreeSet<>(),
            new TreeMap<>(),
            new TreeSet<>());

    public Container {
      command = command.map(List::copyOf);
      environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
      ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
      mask = Collections.unmodifiableSortedSet(new TreeSet<>(mask));
    }
  }

  /**
   * How a disk starts.
   *
   * @param kernel the kernel's package, without the architecture at the end of its name
   * @param commandLine what the kernel is told besides where its root is
   */
  public record Boot(Optional<String> kernel, Optional<List<String>> commandLine) {
    static final Boot NONE = new Boot(Optional.empty(), Optional.empty());

    public Boot {
      commandLine = commandLine.map(List::copyOf);
    }
  }

  /** The file's own part of {@link io.hardbake.image.Hardware}. */
  public record Hardware(Optional<Size> disk, Optional<Size> memory, Optional<Integer> processors) {
    static final Hardware NONE = new Hardware(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
