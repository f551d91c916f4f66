package io.hardbake.artifact;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskImage;
import io.hardbake.disk.OversizedDiskException;
import io.hardbake.disk.machine.DiskFile;
import io.hardbake.disk.machine.DiskReading;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UsageException;
import io.hardbake.image.Finding;
import io.hardbake.io.Size;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.io.tar.TarIndex;
import io.hardbake.oci.ImageReading;
import io.hardbake.progress.Progress;
import io.hardbake.vagrant.BoxReading;
import io.hardbake.vagrant.Provider;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads outputs, of whatever kind. */
public final class Artifacts {
  private static final String REMEDY = "bake it again, or copy it anew";

  private Artifacts() {}

  /**
   * Reads an output whole. Bodies of an image's layers are kept, unpacked, in the directory for
   * temporary files until the reading is closed; nothing is left there however the process ends.
   *
   * @throws UsageException if the file is no output of hardbake
   * @throws IntegrityException if it is one, too damaged to be read
   * @throws HostException if it may not be read, takes more memory than Java has, or needs a
   *     decompressor that cannot run on this machine
   */
  public static Reading read(Path file, Progress progress)
      throws BakeException, IOException, InterruptedException {
    requireFile(file);
    Beginning beginning = Beginning.of(file);
    try {
      return switch (beginning.form()) {
        case TAR -> tar(file, TarIndex.of(file), progress);
        case DISK -> disk(file, progress);
        case UNKNOWN -> throw unknown(file, beginning);
      };
    } catch (MalformedArchiveException | DamagedDiskException e) {
      throw new IntegrityException(file + " is damaged: " + e.getMessage(), REMEDY, e);
    } catch (OversizedDiskException e) {
      throw new HostException(
          file + " cannot be read with the memory that Java has: " + e.getMessage(),
          "set HARDBAKE_JAVA_OPTS=-Xmx%dg, and try again".formatted(moreMemory()),
          e);
    }
  }

  /** Twice what there is, in whole GiB. */
  private static long moreMemory() {
    return 2 * new Size(Runtime.getRuntime().maxMemory()).blocks(1 << 30);
  }

  /**
   * Refuses what is no output's file, before anything of it is read: else the file would get the
   * blame for a name that is wrong, or for a right that is missing.
   *
   * @throws UsageException if there is no such file
   * @throws HostException if it may not be read
   */
  public static void requireFile(Path file) throws HostException, UsageException {
    String remedy = "name a file that a bake wrote, such as one in target";
    requireReadable(file, remedy);
    if (!Files.isRegularFile(file)) {
      throw new UsageException(file + " is no regular file", remedy);
    }
  }

  /**
   * The same for a file that goes with an output, such as its manifest, which may be a pipe too.
   *
   * @param remedy where the name is wrong
   */
  public static void requireReadable(Path file, String remedy)
      throws HostException, UsageException {
    try {
      if (Files.readAttributes(file, BasicFileAttributes.class).isDirectory()) {
        throw new UsageException(file + " is a directory", remedy);
      }
    } catch (AccessDeniedException e) {
      // A file in a directory that may not be entered cannot be read either, and may be there.
    } catch (IOException e) {
      throw new UsageException("there is no " + file, remedy, e);
    }
    if (!Files.isReadable(file)) {
      throw new HostException("no right to read " + file, "ask its owner, or change its mode");
    }
  }

  private static UsageException unknown(Path file, Beginning beginning) {
    return new UsageException(
        "%s is no output of hardbake: %s".formatted(file, beginning.description()),
        "name an image archive (.oci.tar), a disk (.qcow2, .vmdk or raw) or a box (.box), none of"
            + " them compressed once more");
  }

  private static Reading tar(Path file, TarIndex tar, Progress progress)
      throws BakeException, IOException, InterruptedException {
    if (tar.members().containsKey("index.json")) {
      Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
      ImageReading image = ImageReading.of(file, scratch, progress);
      SortedMap<String, String> facts = new TreeMap<>(image.facts());
      return new Reading(
          file,
          Kind.OCI,
          new Reading.Contents(
              image.layers(), image.tree(), Optional.empty(), facts, image.findings()),
          image);
    }
    if (BoxReading.isBox(tar)) {
      return box(file, BoxReading.of(tar), progress);
    }
    throw new UsageException(
        file + " is a tar, but neither an image archive (index.json) nor a box (metadata.json)",
        "name a file that a bake wrote");
  }

  private static Reading box(Path file, BoxReading box, Progress progress)
      throws IOException, HostException {
    DiskImage disk = DiskFile.open(file, box.disk().offset(), box.disk().size());
    try {
      DiskReading reading = DiskReading.of(disk, progress);
      SortedMap<String, String> facts = new TreeMap<>(reading.facts());
      facts.putAll(box.facts());
      List<Finding> findings = new ArrayList<>(box.findings());
      findings.addAll(box.compare(disk.size()));
      findings.addAll(reading.findings());
      return new Reading(
          file,
          box.provider() == Provider.LIBVIRT ? Kind.LIBVIRT_BOX : Kind.VIRTUALBOX_BOX,
          contents(reading, facts, findings),
          disk);
    } catch (IOException | RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  private static Reading disk(Path file, Progress progress) throws IOException, HostException {
    DiskImage disk = DiskFile.open(file);
    try {
      DiskReading reading = DiskReading.of(disk, progress);
      return new Reading(
          file, Kind.DISK, contents(reading, reading.facts(), reading.findings()), disk);
    } catch (IOException | RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  private static Reading.Contents contents(
      DiskReading disk, SortedMap<String, String> facts, List<Finding> findings) {
    return new Reading.Contents(
        List.of(), disk.root(), Optional.of(disk.efiSystem()), facts, findings);
  }
}
