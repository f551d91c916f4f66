package io.hardbake.bake;

import io.hardbake.disk.Volume;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.grub.CoreCache;
import io.hardbake.disk.machine.MachineDisk;
import io.hardbake.disk.qcow2.Qcow2;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import io.hardbake.fetch.Store;
import io.hardbake.image.Architecture;
import io.hardbake.image.Artifact;
import io.hardbake.image.Hardware;
import io.hardbake.image.Image;
import io.hardbake.image.Ledger;
import io.hardbake.image.Machine;
import io.hardbake.image.Manifest;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.oci.OciArchive;
import io.hardbake.progress.Progress;
import io.hardbake.recipe.Role;
import io.hardbake.sbom.Bill;
import io.hardbake.sbom.Sbom;
import io.hardbake.tree.FileTree;
import io.hardbake.vagrant.Box;
import io.hardbake.vagrant.BoxSettings;
import io.hardbake.vagrant.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes images in the formats that were asked for, under the names that the contract gives.
 *
 * <p>The work comes in pieces, so that it can be done side by side: what shares a plan is one
 * piece. Within a piece the compression uses all threads by itself.
 */
final class Outputs {
  private final BakeOptions options;
  private final Store store;
  private final Bills bills;
  private final Ledger ledger;
  private final Progress progress;

  Outputs(BakeOptions options, Store store, Bills bills, Progress progress) {
    this.options = options;
    this.store = store;
    this.bills = bills;
    this.ledger = new StoreLedger(store);
    this.progress = progress;
  }

  /**
   * What a piece of work left.
   *
   * @param image of which it is
   * @param kind of what of the image
   * @param boxes those among the artifacts, for the catalog
   * @param description what tells of it, from the one piece of the kind that makes it
   */
  record Written(
      Image image,
      Bill.Kind kind,
      List<Artifact> artifacts,
      List<Box> boxes,
      Optional<Description> description) {
    Written {
      artifacts = List.copyOf(artifacts);
      boxes = List.copyOf(boxes);
    }

    private static Written of(Image image, Bill.Kind kind, Artifact artifact) {
      return new Written(image, kind, List.of(artifact), List.of(), Optional.empty());
    }
  }

  /** What is in a file system: its bill, and the manifest and the SBOM that were written. */
  record Description(Bill bill, Artifact manifest, Artifact sbom) {}

  /** A piece of work. */
  @FunctionalInterface
  interface Piece {
    Written write() throws BakeException, IOException, InterruptedException;
  }

  /**
   * The work on images; what has no machine has no disk. Documents come last: the first bake with a
   * lock has a library to start for them, which is done beside the others' compression.
   */
  List<Piece> pieces(List<Image> images) {
    List<Piece> pieces = new ArrayList<>();
    List<Piece> documents = new ArrayList<>();
    if (options.formats().contains(Format.OCI)) {
      for (Image image : images) {
        pieces.add(() -> archive(image));
        documents.add(
            () ->
                documents(
                    image,
                    Bill.Kind.IMAGE,
                    image.tree().with(image.containerLayer()),
                    bills.ofImage(image)));
      }
    }
    for (Image image : options.formats().contains(Format.QCOW2) ? images : List.<Image>of()) {
      image
          .machine()
          .ifPresent(
              machine -> {
                pieces.add(() -> disk(image, machine));
                documents.add(
                    () ->
                        documents(
                            image, Bill.Kind.DISK, machine.tree(), bills.ofDisk(image, machine)));
              });
    }
    for (Image image : images) {
      image
          .box()
          .filter(box -> !providers(image.architecture()).isEmpty())
          .ifPresent(
              box -> {
                pieces.add(() -> boxes(image, box));
                documents.add(
                    () -> documents(image, Bill.Kind.BOX, box.tree(), bills.ofBox(image, box)));
              });
    }
    pieces.addAll(documents);
    return pieces;
  }

  /** Those of the formats asked for that there are of a role for an architecture. */
  static Set<Format> formats(BakeOptions options, Role role, Architecture architecture) {
    Set<Format> formats = EnumSet.noneOf(Format.class);
    for (Format format : options.formats()) {
      if (isPossible(format, role, architecture)) {
        formats.add(format);
      }
    }
    return formats;
  }

