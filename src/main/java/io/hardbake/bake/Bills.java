package io.hardbake.bake;

import static java.util.Objects.requireNonNull;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.debian.unpack.UnpackedPackage.Member;
import io.hardbake.image.Image;
import io.hardbake.image.Machine;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.lock.Lock;
import io.hardbake.lock.Lock.ArchitectureLock;
import io.hardbake.lock.LockedFile;
import io.hardbake.lock.LockedPackage;
import io.hardbake.recipe.Role;
import io.hardbake.sbom.Bill;
import io.hardbake.sbom.DebianPart;
import io.hardbake.sbom.DebianPart.State;
import io.hardbake.sbom.KubernetesPart;
import io.hardbake.settle.Settled;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes the bills of what was assembled for one architecture. */
final class Bills {
  private static final AbsolutePath OS_RELEASE = AbsolutePath.of("/usr/lib/os-release");
  private static final AbsolutePath DOCUMENTATION = AbsolutePath.of("/usr/share/doc");

  private final Lock lock;
  private final Map<String, Role> roles;
  private final SortedMap<String, UnpackedPackage> packages;
  private final Map<String, Settled> settled;
  private final KubernetesBinaries kubernetes;

  /**
   * What all bills have in common.
   *
   * @param packages all that are unpacked, by name
   * @param settled every recipe, settled, by its name
   */
  Bills(
      Lock lock,
      List<Role> roles,
      SortedMap<String, UnpackedPackage> packages,
      Map<String, Settled> settled,
      KubernetesBinaries kubernetes) {
    this.lock = lock;
    this.roles = roles.stream().collect(Collectors.toMap(Role::name, role -> role));
    this.packages = packages;
    this.settled = settled;
    this.kubernetes = kubernetes;
  }

  Bill ofImage(Image image) throws IOException {
    Role role = role(image);
    return new Making(image, role, image.tree()).make(Bill.Kind.IMAGE, names(image, role.name()));
  }

  Bill ofDisk(Image image, Machine machine) throws IOException {
    return ofMachine(image, machine, Bill.Kind.DISK);
  }

  Bill ofBox(Image image, Machine box) throws IOException {
    return ofMachine(image, box, Bill.Kind.BOX);
  }

  /** A box's own recipe brings no packages, so it has those of the machine. */
  private Bill ofMachine(Image image, Machine machine, Bill.Kind kind) throws IOException {
    Role asMachine = role(image).machine().orElseThrow();
    SortedSet<String> names = new TreeSet<>(names(image, asMachine.name()));
    names.addAll(BootInputs.names(image.architecture()));
    return new Making(image, asMachine, machine.tree()).make(kind, names);
  }

  private Role role(Image image) {
    return requireNonNull(roles.get(image.role()));
  }

  private SortedSet<String> names(Image image, String recipe) {
    return requireNonNull(part(image).recipes().get(recipe)).packages();
  }

  private ArchitectureLock part(Image image) {
    return requireNonNull(lock.architectures().get(image.architecture()));
  }

  /** The bill of one tree. */
  private final class Making {
    private final Image image;
    private final Role role;
    private final FileTree tree;
    private final SortedSet<String> inImage;
    private final SortedSet<String> installed;
    private final Set<String> unconfigured;

    Making(Image image, Role role, FileTree tree) {
      this.image = image;
      this.role = role;
      this.tree = tree;
      this.inImage = names(image, image.role());
      this.installed = names(image, role.name());
      this.unconfigured =
          requireNonNull(settled.get(role.name())).unconfigured().stream()
              .map(Unconfigured::packageName)
              .collect(Collectors.toSet());
    }

    Bill make(Bill.Kind kind, SortedSet<String> names) throws IOException {
      List<DebianPart> parts = new ArrayList<>();
      for (String name : names) {
        parts.add(debian(requireNonNull(part(image).packages().get(name))));
      }
      List<KubernetesPart> programs =
          role.kubernetes().binaries().stream().map(this::program).toList();
      return new Bill(
          new Bill.Subject(
              image.role(),
              kind,
              image.architecture(),
              kubernetes.version().toString(),
              lock.inputs(),
              image.created(),
              ToolVersion.text()),
          distribution(),
          parts,
          programs);
    }

    private DebianPart debian(LockedPackage locked) {
      UnpackedPackage unpacked = requireNonNull(packages.get(locked.name()));
      LockedFile file = locked.file();
      String[] source = unpacked.control().get("Source").orElse(locked.name()).split(" ", 2);
      String version =
          source.length > 1 ? source[1].replaceAll("[()]", "").strip() : locked.version();
      return new DebianPart(
          locked.name(),
          locked.version(),
          unpacked.architecture(),
          new DebianPart.Origin(source[0], version, file.archive(), file.path()),
          file.sha256(),
          copyright(unpacked),
          state(locked.name()),
          formats(inImage.contains(locked.name())));
    }

    private State state(String name) {
      if (!installed.contains(name)) {
        return State.EMBEDDED;
      }
      return unconfigured.contains(name) ? State.UNPACKED : State.INSTALLED;
    }

    private KubernetesPart program(String name) {
      Content program = requireNonNull(kubernetes.binaries().get(name));
      return new KubernetesPart(
          name,
          kubernetes.version().toString(),
          program.sha256(),
          kubernetes.source().toString(),
          kubernetes.origin(),
          kubernetes.inputs(),
          formats(true));
    }

    /** In which of the role's files something is, whichever of them are baked this time. */
    private SortedSet<String> formats(boolean inContainers) {
      SortedSet<String> formats = new TreeSet<>();
      Role whole = role(image);
      for (Format format : Format.values()) {
        if (Outputs.isPossible(format, whole, image.architecture())
            && (inContainers || format.isMachine())) {
          formats.add(format.toString());
        }
      }
      return formats;
    }

    /**
     * What the tree has, else what the package brought: an embedded one has nothing in the tree.
     */
    private Optional<Content> copyright(UnpackedPackage unpacked) {
      AbsolutePath path = DOCUMENTATION.child(unpacked.name()).child("copyright");
      Optional<RegularFile> inTree = tree.file(path);
      if (inTree.isPresent()) {
        return inTree.map(RegularFile::content);
      }
      for (Member member : unpacked.members()) {
        if (member.path().equals(path) && member.entry() instanceof RegularFile file) {
          return Optional.of(file.content());
        }
      }
      return Optional.empty();
    }

    /** As os-release(5) has it; the codename stands in for a version that is not there. */
    private Bill.Distribution distribution() throws IOException {
      Optional<RegularFile> file = tree.file(OS_RELEASE);
      String text = file.isPresent() ? file.get().content().text() : "";
      return new Bill.Distribution(
          value(text, "ID").orElse("debian"),
          value(text, "VERSION_ID").orElse(role.debian().suite()));
    }

    private static Optional<String> value(String osRelease, String name) {
      return osRelease
          .lines()
          .filter(line -> line.startsWith(name + "="))
          .map(line -> line.substring(name.length() + 1).replace("\"", ""))
          .filter(value -> !value.isBlank())
          .findFirst();
    }
  }
}
