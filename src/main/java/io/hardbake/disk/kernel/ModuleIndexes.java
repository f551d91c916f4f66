package io.hardbake.disk.kernel;

import static java.util.Objects.requireNonNull;

import io.hardbake.failure.IntegrityException;
import io.hardbake.tree.Content;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The indexes below {@code /lib/modules/VERSION} that depmod makes: the binary ones for kmod and
 * udev, the texts for busybox and for people (modules.dep(5)).
 */
public final class ModuleIndexes {
  private static final Pattern DEVICE = Pattern.compile("(char|block)-major-([0-9]+)-([0-9]+).*");

  private final List<KernelModule> modules;
  private final Dependencies dependencies;
  private final SortedMap<String, Content> files = new TreeMap<>();

  private ModuleIndexes(KernelModules modules) {
    this.modules = modules.all();
    this.dependencies = new Dependencies(this.modules);
  }

  /**
   * The files by name.
   *
   * @throws IntegrityException if modules need each other in a circle, or say what no index can
   *     hold
   */
  public static SortedMap<String, Content> of(KernelModules modules) throws IntegrityException {
    try {
      ModuleIndexes indexes = new ModuleIndexes(modules);
      indexes.addDependencies();
      indexes.addAliases();
      indexes.addSymbols();
      indexes.addSoftDependencies();
      indexes.addDeviceNames();
      indexes.addBuiltIn(modules);
      return Collections.unmodifiableSortedMap(indexes.files);
    } catch (IllegalArgumentException e) {
      throw KernelModules.unusable(modules.version(), String.valueOf(e.getMessage()));
    }
  }

  /** Adds what a module says of itself. */
  private static void add(
      IndexTrie trie, String key, String text, int priority, KernelModule module) {
    try {
      trie.add(key, text, priority);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(module.path() + ": " + e.getMessage(), e);
    }
  }

  private void addDependencies() {
    StringBuilder text = new StringBuilder();
    IndexTrie trie = new IndexTrie();
    for (int i = 0; i < modules.size(); i++) {
      KernelModule module = modules.get(i);
      StringBuilder line = new StringBuilder(module.path()).append(':');
      dependencies.of(module).forEach(needed -> line.append(' ').append(needed.path()));
      text.append(line).append('\n');
      add(trie, module.name(), line.toString(), i, module);
    }
    put("modules.dep", text, trie);
  }

  private void addAliases() {
    StringBuilder text = new StringBuilder("# Aliases extracted from modules themselves.\n");
    IndexTrie trie = new IndexTrie();
    for (int i = 0; i < modules.size(); i++) {
      KernelModule module = modules.get(i);
      for (String alias : module.values("alias")) {
        text.append("alias %s %s\n".formatted(alias, module.name()));
        int priority = i;
        underscored(alias).ifPresent(key -> add(trie, key, module.name(), priority, module));
      }
    }
    put("modules.alias", text, trie);
  }

  private void addSymbols() {
    StringBuilder text = new StringBuilder("# Aliases for symbols, used by symbol_request().\n");
    IndexTrie trie = new IndexTrie();
    Map<KernelModule, Integer> rank = new HashMap<>();
    modules.forEach(module -> rank.put(module, rank.size()));
    dependencies
        .owners()
        .forEach(
            (symbol, owner) -> {
              text.append("alias symbol:%s %s\n".formatted(symbol, owner.name()));
              int priority = requireNonNull(rank.get(owner));
              add(trie, "symbol:" + symbol, owner.name(), priority, owner);
            });
    put("modules.symbols", text, trie);
  }

  private void addSoftDependencies() {
    StringBuilder text =
        new StringBuilder("# Soft dependencies extracted from modules themselves.\n");
    for (KernelModule module : modules) {
      module
          .values("softdep")
          .forEach(value -> text.append("softdep %s %s\n".formatted(module.name(), value)));
    }
    put("modules.softdep", text);
  }

  /**
   * Devices whose nodes stand in /dev before their module is loaded, which opening one then does:
   * an alias names the node and another its numbers. The last alias counts that comes before both
   * are known.
   */
  private void addDeviceNames() {
    StringBuilder text = new StringBuilder();
    for (KernelModule module : modules) {
      deviceNode(module).ifPresent(node -> text.append(module.name()).append(node).append('\n'));
    }
    if (text.length() > 0) {
      text.insert(0, "# Device nodes to trigger on-demand module loading.\n");
    }
    put("modules.devname", text);
  }

  private static Optional<String> deviceNode(KernelModule module) {
    String name = "";
    String numbers = "";
    for (String alias : module.values("alias")) {
      Matcher device = DEVICE.matcher(alias);
      if (alias.startsWith("devname:")) {
        name = alias.substring("devname:".length());
      } else if (device.matches()) {
        numbers = "%c%s:%s".formatted(alias.charAt(0), device.group(2), device.group(3));
      }
      if (!name.isEmpty() && !numbers.isEmpty()) {
        return Optional.of(" " + name + " " + numbers);
      }
    }
    return Optional.empty();
  }

  private void addBuiltIn(KernelModules all) {
    IndexTrie names = new IndexTrie();
    all.builtInPaths().forEach(path -> names.add(KernelModule.nameOf(path), "", 0));
    files.put("modules.builtin.bin", Content.of(names.encode()));

    IndexTrie aliases = new IndexTrie();
    for (String line : all.builtInInfo()) {
      int dot = line.indexOf('.');
      if (dot > 0 && line.startsWith("alias=", dot + 1)) {
        underscored(line.substring(dot + 1 + "alias=".length()))
            .ifPresent(key -> aliases.add(key, line.substring(0, dot), 0));
      }
    }
    files.put("modules.builtin.alias.bin", Content.of(aliases.encode()));
  }

  /**
   * {@code -} becomes {@code _}, but not within brackets, where it is a range of characters.
   * Aliases with brackets that do not match are left out, as depmod leaves them out.
   */
  private static Optional<String> underscored(String alias) {
    StringBuilder key = new StringBuilder(alias.length());
    boolean brackets = false;
    for (int i = 0; i < alias.length(); i++) {
      char c = alias.charAt(i);
      if (c == ']' && !brackets) {
        return Optional.empty();
      }
      if (c == '[' || c == ']') {
        brackets = c == '[';
      }
      key.append(c == '-' && !brackets ? '_' : c);
    }
    return brackets ? Optional.empty() : Optional.of(key.toString());
  }

  private void put(String name, StringBuilder text, IndexTrie trie) {
    put(name, text);
    files.put(name + ".bin", Content.of(trie.encode()));
  }

  private void put(String name, StringBuilder text) {
    files.put(name, Content.of(text.toString()));
  }
}