  /** Whether there is such a file of a role for an architecture. */
  static boolean isPossible(Format format, Role role, Architecture architecture) {
    return switch (format) {
      case OCI -> true;
      case QCOW2 -> role.machine().isPresent();
      case LIBVIRT, VIRTUALBOX ->
          role.box().isPresent() && provider(format, architecture).isPresent();
    };
  }

  /**
   * Makes sure that a bake does not end well with nothing made of a role for an architecture.
   *
   * @throws UsageException if none of the formats asked for can be had
   */
  static void requireAny(BakeOptions options, Role role, Architecture architecture)
      throws UsageException {
    if (!formats(options, role, architecture).isEmpty()) {
      return;
    }
    if (role.machine().isEmpty()) {
      throw new UsageException(
          role.name() + " has no machine, so no disk can be made of it",
          "add --format oci, or name what disks have on top: `machine: machine` in its recipe");
    }
    if (role.box().isEmpty()) {
      throw new UsageException(
          role.name() + " has no box, so none can be made of it",
          "add --format oci or qcow2, or name what boxes have on top: `box: box` in its recipe");
    }
    throw new UsageException(
        "a box for VirtualBox cannot be made for " + architecture,
        "leave %s out of --arch, or add --format libvirt, qcow2 or oci".formatted(architecture));
  }

  /**
   * Makes sure that a role's catalog can say which Kubernetes is in its boxes: it names one.
   *
   * @param kubernetes of the architectures for which there are boxes of the role
   * @throws UnreachableException if they differ, since not all could be had from the same source
   */
  static void requireOneKubernetes(String role, List<KubernetesBinaries> kubernetes)
      throws UnreachableException {
    if (kubernetes.stream().map(KubernetesBinaries::version).distinct().count() > 1) {
      throw new UnreachableException(
          "the boxes of %s have one catalog, and would have Kubernetes %s"
              .formatted(
                  role,
                  kubernetes.stream()
                      .map(each -> each.version() + " for " + each.architecture())
                      .collect(Collectors.joining(", "))),
          "add --kubernetes debian-source, or --kubernetes release where it can be had for all; or"
              + " bake for one architecture with --arch");
    }
  }

  /**
   * The files that a bake writes of a role: artifacts, each with its statement, and what tells what
   * is in them. Without signatures, catalog and report.
   */
  static List<Path> files(BakeOptions options, Role role, Architecture architecture) {
    List<Path> artifacts = new ArrayList<>();
    Set<Bill.Kind> kinds = EnumSet.noneOf(Bill.Kind.class);
    String stem = role.name() + "-" + architecture;
    for (Format format : formats(options, role, architecture)) {
      switch (format) {
        case OCI -> {
          artifacts.add(options.output("images").resolve(stem + ".oci.tar"));
          kinds.add(Bill.Kind.IMAGE);
        }
        case QCOW2 -> {
          artifacts.add(options.output("disks").resolve(stem + ".qcow2"));
          kinds.add(Bill.Kind.DISK);
        }
        case LIBVIRT, VIRTUALBOX -> {
          artifacts.add(options.output("boxes").resolve(stem + "-" + format + ".box"));
          kinds.add(Bill.Kind.BOX);
        }
      }
    }
    List<Path> files = new ArrayList<>();
    for (Path artifact : artifacts) {
      files.add(artifact);
      files.add(Statements.beside(artifact));
    }
    for (Bill.Kind kind : kinds) {
      files.add(manifest(options, stem + kind.suffix()));
      files.add(sbom(options, stem + kind.suffix()));
    }
    return files;
  }

  private static Path manifest(BakeOptions options, String stem) {
    return options.output("manifests").resolve(stem + ".txt");
  }

  private static Path sbom(BakeOptions options, String stem) {
    return options.output("sbom").resolve(stem + ".cdx.json");
  }

  /** What the pieces of one image left, in their order. */
  static List<Written> of(List<Written> written, Image image) {
    return written.stream().filter(each -> each.image().equals(image)).toList();
  }

