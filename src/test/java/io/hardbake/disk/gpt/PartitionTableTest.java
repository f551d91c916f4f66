package io.hardbake.disk.gpt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.disk.Volume;
import io.hardbake.io.Bytes;
import io.hardbake.io.Size;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PartitionTableTest {
  private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

  @Test
  void theLayoutIsTheOneThatGrubAndTheDocumentsKnow() {
    DiskLayout layout = DiskLayout.of(Size.gib(10));
    assertEquals(new Extent(2048, 2048), layout.biosBoot());
    assertEquals(new Extent(4096, 131_072), layout.efiSystem());
    assertEquals(135_168, layout.root().firstSector());
    assertEquals(
        Size.gib(10).bytes() - (1 << 20), layout.root().offset() + layout.root().size().bytes());
    assertEquals(Size.mib(1), DiskLayout.of(DiskLayout.MINIMUM).root().size());
    assertThrows(
        IllegalArgumentException.class, () -> DiskLayout.of(new Size(Size.gib(1).bytes() + 512)));
    assertThrows(
        IllegalArgumentException.class, () -> DiskLayout.of(DiskLayout.MINIMUM.minus(Size.mib(1))));
  }

  @Test
  void refusesPartitionsThatDoNotFit() {
    Size disk = Size.mib(4);
    PartitionTable.disk(disk, ID, BootSector.empty(), List.of(empty(34, 8125)));
    for (List<Partition> wrong :
        List.of(
            List.of(empty(33, 10)),
            List.of(empty(34, 8126)),
            List.of(empty(100, 10), empty(109, 1)),
            List.of(empty(109, 1), empty(100, 10)))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> PartitionTable.disk(disk, ID, BootSector.empty(), wrong),
          wrong::toString);
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Partition(
                PartitionType.LINUX,
                ID,
                "root",
                new Extent(34, 2),
                Volume.builder(new Size(512)).build()));
    assertThrows(IllegalArgumentException.class, () -> new BootSector(Bytes.of(new byte[441]), 0));
  }

  private static Partition empty(long first, long sectors) {
    Extent extent = new Extent(first, sectors);
    return new Partition(
        PartitionType.LINUX, ID, "p", extent, Volume.builder(extent.size()).build());
  }
}
