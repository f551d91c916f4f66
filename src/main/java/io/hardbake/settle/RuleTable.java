package io.hardbake.settle;

import io.hardbake.io.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What hand-written maintainer scripts do on a fresh installation. A rule stands for a script whose
 * hash it knows and for no other: a script that changed is a script that nobody has read.
 *
 * <p>The resource {@code rules.txt} holds blocks of
 *
 * <pre>
 *   rule PACKAGE SCRIPT
 *   known SHA256 [VERSION...]      once or more; the versions are for people
 *   EFFECT...                      as in {@link EffectParser}; none: nothing happens at first
 * </pre>
 *
 * A kernel's package is named with {@code @KERNEL@} instead of its release ({@link KernelRelease}).
 * Two blocks for one script stand for variants that do different things.
 */
final class RuleTable {
  private static final String RESOURCE = "rules.txt";

  private record Key(String packageName, String script, Sha256 hash) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byPackage = packageName.compareTo(other.packageName);
      int byScript = byPackage != 0 ? byPackage : script.compareTo(other.script);
      return byScript != 0 ? byScript : hash.compareTo(other.hash);
    }
  }

  private final Map<Key, List<Effect>> rules;

  private RuleTable(Map<Key, List<Effect>> rules) {
    this.rules = rules;
  }

  /** The table that hardbake ships. */
  static RuleTable load() {
    return parse(Table.read(RESOURCE));
  }

  static RuleTable parse(Table table) {
    Map<Key, List<Effect>> rules = new TreeMap<>();
    String packageName = "";
    String script = "";
    List<Effect> effects = new ArrayList<>();
    for (List<String> words : table.rows()) {
      switch (words.get(0)) {
        case "rule" -> {
          packageName = words.get(1);
          script = words.get(2);
          effects = new ArrayList<>();
        }
        case "known" -> {
          Key key = new Key(packageName, script, new Sha256(words.get(1)));
          if (rules.put(key, effects) != null) {
            throw new IllegalStateException("two rules for " + key);
          }
        }
        default -> effects.add(EffectParser.parse(words));
      }
    }
    return new RuleTable(rules);
  }

  /** What a package's script does, if a rule stands for it. */
  Optional<List<Effect>> effects(String packageName, MaintainerScript script) {
    String name = KernelRelease.generalise(packageName, packageName);
    return Optional.ofNullable(rules.get(new Key(name, script.name(), script.hash())))
        .map(List::copyOf);
  }
}
