package io.hardbake.bake;

import static java.util.Objects.requireNonNull;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.failure.BakeException;
import io.hardbake.fetch.Store;
import io.hardbake.image.Architecture;
import io.hardbake.image.Image;
import io.hardbake.image.Machine;
import io.hardbake.io.Pools;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.lock.Lock;
import io.hardbake.lock.LockedPackage;
import io.hardbake.recipe.Recipe;
import io.hardbake.recipe.Role;
import io.hardbake.settle.Settled;
import io.hardbake.template.Templates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;

/** Makes the images of the roles that were asked for, in memory, from packages that are fetched. */
final class Assembly {
  private final BakeOptions options;
  private final List<Role> roles;
  private final Store store;
  private final PackageSupply supply;
  private final Templates templates;

  Assembly(
      BakeOptions options,
      List<Role> roles,
      Store store,
      PackageSupply supply,
      Templates templates) {
    this.options = options;
    this.roles = roles;
    this.store = store;
    this.supply = supply;
    this.templates = templates;
  }

  /** What is known of an architecture's images before any is written. */
  record Assembled(
      KubernetesBinaries kubernetes,
      Map<String, Settled> settled,
      List<Image> images,
      Bills bills) {}

  /** The packages of the roles asked for, by name, and those of their machines. */
  List<LockedPackage> packages(Lock lock, Architecture architecture) {
    List<LockedPackage> all = new ArrayList<>(Plan.packages(lock, roles, architecture));
    if (options.machines()) {
      all.addAll(Plan.machinePackages(lock, roles, architecture));
    }
    return all;
  }

  /**
   * Settling does not need Kubernetes, so it does not wait for a build or a slow release host.
   *
   * @param kubernetes of all architectures, this one among them, once it is there
   */
  Assembled assemble(
      Architecture architecture,
      Lock lock,
      Future<SortedMap<Architecture, KubernetesBinaries>> kubernetes,
      Workers workers,
      Stopwatch watch)
      throws BakeException, IOException, InterruptedException {
    SortedMap<String, UnpackedPackage> unpacked =
        watch.time("unpacking", () -> supply.unpack(packages(lock, architecture), workers));
    ImageAssembler assembler = new ImageAssembler(architecture, lock, unpacked, templates);
    Map<String, Settled> settled = watch.time("settling", () -> settle(assembler, workers));
    KubernetesBinaries binaries = requireNonNull(Pools.outcome(kubernetes).get(architecture));
    List<Image> images =
        watch.time(
            "assembling",
            () -> workers.map(roles, (role, i) -> assembler.assemble(role, settled, binaries)));
    Bills bills = new Bills(lock, roles, unpacked, settled, binaries);
    if (!options.machines() || roles.stream().allMatch(role -> role.machine().isEmpty())) {
      return new Assembled(binaries, settled, images, bills);
    }
    MachineAssembler machines =
        new MachineAssembler(lock, new BootInputs(unpacked, architecture), store);
    List<Image> withMachines =
        watch.time(
            "assembling machines",
            () ->
                workers.map(
                    roles,
                    (role, i) ->
                        withMachine(images.get(i), role, settled, binaries, assembler, machines)));
    return new Assembled(binaries, settled, withMachines, bills);
  }

  private Image withMachine(
      Image image,
      Role role,
      Map<String, Settled> settled,
      KubernetesBinaries binaries,
      ImageAssembler assembler,
      MachineAssembler machines)
      throws BakeException, IOException, InterruptedException {
    Optional<Role> asMachine = role.machine();
    if (asMachine.isEmpty()) {
      return image;
    }
    Machine machine =
        assembler.assembleMachine(
            image, Optional.empty(), asMachine.get(), settled, binaries, machines);
    Optional<Role> asBox = options.boxes() ? role.box() : Optional.empty();
    if (asBox.isEmpty()) {
      return image.with(machine, Optional.empty());
    }
    Machine box =
        assembler.assembleMachine(
            image, Optional.of(machine), asBox.get(), settled, binaries, machines);
    return image.with(machine, Optional.of(box));
  }

  /** Chains of recipes that have the same packages. */
  private record Work(Recipe lockedAs, SortedMap<String, List<Recipe>> chains) {}

  /** Settles every recipe of the roles' chains, by its name, side by side. */
  private Map<String, Settled> settle(ImageAssembler assembler, Workers workers)
      throws BakeException, IOException, InterruptedException {
    SortedMap<String, Work> works = new TreeMap<>();
    for (Role role : roles) {
      Role whole = options.machines() ? role.machine().orElse(role) : role;
      for (int depth = 1; depth <= whole.chain().size(); depth++) {
        List<Recipe> chain = whole.chain().subList(0, depth);
        add(chain, chain.get(depth - 1), works);
      }
      if (options.boxes()) {
        role.box().ifPresent(box -> add(box.chain(), whole.recipe(), works));
      }
    }
    List<Map<String, Settled>> results =
        workers.map(
            List.copyOf(works.values()),
            (work, i) -> {
              Map<String, Settled> byName = new HashMap<>();
              List<List<Recipe>> chains = List.copyOf(work.chains().values());
              Iterator<Settled> settled = assembler.settle(chains, work.lockedAs()).iterator();
              work.chains().keySet().forEach(name -> byName.put(name, settled.next()));
              return byName;
            });
    Map<String, Settled> settled = new HashMap<>();
    results.forEach(settled::putAll);
    return settled;
  }

  private static void add(List<Recipe> chain, Recipe lockedAs, Map<String, Work> works) {
    works
        .computeIfAbsent(lockedAs.name(), name -> new Work(lockedAs, new TreeMap<>()))
        .chains()
        .put(chain.get(chain.size() - 1).name(), chain);
  }
}
