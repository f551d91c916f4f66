package io.hardbake.disk.machine;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskImage;
import io.hardbake.disk.Findings;
import io.hardbake.disk.gpt.GptReading;
import io.hardbake.image.Finding;
import io.hardbake.progress.Progress;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
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

  /**
   * Reads a disk once, all of its files to know their digests.
   *
   * @param disk stays open
   * @throws DamagedDiskException if there is so little order that nothing can be read
   */
  public static DiskReading of(DiskImage disk, Progress progress) throws IOException {
    Findings findings = new Findings();
    SortedMap<String, String> facts = new TreeMap<>(disk.facts());
    disk.check(findings);
    GptReading partitions = GptReading.of(disk, findings);
    facts.put("disk-guid", partitions.disk().toString());
    progress.note("reading the disk " + partitions.disk());
    FileTree nothing = FileTree.builder(Meta.root(0755, 0, new Provenance("disk"))).freeze();
    return new DiskReading(partitions, nothing, nothing, facts, findings.list());
  }
}
