package io.hardbake.settle;

import io.hardbake.debian.Dependency;
import io.hardbake.debian.MalformedControlException;
import io.hardbake.debian.Relation;
import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.image.Architecture;
import io.hardbake.settle.Verdict.Deed;
import io.hardbake.tree.Content;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides which packages hardbake can configure.
 *
 * <p>A preinst or postinst is known when each of its debhelper sections equals a template and the
 * rest is idle or has a rule. A config script is not judged: it only asks questions (debconf-spec),
 * and the answers are the templates' defaults. Scripts for upgrades and removals do not run.
 *
 * <p>Like dpkg, a package that depends on an unconfigured one stays unconfigured itself, with or
 * without scripts; packages that depend on each other in a circle are configured together.
 */
final class Judge {
  /** The scripts that run on a fresh installation and may do more than ask. */
  static final List<String> SCRIPTS = List.of("preinst", "postinst");

  private final RuleTable rules;
  private final SnippetTable snippets;
  private final IdTable ids;
  private final Architecture architecture;

  /** By the package itself: it would take as long to compare two as to read its scripts. */
  private final Map<UnpackedPackage, Verdict> read =
      Collections.synchronizedMap(new IdentityHashMap<>());

  Judge(RuleTable rules, SnippetTable snippets, IdTable ids, Architecture architecture) {
    this.rules = rules;
    this.snippets = snippets;
    this.ids = ids;
    this.architecture = architecture;
  }

  /** One verdict a package, in the packages' order. */
  List<Verdict> judge(List<UnpackedPackage> packages) throws MalformedControlException {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    for (UnpackedPackage one : packages) {
      verdicts.put(one.name(), read.computeIfAbsent(one, this::alone));
    }
    Map<String, List<String>> providers = providers(packages);
    boolean settled = false;
    while (!settled) {
      settled = true;
      for (Verdict verdict : List.copyOf(verdicts.values())) {
        Optional<String> blocked =
            verdict.isConfigured()
                ? blocked(verdict.about(), verdicts, providers)
                : Optional.empty();
        if (blocked.isPresent()) {
          verdicts.put(verdict.about().name(), verdict.objectedTo(blocked.get()));
          settled = false;
        }
      }
    }
    return List.copyOf(verdicts.values());
  }

  /** A script that the package has. */
  static MaintainerScript script(UnpackedPackage one, String name, Architecture architecture) {
    Content content = Objects.requireNonNull(one.controlFiles().get(name), name);
    return MaintainerScript.parse(
        name,
        KernelRelease.generalise(Texts.bytes(content), one.name()),
        one.version(),
        architecture.multiarchTriplet());
  }

  /** A package's own scripts, its dependencies aside. */
  private Verdict alone(UnpackedPackage one) {
    List<Deed> deeds = new ArrayList<>();
    Optional<String> objection = Optional.empty();
    for (String name : SCRIPTS) {
      if (one.controlFiles().containsKey(name)) {
        Optional<String> flaw = read(one, script(one, name, architecture), deeds);
        objection = objection.or(() -> flaw);
      }
    }
    return new Verdict(one, deeds, objection);
  }

  /** Adds what a script does to the deeds, or says why that is not known. */
  private Optional<String> read(UnpackedPackage one, MaintainerScript script, List<Deed> deeds) {
    boolean whileUnpacking = script.name().equals("preinst");
    List<Deed> found = new ArrayList<>();
    if (!script.isGenerated()) {
      Optional<List<Effect>> effects = rules.effects(one.name(), script);
      if (effects.isEmpty()) {
        return Optional.of(unknown(one, script));
      }
      effects.get().forEach(e -> found.add(new Deed(e, script.handWritten(), whileUnpacking)));
    }
    for (MaintainerScript.Section section : script.sections()) {
      Optional<List<Effect>> effects = snippets.effects(section);
      if (effects.isEmpty()) {
        return Optional.of(
            "%s has a section by %s that hardbake does not know"
                .formatted(script.name(), section.tool()));
      }
      effects.get().forEach(e -> found.add(new Deed(e, section.body(), whileUnpacking)));
    }
    deeds.addAll(found);
    return found.stream()
        .flatMap(deed -> deed.effect().objection(one, ids).stream())
        .findFirst()
        .map(reason -> script.name() + ": " + reason);
  }

  private static String unknown(UnpackedPackage one, MaintainerScript script) {
    return "no rule for %s of %s %s, hash %s%s"
        .formatted(
            script.name(),
            one.name(),
            one.version(),
            script.hash(),
            script.name().equals("preinst")
                ? "; dpkg --configure does not run a preinst, first boot does before"
                : "");
  }

  private static Map<String, List<String>> providers(List<UnpackedPackage> packages)
      throws MalformedControlException {
    Map<String, List<String>> providers = new HashMap<>();
    for (UnpackedPackage one : packages) {
      providers.computeIfAbsent(one.name(), n -> new ArrayList<>()).add(one.name());
      for (Relation r : Dependency.parseRelations(one.control().get("Provides").orElse(""))) {
        providers.computeIfAbsent(r.name(), n -> new ArrayList<>()).add(one.name());
      }
    }
    return providers;
  }

  /**
   * The dependency that keeps a package from being configured. One that no package of the set
   * answers to is the resolver's affair, not this one's.
   */
  private static Optional<String> blocked(
      UnpackedPackage one, Map<String, Verdict> verdicts, Map<String, List<String>> providers)
      throws MalformedControlException {
    List<Dependency> dependencies = new ArrayList<>();
    for (String field : List.of("Pre-Depends", "Depends")) {
      dependencies.addAll(Dependency.parseAll(one.control().get(field).orElse("")));
    }
    for (Dependency dependency : dependencies) {
      List<Verdict> candidates =
          dependency.alternatives().stream()
              .flatMap(r -> providers.getOrDefault(r.name(), List.of()).stream())
              .flatMap(name -> Optional.ofNullable(verdicts.get(name)).stream())
              .toList();
      if (!candidates.isEmpty() && candidates.stream().noneMatch(Verdict::isConfigured)) {
        return Optional.of("depends on %s, which is not configured".formatted(dependency));
      }
    }
    return Optional.empty();
  }
}
