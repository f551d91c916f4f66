package io.hardbake.debian;

import io.hardbake.image.Architecture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The binary packages of all suites together. Every paragraph was checked once when the index was
 * built; packages come into being when they are asked for. Immutable to the outside and safe for
 * several threads.
 *
 * <p>A relation points at a <em>target</em>: a name, or a name with a qualifier, {@code
 * python3:any}, which in a world of one architecture is a name of its own that only {@code
 * Multi-Arch: allowed} packages answer to.
 */
public final class PackageIndex {
  private final Architecture architecture;
  private final Map<String, List<IndexText.Slice>> slices;
  private final Map<String, Set<String>> providers;
  private final Map<String, Integer> ranks;
  private final Set<String> essential;
  private final Map<String, List<BinaryPackage>> read = new ConcurrentHashMap<>();

  private PackageIndex(Builder builder) {
    this.architecture = builder.architecture;
    this.slices = builder.slices;
    this.providers = builder.providers;
    this.ranks = builder.ranks;
    this.essential = builder.essential;
  }

  /**
   * A package that answers to a target other than its own name.
   *
   * @param version under which it does, if any
   */
  public record Provider(BinaryPackage provider, String target, Optional<DebVersion> version) {}

  /** All versions of {@code name}, best first: highest priority, then highest version. */
  public List<BinaryPackage> versions(String name) {
    return read.computeIfAbsent(name, this::readVersions);
  }

  /** The version to install unless something else is asked for. */
  public Optional<BinaryPackage> candidate(String name) {
    return versions(name).stream().findFirst();
  }

  /** Who answers to {@code target} by Provides, in the order of the index files. */
  public List<Provider> providers(String target) {
    List<Provider> found = new ArrayList<>();
    for (String provider : providers.getOrDefault(target, Set.of())) {
      for (BinaryPackage version : versions(provider)) {
        provided(version, architecture).stream()
            .filter(provided -> provided.target().equals(target))
            .forEach(found::add);
      }
    }
    return Collections.unmodifiableList(found);
  }

  /** The targets that {@code version} answers to besides its own name. */
  public List<Provider> provided(BinaryPackage version) {
    return provided(version, architecture);
  }

  /** What {@code relation} points at. */
  public String target(Relation relation) {
    return target(relation, architecture);
  }

  /**
   * When a target was first met in the index files, as owner or in a relation: the last resort of
   * apt where several packages provide a name, and therefore ours.
   */
  public int rank(String target) {
    return ranks.getOrDefault(target, Integer.MAX_VALUE);
  }

  /** The candidates marked {@code Essential: yes}, by name. */
  public List<BinaryPackage> essential() {
    return essential.stream()
        .flatMap(name -> candidate(name).stream())
        .filter(BinaryPackage::essential)
        .toList();
  }

  /** Every package's name; names that are only provided are not among them. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(slices.keySet()));
  }

  public Architecture architecture() {
    return architecture;
  }

  private List<BinaryPackage> readVersions(String name) {
    List<BinaryPackage> versions = new ArrayList<>();
    for (IndexText.Slice slice : slices.getOrDefault(name, List.of())) {
      try {
        BinaryPackage version = BinaryPackage.of(slice.paragraph(), slice.text().origin());
        // The same file often is in a release's updates and in its security suite.
        if (versions.stream().noneMatch(known -> known.sha256().equals(version.sha256()))) {
          versions.add(version);
        }
      } catch (MalformedControlException e) {
        throw new IllegalStateException("was well-formed when the index was built", e);
      }
    }
    versions.sort(Origin.bestFirst(BinaryPackage::origin, BinaryPackage::version));
    return List.copyOf(versions);
  }

  private static String target(Relation relation, Architecture architecture) {
    return relation
        .qualifier()
        .filter(qualifier -> !qualifier.equals(architecture.debianName()))
        .map(qualifier -> relation.name() + ":" + qualifier)
        .orElse(relation.name());
  }

  /** What is written in Provides, and what {@code Multi-Arch: allowed} says without words. */
  private static List<Provider> provided(BinaryPackage version, Architecture architecture) {
    boolean allowed = version.paragraph().get("Multi-Arch").filter("allowed"::equals).isPresent();
    List<Provider> provided = new ArrayList<>();
    for (Relation relation : version.relations().provides()) {
      Optional<DebVersion> as = relation.constraint().map(Relation.Constraint::version);
      String target = target(relation, architecture);
      boolean itself =
          target.equals(version.name()) && as.map(version.version()::equals).orElse(true);
      if (!itself) {
        provided.add(new Provider(version, target, as));
      }
      if (allowed && relation.qualifier().isEmpty()) {
        provided.add(new Provider(version, target + ":any", as));
      }
    }
    if (allowed) {
      provided.add(new Provider(version, version.name() + ":any", Optional.of(version.version())));
    }
    return provided;
  }

  public static Builder builder(Architecture architecture) {
    return new Builder(architecture);
  }

  /** Takes in Packages files, earlier ones winning ties. */
  public static final class Builder {
    private final Architecture architecture;
    private final Map<String, List<IndexText.Slice>> slices = new HashMap<>();
    private final Map<String, Set<String>> providers = new HashMap<>();
    private final Map<String, Integer> ranks = new HashMap<>();
    private final Set<String> essential = new TreeSet<>();

    private Builder(Architecture architecture) {
      this.architecture = architecture;
    }

    /** Adds a whole Packages file, which must not be changed afterwards. */
    public Builder add(byte[] packages, Origin origin) throws MalformedControlException {
      new IndexText(packages, origin).forEach(this::add);
      return this;
    }

    private void add(Paragraph paragraph, IndexText.Slice slice) throws MalformedControlException {
      BinaryPackage binary = BinaryPackage.of(paragraph, slice.text().origin());
      slices.computeIfAbsent(binary.name(), name -> new ArrayList<>(1)).add(slice);
      rank(binary);
      for (Provider provided : provided(binary, architecture)) {
        meet(provided.target());
        providers
            .computeIfAbsent(provided.target(), target -> new LinkedHashSet<>(2))
            .add(binary.name());
      }
      if (binary.essential()) {
        essential.add(binary.name());
      }
    }

    /** The order of fields in which apt reads a paragraph into its cache. */
    private void rank(BinaryPackage binary) {
      Relations relations = binary.relations();
      meet(binary.name());
      meetDependencies(relations.preDepends());
      meetDependencies(relations.depends());
      meetAll(relations.conflicts());
      meetAll(relations.breaks());
      meetDependencies(relations.recommends());
      meetDependencies(relations.suggests());
      meetAll(relations.replaces());
      meetAll(relations.enhances());
    }

    private void meetDependencies(Collection<Dependency> dependencies) {
      dependencies.forEach(dependency -> meetAll(dependency.alternatives()));
    }

    private void meetAll(Collection<Relation> relations) {
      relations.forEach(relation -> meet(target(relation, architecture)));
    }

    private void meet(String target) {
      ranks.putIfAbsent(target, ranks.size());
    }

    public PackageIndex build() {
      return new PackageIndex(this);
    }
  }
}
