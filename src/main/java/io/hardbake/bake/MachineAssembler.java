package io.hardbake.bake;

import io.hardbake.disk.kernel.KernelModules;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.fetch.Store;
import io.hardbake.image.BootSpec;
import io.hardbake.image.Image;
import io.hardbake.image.Machine;
import io.hardbake.io.Sha256;
import io.hardbake.lock.Lock;
import io.hardbake.recipe.Role;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes machines of images: the kernel's module indexes and its first initramfs, and the identities
 * by which boot loader, kernel and fstab find each other.
 */
final class MachineAssembler {
  private static final AbsolutePath BOOT = AbsolutePath.of("/boot");
  private static final String IMAGE = "vmlinuz-";

  /** A FAT label: 11 characters. */
  private static final String EFI_LABEL = "EFI-SYSTEM";

  private final Lock lock;
  private final BootInputs inputs;
  private final KernelFiles.Shared kernelFiles;

  MachineAssembler(Lock lock, BootInputs inputs, Store store) {
    this.lock = lock;
    this.inputs = inputs;
    this.kernelFiles = new KernelFiles.Shared(inputs.busybox(), store);
  }

  /**
   * The machine of an image.
   *
   * @param below whose layers it shares: those of the machine that a box builds on
   * @param machine the role as a machine
   * @param packages of that role, settled
   * @param configure puts the machine's own files on top, once their values are known
   */
  Machine assemble(
      Image image, Optional<Machine> below, Role machine, FileTree packages, Configure configure)
      throws BakeException, IOException, InterruptedException {
    String release = release(packages, machine);
    BootSpec boot = new BootSpec(rootFileSystem(image), EFI_LABEL, inputs.files());
    FileTree configured = configure.apply(packages, values(machine, boot));
    FileTree tree = withKernelFiles(configured, release);
    List<Layer> layers = new ArrayList<>();
    below.ifPresent(other -> layers.addAll(other.layers()));
    FileTree lower = below.map(Machine::tree).orElse(image.tree());
    layers.add(tree.minus(lower, machine.name()));
    return new Machine(layers, tree, boot, machine.hardware());
  }

  /** Applies the configuration of a machine with these values for its templates. */
  @FunctionalInterface
  interface Configure {
    FileTree apply(FileTree packages, Map<String, Object> values)
        throws BakeException, IOException, InterruptedException;
  }

  /** What templates know as {@code machine}. */
  private static Map<String, Object> values(Role machine, BootSpec boot) {
    return Role.ordered(
        Map.of(
            "rootFileSystem", boot.rootFileSystem().toString(),
            "efiLabel", boot.efiLabel(),
            "commandLine", String.join(" ", machine.kernelCommandLine())));
  }

  private static String release(FileTree packages, Role machine) throws RecipeException {
    List<String> releases =
        packages.children(BOOT).keySet().stream()
            .map(AbsolutePath::name)
            .filter(name -> name.startsWith(IMAGE))
            .map(name -> name.substring(IMAGE.length()))
            .toList();
    if (releases.size() != 1) {
      throw new RecipeException(
          "%s: a machine has one kernel, but the packages bring %s"
              .formatted(machine.recipe().at(), releases.isEmpty() ? "none" : releases),
          "name one kernel under boot.kernel, and none under packages:");
    }
    return releases.get(0);
  }

  /** The UUID stays when templates change: it says which machine a disk is, not which version. */
  private UUID rootFileSystem(Image image) {
    String text = "%s %s %s".formatted(image.fileStem(), lock.inputs(), lock.date());
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).uuid();
  }

  private FileTree withKernelFiles(FileTree configured, String release)
      throws BakeException, IOException, InterruptedException {
    KernelFiles made = kernelFiles.of(configured, release);
    FileTree.Builder tree = configured.toBuilder();
    long time = lock.date().getEpochSecond();
    AbsolutePath modules = KernelModules.directory(release);
    Meta meta = Meta.root(0644, time, Provenance.ofSettle("depmod"));
    made.indexes()
        .forEach((name, content) -> tree.put(modules.child(name), new RegularFile(meta, content)));
    tree.put(
        BOOT.child("initrd.img-" + release),
        new RegularFile(meta.withProvenance(Provenance.ofSettle("initramfs")), made.initramfs()));
    return tree.freeze();
  }
}
