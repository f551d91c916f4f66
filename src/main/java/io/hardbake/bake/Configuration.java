package io.hardbake.bake;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.recipe.Body;
import io.hardbake.recipe.Item;
import io.hardbake.recipe.Role;
import io.hardbake.recipe.Units;
import io.hardbake.settle.HeldUnits;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.settle.Settler;
import io.hardbake.settle.UnitLink;
import io.hardbake.template.Templates;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** A role's own files, links, removals and units, put on top of its packages. */
final class Configuration {
  private static final AbsolutePath UNITS = AbsolutePath.of("/etc/systemd/system");

  /** Read at first boot by hardbake-configure.service: packages that dpkg has yet to configure. */
  private static final AbsolutePath UNCONFIGURED =
      AbsolutePath.of("/var/lib/hardbake/unconfigured");

  /** Read there too: links of units that the recipe disables, to be removed if they came back. */
  private static final AbsolutePath DISABLED = AbsolutePath.of("/var/lib/hardbake/disabled");

  /** The variable with the names of the role's services, without their suffix. */
  private static final String SERVICES = "services";

  /** Behind the name of a configuration file for which dpkg has yet to find its place. */
  private static final String PENDING = ".dpkg-new";

  private final Role role;
  private final Templates templates;
  private final Map<String, Object> model;
  private final Settler settler;
  private final long time;

  /**
   * A role's configuration.
   *
   * @param settler of the packages below: it takes in what the role's files mean to them
   * @param time what all entries carry, in seconds since the epoch
   */
  Configuration(
      Role role, Templates templates, Map<String, Object> model, Settler settler, long time) {
    this.role = role;
    this.templates = templates;
    this.model = model;
    this.settler = settler;
    this.time = time;
  }

  FileTree applyTo(FileTree lower, List<Unconfigured> unconfigured)
      throws BakeException, IOException, InterruptedException {
    FileTree.Builder tree = lower.toBuilder();
    Owners owners = Owners.of(lower, unconfigured);
    applyItems(tree, owners);
    if (settler.refresh(lower, tree, role.items().keySet())) {
      // A recipe that has a file of its own among those that are generated has the last word.
      applyItems(tree, owners);
    }
    applyUnits(tree, unconfigured);
    if (!unconfigured.isEmpty()) {
      String names =
          unconfigured.stream()
              .map(each -> each.packageName() + "\n")
              .collect(Collectors.joining());
      Meta meta = Meta.root(0644, time, Provenance.ofSettle("unconfigured"));
      tree.put(UNCONFIGURED, new RegularFile(meta, Content.of(names)));
    }
    return tree.freeze();
  }

  private void applyItems(FileTree.Builder tree, Owners owners)
      throws BakeException, IOException, InterruptedException {
    for (Item item : role.items().values()) {
      if (item instanceof Item.Removal) {
        tree.resolve(item.path().parent())
            .ifPresent(
                parent -> {
                  tree.remove(parent.child(item.path().name()));
                  tree.remove(parent.child(item.path().name() + PENDING));
                });
      }
    }
    for (Item item : role.items().values()) {
      if (!(item instanceof Item.Removal)) {
        put(tree, item, entry(item, owners));
      }
    }
  }

  /** The same tree with the units masked that make no sense in a container. */
  FileTree maskForContainer(FileTree lower) {
    FileTree.Builder tree = lower.toBuilder();
    mask(tree, role.containerMasks(), Provenance.ofRecipe(role.name()));
    return tree.freeze();
  }

  private Entry entry(Item item, Owners owners)
      throws BakeException, IOException, InterruptedException {
    if (item instanceof Item.Directory directory) {
      Meta meta = Meta.root(directory.mode(), time, item.provenance());
      return new Directory(owners.apply(directory.owner(), meta, item.at()));
    }
    if (item instanceof Item.File file) {
      Meta meta = Meta.root(file.mode(), time, item.provenance());
      return new RegularFile(owners.apply(file.owner(), meta, item.at()), content(file.body()));
    }
    if (item instanceof Item.Link link) {
      return new Symlink(Meta.root(0777, time, item.provenance()), link.target());
    }
    throw new IllegalStateException("not an item that puts something: " + item);
  }

