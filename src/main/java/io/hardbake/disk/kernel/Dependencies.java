package io.hardbake.disk.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which module needs which, found as depmod finds it: by the symbols that one exports and another
 * imports. The order within a line of {@code modules.dep} follows from a topological order of all
 * modules, which in turn follows from the order of the symbols; so that order is kept everywhere.
 */
final class Dependencies {
  /** How many modules of a circle are named, and of those that it needs. */
  private static final int NAMED = 10;

  private final SortedMap<String, KernelModule> owners = new TreeMap<>();
  private final Map<KernelModule, Set<KernelModule>> direct = new HashMap<>();
  private final Map<KernelModule, Integer> rank = new HashMap<>();

  /**
   * @throws IllegalArgumentException if modules need each other in a circle
   */
  Dependencies(List<KernelModule> modules) {
    for (KernelModule module : modules) {
      module.exports().forEach(symbol -> owners.put(symbol, module)); // the last one wins
    }
    for (KernelModule module : modules) {
      Set<KernelModule> needed = new LinkedHashSet<>();
      for (String symbol : module.imports()) {
        KernelModule owner = owners.get(symbol);
        if (owner != null) {
          needed.add(owner);
        }
      }
      direct.put(module, needed);
    }
    rank(modules);
  }

  /** Who exports which symbol. */
  SortedMap<String, KernelModule> owners() {
    return owners;
  }

  /** All that a module needs, directly or not; a module comes before what it needs itself. */
  List<KernelModule> of(KernelModule module) {
    Set<KernelModule> all = new LinkedHashSet<>();
    Deque<KernelModule> left = new ArrayDeque<>(direct(module));
    while (!left.isEmpty()) {
      KernelModule next = left.pop();
      if (all.add(next)) {
        left.addAll(direct(next));
      }
    }
    List<KernelModule> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparing(this::rankOf));
    return sorted;
  }

  /**
   * Ranks those first that nobody needs. The stack, and the order in which modules are pushed, are
   * depmod's.
   */
  private void rank(List<KernelModule> modules) {
    Map<KernelModule, Integer> users = new HashMap<>();
    direct.values().forEach(set -> set.forEach(needed -> users.merge(needed, 1, Integer::sum)));
    Deque<KernelModule> free = new ArrayDeque<>();
    for (KernelModule module : modules) {
      if (!users.containsKey(module)) {
        free.push(module);
      }
    }
    while (!free.isEmpty()) {
      KernelModule module = free.pop();
      rank.put(module, rank.size());
      for (KernelModule needed : direct(module)) {
        if (users.merge(needed, -1, Integer::sum) == 0) {
          free.push(needed);
        }
      }
    }
    if (rank.size() < modules.size()) {
      List<String> left =
          modules.stream()
              .filter(module -> !rank.containsKey(module))
              .limit(NAMED)
              .map(KernelModule::path)
              .toList();
      throw new IllegalArgumentException("modules need each other in a circle: " + left);
    }
  }

  private Set<KernelModule> direct(KernelModule module) {
    return direct.getOrDefault(module, Set.of());
  }

  private int rankOf(KernelModule module) {
    return rank.getOrDefault(module, Integer.MAX_VALUE);
  }
}
