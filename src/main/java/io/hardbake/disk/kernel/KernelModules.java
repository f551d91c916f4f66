package io.hardbake.disk.kernel;

import static java.util.Objects.requireNonNull;

import io.hardbake.failure.IntegrityException;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The modules of one kernel, in the order of its {@code modules.order}: where two modules claim one
 * device, the first wins.
 */
public final class KernelModules {
  private final String version;
  private final Map<String, KernelModule> modules;
  private final SortedSet<String> builtIn;
  private final List<String> builtInPaths;
  private final List<String> builtInInfo;

  private KernelModules(
      String version,
      Map<String, KernelModule> modules,
      List<String> builtInPaths,
      List<String> builtInInfo) {
    this.version = version;
    this.modules = modules;
    this.builtInPaths = builtInPaths;
    this.builtInInfo = builtInInfo;
    this.builtIn = new TreeSet<>();
    builtInPaths.forEach(path -> builtIn.add(KernelModule.nameOf(path)));
  }

  /** Where the modules of a kernel lie in a Debian tree. */
  public static AbsolutePath directory(String version) {
    return AbsolutePath.of("/usr/lib/modules").child(version);
  }

  /**
   * Reads all modules below {@link #directory}.
   *
   * @throws IntegrityException if a module is damaged or of a form that hardbake does not know
   */
  public static KernelModules read(FileTree tree, String version)
      throws IntegrityException, IOException {
    AbsolutePath directory = directory(version);
    SortedMap<String, Content> files = new TreeMap<>();
    tree.entries()
        .tailMap(directory, false)
        .forEach(
            (path, entry) -> {
              if (path.isBelow(directory) && entry instanceof RegularFile file) {
                files.put(path.value().substring(directory.value().length() + 1), file.content());
              }
            });
    return of(version, files);
  }

  /**
   * Reads all modules among the files, which are named as they are below {@code
   * /lib/modules/VERSION}.
   */
  public static KernelModules of(String version, SortedMap<String, Content> files)
      throws IntegrityException, IOException {
    Map<String, Integer> rank = new HashMap<>();
    for (String path : lines(files.get("modules.order"))) {
      rank.putIfAbsent(path, rank.size());
    }
    List<String> paths = new ArrayList<>(files.keySet());
    paths.removeIf(path -> !KernelModule.isModule(path));
    paths.sort(
        Comparator.comparingInt((String path) -> rank.getOrDefault(path, Integer.MAX_VALUE))
            .thenComparing(Comparator.naturalOrder()));
    Map<String, KernelModule> modules = new LinkedHashMap<>();
    for (String path : paths) {
      KernelModule module = module(version, path, requireNonNull(files.get(path)));
      KernelModule other = modules.putIfAbsent(module.name(), module);
      if (other != null) {
        throw unusable(version, "%s and %s have one name".formatted(other.path(), path));
      }
    }
    List<String> builtInInfo = new ArrayList<>();
    Content info = files.get("modules.builtin.modinfo");
    if (info != null) {
      builtInInfo.addAll(List.of(info.text().split("\0", -1)));
    }
    return new KernelModules(version, modules, lines(files.get("modules.builtin")), builtInInfo);
  }

  private static KernelModule module(String version, String path, Content content)
      throws IntegrityException, IOException {
    try {
      return KernelModule.read(path, content);
    } catch (IllegalArgumentException e) {
      throw unusable(version, path + ": " + e.getMessage());
    }
  }

  static IntegrityException unusable(String version, String problem) {
    return new IntegrityException(
        "kernel %s cannot be used: %s".formatted(version, problem),
        "choose a kernel package of Debian 12, such as linux-image-cloud-amd64");
  }

  private static List<String> lines(@Nullable Content content) throws IOException {
    if (content == null) {
      return List.of();
    }
    String text = new String(content.bytes(), StandardCharsets.UTF_8);
    return text.lines().filter(line -> !line.isEmpty()).toList();
  }

  /** Such as {@code 6.1.0-56-cloud-amd64}. */
  public String version() {
    return version;
  }

  /** All modules, in order. */
  public List<KernelModule> all() {
    return List.copyOf(modules.values());
  }

  /** The lines of {@code modules.builtin}: paths of what is part of the kernel itself. */
  List<String> builtInPaths() {
    return builtInPaths;
  }

  /** {@code modules.builtin.modinfo}: {@code module.key=value}. */
  List<String> builtInInfo() {
    return builtInInfo;
  }

  /** Whether the kernel has this driver, as a module or built in. */
  public boolean has(String name) {
    return modules.containsKey(name) || builtIn.contains(name);
  }

  /**
   * The modules to load for some drivers, each after what it needs. What is built in or missing
   * needs no loading; whether it may be missing is the caller's question ({@link #has}).
   *
   * @param names with underscores
   */
  public List<KernelModule> loadOrder(Collection<String> names) throws IntegrityException {
    Set<KernelModule> ordered = new LinkedHashSet<>();
    for (String name : names) {
      visit(name, new LinkedHashSet<>(), ordered);
    }
    return List.copyOf(ordered);
  }

  private void visit(String name, Set<String> path, Set<KernelModule> ordered)
      throws IntegrityException {
    KernelModule module = modules.get(name);
    if (module == null || ordered.contains(module)) {
      return;
    }
    if (!path.add(name)) {
      throw unusable(version, "modules need each other: " + path);
    }
    for (String wish : module.wantedBefore()) {
      for (String wanted : providers(wish)) {
        if (!path.contains(wanted)) { // no need, so it may be circular
          visit(wanted, path, ordered);
        }
      }
    }
    for (String needed : module.depends()) {
      if (!has(needed)) {
        throw unusable(version, module.path() + " needs " + needed + ", which is missing");
      }
      visit(needed, path, ordered);
    }
    path.remove(name);
    ordered.add(module);
  }

  /** The modules of this name, or else with this alias, such as {@code crc32c}. */
  private List<String> providers(String wish) {
    if (modules.containsKey(wish)) {
      return List.of(wish);
    }
    List<String> names = new ArrayList<>();
    for (KernelModule module : modules.values()) {
      if (module.values("alias").stream().anyMatch(a -> a.replace('-', '_').equals(wish))) {
        names.add(module.name());
      }
    }
    return names;
  }
}
