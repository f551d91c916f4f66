package io.hardbake.debian.resolve;

import io.hardbake.debian.BinaryPackage;
import io.hardbake.debian.PackageIndex;
import io.hardbake.failure.UnresolvableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Chooses packages as apt would; see the package's description. */
public final class Resolver {
  private final PackageIndex index;
  private final Graph graph;
  private final Marker marker;

  private Resolver(PackageIndex index) {
    this.index = index;
    this.graph = new Graph(index);
    this.marker = new Marker();
  }

  /**
   * The essential packages, the requested ones, and all they need. As with apt, the order of the
   * request can matter where alternatives exist.
   *
   * @param requested names, or {@code name=version} for one version
   * @throws UnresolvableException listing the candidates and why each was refused
   */
  public static Resolution resolve(PackageIndex index, Collection<String> requested)
      throws UnresolvableException {
    return new Resolver(index).resolve(requested);
  }

  private Resolution resolve(Collection<String> requested) throws UnresolvableException {
    Map<Target, Option> asked = new LinkedHashMap<>();
    for (BinaryPackage essential : index.essential()) {
      Target target = graph.target(essential.name());
      asked.put(target, target.options().get(0));
    }
    SortedMap<String, String> answers = new TreeMap<>();
    for (String request : requested) {
      Option option = option(request);
      asked.put(option.target(), option);
      answers.put(request, option.target().name());
    }
    asked.forEach(marker::ask);
    asked.keySet().forEach(marker::complete);
    if (!new Repair(graph, marker, new LinkedHashSet<>(asked.keySet())).run()) {
      throw new UnresolvableException(
          "the packages cannot be installed together:\n" + new Explanation(graph).text(),
          "leave out one of the packages that exclude each other, or the one that needs what is"
              + " missing, or choose another suite, whose versions differ");
    }
    new Sweep(graph, marker).run();
    List<BinaryPackage> chosen = new ArrayList<>();
    for (Target target : graph.met()) {
      Option option = target.chosen();
      if (option != null && target.marked()) {
        chosen.add(option.binary());
      }
    }
    return new Resolution(chosen, answers);
  }

  /** What a word of the request means. */
  private Option option(String request) throws UnresolvableException {
    int equals = request.indexOf('=');
    String name = equals < 0 ? request : request.substring(0, equals);
    List<Option> options = graph.target(name).options();
    if (options.isEmpty()) {
      return onlyProvider(name);
    }
    if (equals < 0) {
      return options.get(0);
    }
    String version = request.substring(equals + 1);
    Optional<Option> match =
        options.stream().filter(o -> o.version().toString().equals(version)).findFirst();
    if (match.isEmpty()) {
      throw new UnresolvableException(
          "%s has no version %s; there are %s".formatted(name, version, options),
          "ask for one of these, or leave out the version");
    }
    return match.get();
  }

  /** A name that no package bears stands for the one that provides it, if it is one. */
  private Option onlyProvider(String name) throws UnresolvableException {
    Set<Option> providers = new LinkedHashSet<>();
    graph.target(name).provisions().stream()
        .map(Target.Provision::option)
        .filter(option -> option.target().firstCandidate() == option)
        .forEach(providers::add);
    if (providers.size() == 1) {
      return providers.iterator().next();
    }
    if (providers.isEmpty()) {
      throw new UnresolvableException(
          "there is no package %s for %s".formatted(name, index.architecture()),
          "correct its name, or choose another suite");
    }
    throw new UnresolvableException(
        "%s is no package but a name that several provide: %s".formatted(name, providers),
        "name one of these instead, without its version");
  }
}
