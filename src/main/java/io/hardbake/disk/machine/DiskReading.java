package io.hardbake.disk.machine;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskImage;
import io.hardbake.disk.Findings;
import io.hardbake.disk.MemoryBudget;
import io.hardbake.disk.OversizedDiskException;
import io.hardbake.disk.ReadableDisk;
import io.hardbake.disk.ext4.Ext4Reading;
import io.hardbake.disk.fat.FatReading;
import io.hardbake.disk.gpt.Extent;
import io.hardbake.disk.gpt.GptEntry;
import io.hardbake.disk.gpt.GptReading;
import io.hardbake.disk.gpt.PartitionType;
import io.hardbake.disk.grub.CoreImage;
import io.hardbake.image.Finding;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A machine's disk, read back from its file alone.
 *
 * @param partitions the partition table
 * @param root the root file system's tree; contents are read when they are opened, as long as the
 *     disk is open
 * @param efiSystem likewise that of the EFI system partition
 * @param facts what else the disk says, by name: {@code format}, {@code virtual-size}, {@code
 *     disk-guid}, {@code root-uuid}, {@code root-label}…
 * @param findings what is not as the formats or hardbake have it; empty for a disk as it was baked.
 *     A file whose body cannot be read is not in its tree, and has a finding
 */
public record DiskReading(
    GptReading partitions,
    FileTree root,
    FileTree efiSystem,
    SortedMap<String, String> facts,
    List<Finding> findings) {

  public DiskReading {
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    findings = List.copyOf(findings);
  }

  /** The code of sector 0 does not lead to a core image. */
  public static final String BOOT_SECTOR = "boot-sector";

  /** A partition is not there, or cannot be read. */
  public static final String PARTITION = "partition";

  /**
   * Reads a disk once, all of its files to know their digests.
   *
   * @param disk stays open
   * @throws DamagedDiskException if there is so little order that nothing can be read
   * @throws OversizedDiskException if it has more files than fit into memory
   */
  public static DiskReading of(DiskImage disk, Progress progress) throws IOException {
    Findings findings = new Findings();
    SortedMap<String, String> facts = new TreeMap<>(disk.facts());
    disk.check(findings);
    GptReading partitions = GptReading.of(disk, findings);
    facts.put("disk-guid", partitions.disk().toString());
    checkBoot(disk, partitions, findings);
    MemoryBudget memory = MemoryBudget.ofThisProcess();
    try (Progress.Task task = progress.begin("reading the disk", Size.ZERO)) {
      FileTree efi = FileTree.builder(Meta.root(0755, 0, new Provenance("disk"))).freeze();
      try {
        FatReading read =
            FatReading.of(
                partition(disk, partitions, PartitionType.EFI_SYSTEM),
                findings,
                memory,
                task::advance);
        read.facts().forEach((name, value) -> facts.put("efi-" + name, value));
        efi = read.tree();
      } catch (DamagedDiskException e) {
        findings.add(PARTITION, "EFI system partition", e.problem());
      }
      Ext4Reading root =
          Ext4Reading.of(
              partition(disk, partitions, PartitionType.LINUX), findings, memory, task::advance);
      root.facts().forEach((name, value) -> facts.put("root-" + name, value));
      return new DiskReading(partitions, root.tree(), efi, facts, findings.list());
    }
  }

  private static ReadableDisk partition(DiskImage disk, GptReading table, PartitionType type)
      throws DamagedDiskException {
    Extent extent =
        table
            .first(type)
            .map(GptEntry::extent)
            .orElseThrow(
                () ->
                    new DamagedDiskException(
                        "there is no partition of type "
                            + type.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    return disk.slice(extent.offset(), extent.size());
  }

  private static void checkBoot(DiskImage disk, GptReading table, Findings findings)
      throws IOException {
    ByteBuffer first = ByteBuffer.allocate(Extent.SECTOR);
    Optional<Extent> place = table.first(PartitionType.BIOS_BOOT).map(GptEntry::extent);
    if (place.isEmpty()) {
      findings.add(PARTITION, "BIOS boot partition", "there is none");
      return;
    }
    disk.read(place.get().offset(), first);
    CoreImage.flaw(table.boot().code(), first, place.get().firstSector(), place.get().sectors())
        .ifPresent(flaw -> findings.add(BOOT_SECTOR, "sector 0", flaw));
  }
}