  /** The artifacts among what was written. */
  static List<Artifact> artifacts(List<Written> written) {
    return written.stream().flatMap(each -> each.artifacts().stream()).toList();
  }

  /** The manifests and SBOMs among what was written. */
  static List<Artifact> documents(List<Written> written) {
    return written.stream()
        .flatMap(each -> each.description().stream())
        .flatMap(each -> Stream.of(each.manifest(), each.sbom()))
        .toList();
  }

  private Written archive(Image image) throws BakeException, IOException, InterruptedException {
    OciArchive archive =
        new OciArchive(
            (kind, key, filler) -> store.derived(kind, key, filler::fill),
            ledger,
            progress,
            options.jobs());
    Artifact artifact = archive.emit(image, options.output("images"));
    return Written.of(image, Bill.Kind.IMAGE, artifact);
  }

  private Written disk(Image image, Machine machine)
      throws BakeException, IOException, InterruptedException {
    Volume disk = plan(image, machine);
    Path file = options.output("disks").resolve(image.fileStem() + ".qcow2");
    Artifact artifact = Qcow2.write(disk, options.qcow2Compression(), packer(), file, ledger);
    return Written.of(image, Bill.Kind.DISK, artifact);
  }

  private Written boxes(Image image, Machine machine)
      throws BakeException, IOException, InterruptedException {
    Hardware hardware = machine.hardware();
    BoxSettings settings =
        new BoxSettings(
            image.role(),
            image.architecture(),
            Math.toIntExact(hardware.memory().blocks(1 << 20)),
            hardware.processors(),
            image.created(),
            image.annotations());
    Volume disk = plan(image, machine);
    List<Box> boxes = new ArrayList<>();
    for (Provider provider : providers(image.architecture())) {
      boxes.add(
          Box.plan(settings, provider, disk, options.qcow2Compression(), packer())
              .write(options.output("boxes"), ledger, progress));
    }
    List<Artifact> files = boxes.stream().map(Box::file).toList();
    return new Written(image, Bill.Kind.BOX, files, boxes, Optional.empty());
  }

  private Volume plan(Image image, Machine machine)
      throws BakeException, IOException, InterruptedException {
    return MachineDisk.plan(image, machine, machine.hardware().disk(), this::core);
  }

  private byte[] core(String key, CoreCache.Maker maker)
      throws BakeException, IOException, InterruptedException {
    if (!store.isWritable() && store.known("grub", key).isEmpty()) {
      return maker.make();
    }
    return Files.readAllBytes(store.derived("grub", key, out -> out.write(maker.make())));
  }

  /** Those for which boxes are asked for and can be made. */
  private List<Provider> providers(Architecture architecture) {
    return options.formats().stream()
        .sorted()
        .flatMap(format -> provider(format, architecture).stream())
        .toList();
  }

  private static Optional<Provider> provider(Format format, Architecture architecture) {
    return switch (format) {
      case OCI, QCOW2 -> Optional.empty();
      case LIBVIRT -> Optional.of(Provider.LIBVIRT);
      case VIRTUALBOX ->
          architecture == Architecture.AMD64 ? Optional.of(Provider.VIRTUALBOX) : Optional.empty();
    };
  }

  private ClusterPacker packer() {
    return new ClusterPacker(
        (kind, key, filler) -> store.derived(kind, key, filler::fill), progress, options.jobs());
  }

  /**
   * Writes the manifest of a tree and its SBOM, which is kept for the next bake of an equal bill.
   */
  private Written documents(Image image, Bill.Kind kind, FileTree tree, Bill bill)
      throws BakeException, IOException, InterruptedException {
    String stem = image.fileStem() + kind.suffix();
    Artifact manifest = Documents.write(manifest(options, stem), Manifest.of(tree)::write);
    Path made = store.derived("sbom", bill.identity().hex(), out -> Sbom.write(bill, out));
    Artifact sbom = Documents.write(sbom(options, stem), out -> Files.copy(made, out));
    Description description = new Description(bill, manifest, sbom);
    return new Written(image, kind, List.of(), List.of(), Optional.of(description));
  }
}
