package io.hardbake.bake;

import static java.util.Objects.requireNonNull;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.failure.BakeException;
import io.hardbake.image.Architecture;
import io.hardbake.image.Image;
import io.hardbake.image.Machine;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.lock.Lock;
import io.hardbake.lock.LockedRecipe;
import io.hardbake.recipe.Recipe;
import io.hardbake.recipe.Role;
import io.hardbake.settle.Settled;
import io.hardbake.settle.Settler;
import io.hardbake.template.Templates;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Stacks the layers of an image: the packages of each recipe of the chain, from the ancestor down;
 * the Kubernetes binaries; the configuration of the whole chain; and, for containers, the masks.
 *
 * <p>A recipe's packages are settled together with its ancestors', and its layer is what that adds
 * to the ancestors' tree. So roles share their ancestors' layers byte for byte.
 */
final class ImageAssembler {
  private static final AbsolutePath BINARIES = AbsolutePath.of("/usr/local/bin");
  private static final Provenance ROOT = Provenance.ofSettle("root");

  private final Architecture architecture;
  private final Lock lock;
  private final SortedMap<String, UnpackedPackage> packages;
  private final Templates templates;
  private final Settler settler;

  ImageAssembler(
      Architecture architecture,
      Lock lock,
      SortedMap<String, UnpackedPackage> packages,
      Templates templates) {
    this.architecture = architecture;
    this.lock = lock;
    this.packages = packages;
    this.templates = templates;
    this.settler = new Settler(architecture, time());
  }

  /**
   * Settles the packages of whole chains, whatever their ancestors amount to by themselves.
   *
   * @param chains which have the same packages: that of a machine, say, and that of its box
   * @param lockedAs the recipe under which the lock has all their packages: the chain's last one,
   *     but for boxes, whose own recipe brings none
   */
  List<Settled> settle(List<List<Recipe>> chains, Recipe lockedAs)
      throws BakeException, IOException {
    LockedRecipe locked = locked(lockedAs);
    List<UnpackedPackage> wanted = locked.packages().stream().map(this::unpacked).toList();
    return settler.settleEach(
        wanted,
        locked.requested(),
        chains.stream().map(chain -> List.copyOf(new Role(chain).users())).toList());
  }

  /**
   * The image of a role.
   *
   * @param settled every recipe of the role's chain, settled, by its name
   */
  Image assemble(Role role, Map<String, Settled> settled, KubernetesBinaries kubernetes)
      throws BakeException, IOException, InterruptedException {
    List<Layer> layers = new ArrayList<>();
    FileTree below = FileTree.builder(Meta.root(0755, time(), ROOT)).freeze();
    for (Recipe recipe : role.chain()) {
      FileTree tree = requireNonNull(settled.get(recipe.name())).tree();
      layers.add(tree.minus(below, "packages:" + recipe.name()));
      below = tree;
    }
    FileTree withBinaries = withBinaries(role, below, kubernetes);
    layers.add(withBinaries.minus(below, "kubernetes"));
    Map<String, Object> model = role.model(kubernetes.version(), architecture);
    Configuration configuration = new Configuration(role, templates, model, settler, time());
    FileTree tree =
        configuration.applyTo(
            withBinaries, requireNonNull(settled.get(role.name())).unconfigured());
    layers.add(tree.minus(withBinaries, "configuration"));
    layers.removeIf(Layer::isEmpty);
    Layer containerLayer = configuration.maskForContainer(tree).minus(tree, "container");
    return new Image(
        role.name(),
        architecture,
        layers,
        tree,
        containerLayer,
        role.container(),
        annotations(role, kubernetes),
        lock.date());
  }

  /**
   * The machine of a role, or its box.
   *
   * @param below whose layers it shares: those of the machine that a box builds on
   * @param machine the role as a machine or as a box
   * @param settled as for {@link #assemble}, that role's own recipe included
   */
  Machine assembleMachine(
      Image image,
      Optional<Machine> below,
      Role machine,
      Map<String, Settled> settled,
      KubernetesBinaries kubernetes,
      MachineAssembler machines)
      throws BakeException, IOException, InterruptedException {
    Settled own = requireNonNull(settled.get(machine.name()));
    Map<String, Object> model = new TreeMap<>(machine.model(kubernetes.version(), architecture));
    model.put("role", image.role());
    return machines.assemble(
        image,
        below,
        machine,
        withBinaries(machine, own.tree(), kubernetes),
        (tree, values) -> {
          model.put("machine", values);
          return new Configuration(machine, templates, model, settler, time())
              .applyTo(tree, own.unconfigured());
        });
  }

  private FileTree withBinaries(Role role, FileTree settled, KubernetesBinaries kubernetes) {
    FileTree.Builder tree = settled.toBuilder();
    Provenance provenance = Provenance.ofKubernetes(kubernetes.version().toString());
    for (String name : role.kubernetes().binaries()) {
      Content content = kubernetes.binaries().get(name);
      if (content == null) {
        throw new IllegalStateException("the parser let an unknown binary pass: " + name);
      }
      tree.put(BINARIES.child(name), new RegularFile(Meta.root(0755, time(), provenance), content));
    }
    return tree.freeze();
  }

  /** The predefined keys of the OCI image-spec (annotations.md), and hardbake's own. */
  private SortedMap<String, String> annotations(Role role, KubernetesBinaries kubernetes) {
    SortedMap<String, String> annotations = new TreeMap<>();
    annotations.put("org.opencontainers.image.title", "hardbake " + role.name());
    annotations.put("org.opencontainers.image.description", role.description());
    annotations.put("org.opencontainers.image.version", kubernetes.version().toString());
    annotations.put("org.opencontainers.image.created", lock.date().toString());
    annotations.put("io.hardbake.kubernetes.version", kubernetes.version().toString());
    annotations.put("io.hardbake.kubernetes.source", kubernetes.source().toString());
    annotations.put("io.hardbake.kubernetes.origin", kubernetes.origin());
    annotations.put("io.hardbake.debian.suite", role.debian().suite());
    annotations.put("io.hardbake.lock", "sha256:" + lock.inputs());
    return annotations;
  }

  private LockedRecipe locked(Recipe recipe) {
    Lock.ArchitectureLock part = lock.architectures().get(architecture);
    LockedRecipe locked = part == null ? null : part.recipes().get(recipe.name());
    if (locked == null) {
      throw new IllegalStateException("a fresh lock without " + recipe.name());
    }
    return locked;
  }

  private UnpackedPackage unpacked(String name) {
    UnpackedPackage unpacked = packages.get(name);
    if (unpacked == null) {
      throw new IllegalStateException(name + " was not unpacked");
    }
    return unpacked;
  }

  private long time() {
    return lock.date().getEpochSecond();
  }
}
