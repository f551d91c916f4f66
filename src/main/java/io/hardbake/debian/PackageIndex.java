package io.hardbake.debian;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
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
 */
public final class PackageIndex {
  /** apt's order: the pin priority first, then the version. */
  private static final Comparator<BinaryPackage> BEST_FIRST =
      Comparator.<BinaryPackage>comparingInt(p -> p.origin().priority())
          .thenComparing(BinaryPackage::version)
          .reversed();

  private final Map<String, List<IndexText.Slice>> slices;
  private final Map<String, Set<String>> providers;
  private final List<String> essential;
  private final Map<String, List<BinaryPackage>> read = new ConcurrentHashMap<>();

  private PackageIndex(Builder builder) {
    this.slices = builder.slices;
    this.providers = builder.providers;
    this.essential = List.copyOf(builder.essential);
  }

  /** A package that answers to a name which is not its own. */
  public record Provider(BinaryPackage provider, Relation provided) {
    /** The version under which the name is provided, if any. */
    public Optional<DebVersion> version() {
      return provided.constraint().map(Relation.Constraint::version);
    }
  }

  /** All versions of {@code name}, best first: highest priority, then highest version. */
  public List<BinaryPackage> versions(String name) {
    return read.computeIfAbsent(name, this::readVersions);
  }

  /** The version to install unless something else is asked for. */
  public Optional<BinaryPackage> candidate(String name) {
    List<BinaryPackage> versions = versions(name);
    return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(0));
  }

  /** Who provides {@code name} without bearing it, by name, then best version first. */
  public List<Provider> providers(String name) {
    List<Provider> found = new ArrayList<>();
    for (String provider : providers.getOrDefault(name, Set.of())) {
      for (BinaryPackage version : versions(provider)) {
        version.relations().provides().stream()
            .filter(provided -> provided.name().equals(name))
            .forEach(provided -> found.add(new Provider(version, provided)));
      }
    }
    return found;
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

  private List<BinaryPackage> readVersions(String name) {
    List<BinaryPackage> versions = new ArrayList<>();
    for (IndexText.Slice slice : slices.getOrDefault(name, List.of())) {
      try {
        versions.add(BinaryPackage.of(slice.paragraph(), slice.text().origin()));
      } catch (MalformedControlException e) {
        throw new IllegalStateException("was well-formed when the index was built", e);
      }
    }
    versions.sort(BEST_FIRST);
    return List.copyOf(versions);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Takes in Packages files, earlier ones winning ties. */
  public static final class Builder {
    private final Map<String, List<IndexText.Slice>> slices = new HashMap<>();
    private final Map<String, Set<String>> providers = new HashMap<>();
    private final Set<String> essential = new TreeSet<>();

    private Builder() {}

    /** Adds a whole Packages file, which must not be changed afterwards. */
    public Builder add(byte[] packages, Origin origin) throws MalformedControlException {
      new IndexText(packages, origin).forEach(this::add);
      return this;
    }

    private void add(Paragraph paragraph, IndexText.Slice slice) throws MalformedControlException {
      BinaryPackage binary = BinaryPackage.of(paragraph, slice.text().origin());
      slices.computeIfAbsent(binary.name(), name -> new ArrayList<>(1)).add(slice);
      for (Relation provided : binary.relations().provides()) {
        providers.computeIfAbsent(provided.name(), name -> new TreeSet<>()).add(binary.name());
      }
      if (binary.essential()) {
        essential.add(binary.name());
      }
    }

    public PackageIndex build() {
      return new PackageIndex(this);
    }
  }
}
