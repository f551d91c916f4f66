package io.hardbake.verify;

import io.hardbake.artifact.Artifacts;
import io.hardbake.artifact.InstalledPackage;
import io.hardbake.artifact.Kind;
import io.hardbake.artifact.ManifestFile;
import io.hardbake.artifact.Reading;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.hygiene.Allowed;
import io.hardbake.hygiene.Hygiene;
import io.hardbake.hygiene.Rule;
import io.hardbake.hygiene.Subject;
import io.hardbake.hygiene.Subject.Hidden;
import io.hardbake.hygiene.Subject.Installed;
import io.hardbake.image.Finding;
import io.hardbake.image.Manifest;
import io.hardbake.io.Size;
import io.hardbake.oci.ArchiveFrame;
import io.hardbake.oci.ImageLayer;
import io.hardbake.progress.Progress;
import io.hardbake.tree.Entry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Images, disks and boxes: damage, then manifest and SBOM, then hygiene. */
final class Images {
  private final Verifier.Wishes wishes;
  private final Progress progress;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> checked = new ArrayList<>();
  private final List<String> unchecked = new ArrayList<>();

  private Images(Verifier.Wishes wishes, Progress progress) {
    this.wishes = wishes;
    this.progress = progress;
  }

  static Verification check(
      Path file, Neighbours neighbours, Verifier.Wishes wishes, Progress progress)
      throws IOException, BakeException, InterruptedException {
    try (Reading reading = Artifacts.read(file, progress)) {
      return checkWhatIsRead(reading, file, neighbours, wishes, progress);
    }
  }

  /** What comes up only when bodies are opened is damage too, and not this machine's fault. */
  private static Verification checkWhatIsRead(
      Reading reading, Path file, Neighbours neighbours, Verifier.Wishes wishes, Progress progress)
      throws IOException, BakeException, InterruptedException {
    try {
      return new Images(wishes, progress).check(reading, neighbours);
    } catch (FileSystemException | ClosedByInterruptException | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new IntegrityException(
          file + " cannot be read to its end: " + e.getMessage(), Check.V01.remedy(), e);
    }
  }

  private Verification check(Reading reading, Neighbours neighbours)
      throws IOException, BakeException, InterruptedException {
    reading.findings().forEach(damage -> findings.add(Check.of(damage)));
    if (reading.kind() == Kind.OCI) {
      ArchiveFrame.check(reading.file()).forEach(damage -> findings.add(Check.of(damage)));
    }
    Optional<Path> manifestFile = wishes.manifest().or(() -> ManifestFile.beside(reading));
    Optional<Path> sbomFile = wishes.sbom().or(() -> neighbours.sbom(reading));
    Optional<Manifest> manifest = manifest(reading, manifestFile);
    SortedMap<String, InstalledPackage> packages = packages(reading);
    sbom(reading, sbomFile, packages);
    hygiene(reading, byName(packages.values()), manifest);
    return new Verification(reading.kind().toString(), findings, checked, unchecked);
  }

  private Optional<Manifest> manifest(Reading reading, Optional<Path> file)
      throws IOException, IntegrityException {
    checked.add(Verification.count(reading.root().entries().size(), "path"));
    if (file.isEmpty()) {
      unchecked.add("manifest and provenance: no manifest beside it, see --manifest");
      return Optional.empty();
    }
    byte[] text = Json.bytes(file.get());
    Manifest manifest;
    try {
      manifest = Manifest.parse(text);
    } catch (IOException e) {
      throw new IntegrityException(
          file.get() + " is no manifest: " + e.getMessage(), Check.V09.remedy(), e);
    }
    findings.addAll(ManifestComparison.compare(reading.root(), manifest));
    checked.add("manifest");
    return Optional.of(manifest);
  }

  private SortedMap<String, InstalledPackage> packages(Reading reading) throws IOException {
    try {
      SortedMap<String, InstalledPackage> packages = InstalledPackage.in(reading.root());
      checked.add(Verification.count(packages.size(), "package"));
      return packages;
    } catch (IntegrityException e) {
      findings.add(
          Check.V01.finding(InstalledPackage.STATUS.value(), String.valueOf(e.getMessage())));
      return new TreeMap<>();
    }
  }

  /** As the rules ask for packages: by name alone. */
  static SortedMap<String, Installed> byName(Collection<InstalledPackage> packages) {
    SortedMap<String, Installed> byName = new TreeMap<>();
    for (InstalledPackage each : packages) {
      // Of several architectures, one that waits for first boot speaks for all.
      byName.merge(
          each.name(),
          new Installed(each.version(), each.isConfigured()),
          (one, other) -> one.configured() ? other : one);
    }
    return byName;
  }

  private void sbom(
      Reading reading, Optional<Path> file, SortedMap<String, InstalledPackage> packages)
      throws IOException, IntegrityException {
    if (file.isEmpty()) {
      unchecked.add("SBOM: none beside it, see --sbom");
      return;
    }
    SbomDocument sbom = new SbomDocument(Json.read(file.get()));
    findings.addAll(sbom.check());
    findings.addAll(sbom.compare(reading.root(), packages));
    checked.add("SBOM");
  }

  private void hygiene(
      Reading reading, SortedMap<String, Installed> packages, Optional<Manifest> manifest)
      throws IOException, InterruptedException {
    boolean box = reading.kind() == Kind.LIBVIRT_BOX || reading.kind() == Kind.VIRTUALBOX_BOX;
    Allowed allowed = wishes.allowed();
    Subject subject = new Subject(reading.root(), hidden(reading), packages, box, manifest);
    Progress.Task task = progress.begin("looking for secrets", Size.ZERO);
    try {
      findings.addAll(Hygiene.check(subject, allowed, wishes.jobs()));
    } finally {
      task.close();
    }
    checked.add(Verification.count(Rule.values().length, "rule"));
  }

  /** What is in the file, and not in the root: lower layers' files, and the EFI partition's. */
  private static List<Hidden> hidden(Reading reading) {
    List<Hidden> hidden = new ArrayList<>();
    for (ImageLayer layer : reading.layers()) {
      layer
          .content()
          .entries()
          .forEach(
              (path, entry) -> {
                Optional<Entry> shown = reading.root().get(path);
                if (shown.isEmpty() || !shown.get().sameAs(entry)) {
                  hidden.add(new Hidden("layer " + layer.name(), path, entry));
                }
              });
    }
    reading
        .efi()
        .ifPresent(
            efi ->
                efi.entries()
                    .forEach(
                        (path, entry) ->
                            hidden.add(new Hidden("the EFI system partition", path, entry))));
    return hidden;
  }
}
