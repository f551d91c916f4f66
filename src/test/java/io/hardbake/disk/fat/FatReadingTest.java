package io.hardbake.disk.fat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.disk.Findings;
import io.hardbake.disk.MemoryBudget;
import io.hardbake.disk.OversizedDiskException;
import io.hardbake.disk.VolumeDisk;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What reading takes is asked for before it is kept. */
final class FatReadingTest {
  private static final int FILES = 300;

  private static FatReading read(Size memory, Findings findings) throws Exception {
    SortedMap<AbsolutePath, Content> files = new TreeMap<>();
    String directory = ("/" + "d".repeat(200)).repeat(15);
    for (int i = 0; i < FILES; i++) {
      files.put(AbsolutePath.of(directory + "/file" + i), Content.of("x"));
    }
    FatSettings settings = new FatSettings(Size.mib(4), "CIDATA", 1, Instant.EPOCH);
    VolumeDisk disk = new VolumeDisk(FatFileSystem.plan(settings, files));
    return FatReading.of(disk, findings, new MemoryBudget(memory), bytes -> {});
  }

  @Test
  void readsWhatFitsIntoMemory() throws Exception {
    Findings findings = new Findings();
    FatReading reading = read(Size.mib(4), findings);
    assertEquals(List.of(), findings.list());
    assertEquals(1 + 15 + FILES, reading.tree().entries().size());
  }

  /** It is sound, so nothing may be said of what did not fit. */
  @Test
  void longPathsThatDoNotFitAreNoDamage() {
    Findings findings = new Findings();
    assertThrows(OversizedDiskException.class, () -> read(Size.mib(1), findings));
    assertEquals(List.of(), findings.list());
  }
}