  private Content content(Body body) throws BakeException, IOException, InterruptedException {
    if (body instanceof Body.Template template) {
      return templates.render(template.name(), model);
    }
    if (body instanceof Body.Source source) {
      return templates.source(source.name());
    }
    return Content.of(((Body.Text) body).text());
  }

  private static void put(FileTree.Builder tree, Item item, Entry entry) throws RecipeException {
    try {
      tree.put(item.path(), entry);
    } catch (IllegalStateException e) {
      throw new RecipeException(
          "%s: %s cannot be made: %s".formatted(item.at(), item.path(), e.getMessage()),
          "choose another path, or remove what stands in the way under remove:",
          e);
    }
  }

  private void applyUnits(FileTree.Builder tree, List<Unconfigured> unconfigured)
      throws RecipeException {
    boolean postinstsWillRun = !unconfigured.isEmpty();
    Units units = role.units();
    Provenance provenance = Provenance.ofRecipe(role.name());
    for (String unit : units.enable()) {
      List<UnitLink> links = links(tree, unit);
      if (links.isEmpty()) {
        throw new RecipeException(
            "%s: %s has no [Install] section, so there is nothing to enable"
                .formatted(role.mention(unit), unit),
            "remove it from units.enable; another unit starts it, or give it WantedBy=");
      }
      for (UnitLink link : links) {
        if (link.startsNothing()) {
          throw new RecipeException(
              "%s: %s is a template without DefaultInstance=, of which nothing can be started"
                  .formatted(role.mention(unit), link.path().name()),
              "enable an instance: " + link.path().name().replace("@.", "@NAME."));
        }
        tree.put(link.path(), new Symlink(Meta.root(0777, time, provenance), link.target()));
      }
    }
    Set<AbsolutePath> removed = new LinkedHashSet<>();
    for (String unit : units.disable()) {
      List<UnitLink> links = links(tree, unit);
      links.forEach(link -> tree.remove(link.path()));
      links.forEach(link -> removed.add(link.path()));
      AbsolutePath state = UnitLink.stateFile(unit);
      if (postinstsWillRun && !links.isEmpty() && tree.get(state).isEmpty()) {
        // As if a postinst had enabled the unit and somebody disabled it: the next lets it be.
        Meta meta = Meta.root(0644, time, provenance);
        tree.put(state, new RegularFile(meta, Content.of(UnitLink.state(links))));
      }
    }
    mask(tree, units.mask(), provenance);
    if (postinstsWillRun) {
      hold(tree, unconfigured);
      removed.removeIf(link -> tree.get(link).isPresent());
      keepDisabled(tree, removed, provenance);
    }
  }

  /** What of the role has to wait until all packages are configured. */
  private void hold(FileTree.Builder tree, List<Unconfigured> unconfigured) throws RecipeException {
    HeldUnits held = new HeldUnits(tree, UNCONFIGURED, time);
    for (String unit : role.units().enable()) {
      for (UnitLink link : links(tree, unit)) {
        if (held.isLeft(link, unconfigured)) {
          held.hold(link);
        }
      }
    }
    String services = String.valueOf(role.variables().getOrDefault(SERVICES, ""));
    // A text of several lines in YAML ends with a line feed.
    for (String service : services.strip().split("\\s+", -1)) {
      held.hold(service + ".service");
    }
  }

  /** Whoever enables a unit enables those in its Also= too, whatever their state files say. */
  private void keepDisabled(FileTree.Builder tree, Set<AbsolutePath> links, Provenance provenance) {
    if (!links.isEmpty()) {
      String list = links.stream().map(link -> link + "\n").collect(Collectors.joining());
      Meta meta = Meta.root(0644, time, provenance);
      tree.put(DISABLED, new RegularFile(meta, Content.of(list)));
    }
  }

  private List<UnitLink> links(FileTree.Builder tree, String unit) throws RecipeException {
    return UnitLink.of(unit, tree)
        .orElseThrow(
            () ->
                new RecipeException(
                    "%s: there is no unit %s in the image".formatted(role.mention(unit), unit),
                    "correct its name under units:, or add the package or file that brings it"));
  }

  private void mask(FileTree.Builder tree, SortedSet<String> units, Provenance provenance) {
    for (String unit : units) {
      tree.put(UNITS.child(unit), new Symlink(Meta.root(0777, time, provenance), "/dev/null"));
    }
  }
}
