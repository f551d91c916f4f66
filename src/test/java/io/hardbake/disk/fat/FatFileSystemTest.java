package io.hardbake.disk.fat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.disk.Volume;
import io.hardbake.failure.UsageException;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FatFileSystemTest {
  @Test
  void theSizeDecidesTheType() {
    assertEquals(FatType.FAT12, FatGeometry.of(Size.mib(2)).type());
    assertEquals(FatType.FAT16, FatGeometry.of(Size.mib(4)).type());
    assertEquals(FatType.FAT16, FatGeometry.of(Size.mib(32)).type());
    assertEquals(FatType.FAT32, FatGeometry.of(Size.mib(33)).type());
    assertEquals(FatType.FAT32, FatGeometry.of(Size.mib(64)).type());
    assertEquals(1, FatGeometry.of(Size.mib(64)).clusterSectors());
    assertEquals(8, FatGeometry.of(Size.gib(2)).clusterSectors());
  }

  /**
   * No size, near the limits above all, gives a number of clusters that belongs to another type.
   */
  @Test
  void everySizeHasAGeometryThatHoldsTogether() {
    for (long sectors = 100; sectors < 200_000; sectors += sectors < 5_000 ? 1 : 7) {
      FatGeometry geometry = FatGeometry.of(new Size(sectors * FatGeometry.SECTOR));
      long end = geometry.clusterOffset(FatGeometry.FIRST_CLUSTER + geometry.clusters());
      assertTrue(end <= sectors * FatGeometry.SECTOR, geometry::toString);
      assertTrue(
          geometry.tableSectors() * FatGeometry.SECTOR * 8
              >= (geometry.clusters() + 2) * geometry.type().bits(),
          geometry::toString);
      assertTrue(geometry.type().takes(geometry.clusters()), geometry::toString);
    }
  }

  @Test
  void shortNamesAreUniqueAndKeepWhatTheyCan() {
    assertEquals(
        Map.of(
            "BOOTX64.EFI", "BOOTX64 EFI",
            "grub.cfg", "GRUB    CFG",
            "kube-apiserver.pem", "KUBE-A~1PEM",
            "kube-apiserver-key.pem", "KUBE-A~2PEM",
            "kube-a~1.pem", "KUBE-A~1PEM".replace('1', '3'),
            ".profile", "PROFIL~1   ",
            "a+b.conf.d", "A_BCON~1D  ",
            "ä", "_~1        "),
        replaced(
            ShortNames.of(
                new TreeSet<>(
                    List.of(
                        "BOOTX64.EFI",
                        "grub.cfg",
                        "kube-apiserver.pem",
                        "kube-apiserver-key.pem",
                        "kube-a~1.pem",
                        ".profile",
                        "a+b.conf.d",
                        "ä")))));
  }

  /** The name that is given as it is comes first, the others count on. */
  private static Map<String, String> replaced(SortedMap<String, String> names) {
    assertEquals("KUBE-A~1PEM", names.get("kube-a~1.pem"));
    assertEquals("KUBE-A~2PEM", names.get("kube-apiserver-key.pem"));
    assertEquals("KUBE-A~3PEM", names.get("kube-apiserver.pem"));
    names.put("kube-a~1.pem", "KUBE-A~3PEM");
    names.put("kube-apiserver.pem", "KUBE-A~1PEM");
    return names;
  }

  @Test
  void refusesWhatCannotBeStored() {
    assertRefused("/a:b", "control character or one of");
    assertRefused("/dir/end.", "ends with a dot");
    assertRefused("/ begin", "begins or ends with a space");
    assertRefused("/" + "x".repeat(256), "256 characters, and 255 are the limit");
    UsageException twice =
        assertThrows(UsageException.class, () -> plan(files("/d/File", "/d/fILE")));
    assertTrue(
        String.valueOf(twice.getMessage()).startsWith("/d/File and /d/fILE have the same name"));
    UsageException both = assertThrows(UsageException.class, () -> plan(files("/d", "/D/x")));
    assertTrue(String.valueOf(both.getMessage()).contains("have the same name"), both.getMessage());
    SortedMap<AbsolutePath, Content> large = new TreeMap<>();
    large.put(AbsolutePath.of("/large"), Content.of(new byte[2 << 20]));
    UsageException full = assertThrows(UsageException.class, () -> plan(large));
    assertTrue(
        String.valueOf(full.getMessage())
            .startsWith("the files need 2.0 MiB on the file system CIDATA"),
        full.getMessage());
    SortedMap<AbsolutePath, Content> many = new TreeMap<>();
    for (int i = 0; i < 256; i++) {
      many.put(AbsolutePath.of("/long name " + i), Content.of(""));
    }
    UsageException entries = assertThrows(UsageException.class, () -> plan(many));
    assertEquals(
        "/ needs 513 directory entries, and FAT has room for 512 there", entries.getMessage());
  }

  private static void assertRefused(String path, String why) {
    UsageException e = assertThrows(UsageException.class, () -> plan(files(path)), path);
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
  }

  private static Volume plan(SortedMap<AbsolutePath, Content> files)
      throws IOException, UsageException {
    return FatFileSystem.plan(new FatSettings(Size.mib(2), "CIDATA", 1, Instant.EPOCH), files);
  }

  private static SortedMap<AbsolutePath, Content> files(String... paths) {
    SortedMap<AbsolutePath, Content> files = new TreeMap<>();
    for (String path : paths) {
      files.put(AbsolutePath.of(path), Content.of("x"));
    }
    return files;
  }
}
