package io.hardbake.disk.kernel;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.PackageFiles;
import io.hardbake.tree.Content;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our indexes of Debian's cloud kernel beside depmod's. */
class ModuleIndexesIT {
  @TempDir Path directory;
  private static String version = "";
  private static final SortedMap<String, Content> FILES = new TreeMap<>();

  @BeforeAll
  static void takeKernel() throws Exception {
    Oracle.require("depmod");
    PackageFiles kernel = PackageFiles.cloudKernel();
    version = kernel.release();
    FILES.putAll(kernel.modules());
  }

  @Test
  void equalDepmodsByteForByte() throws Exception {
    KernelModules modules = KernelModules.of(version, FILES);
    assertTrue(modules.all().size() > 1000, modules.all().size() + " modules");
    SortedMap<String, Content> ours = ModuleIndexes.of(modules);
    SortedMap<String, byte[]> theirs = depmod(FILES);
    assertEquals(theirs.keySet(), ours.keySet());
    for (String name : theirs.keySet()) {
      byte[] their = requireNonNull(theirs.get(name));
      byte[] our = requireNonNull(ours.get(name)).bytes();
      if (name.equals("modules.symbols")) { // depmod's order is that of its hash table
        assertTrue(sortedLines(their).equals(sortedLines(our)), name);
      } else {
        assertTrue(Arrays.equals(their, our), name); // no diff of a quarter of a megabyte
      }
    }
  }

  /** Negative control: one module less, and the indexes differ. */
  @Test
  void aMissingModuleIsSeen() throws Exception {
    SortedMap<String, Content> fewer = new TreeMap<>(FILES);
    fewer.keySet().removeIf(path -> path.endsWith("/virtio_scsi.ko"));
    assertEquals(FILES.size() - 1, fewer.size());
    SortedMap<String, byte[]> theirs = depmod(fewer);
    SortedMap<String, Content> ours = ModuleIndexes.of(KernelModules.of(version, FILES));
    for (String name : List.of("modules.dep", "modules.dep.bin", "modules.alias.bin")) {
      assertFalse(Arrays.equals(theirs.get(name), requireNonNull(ours.get(name)).bytes()), name);
    }
  }

  private SortedMap<String, byte[]> depmod(SortedMap<String, Content> modules) throws Exception {
    Path root = Files.createTempDirectory(directory, "root");
    Path target = root.resolve("lib/modules").resolve(version);
    for (var each : modules.entrySet()) {
      Path file = target.resolve(each.getKey());
      Files.createDirectories(requireNonNull(file.getParent()));
      try (InputStream in = each.getValue().open()) {
        Files.copy(in, file);
      }
    }
    Oracle.run("depmod", "-b", root.toString(), version).succeeded();
    SortedMap<String, byte[]> made = new TreeMap<>();
    try (Stream<Path> all = Files.list(target)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!modules.containsKey(name)) {
          made.put(name, Files.readAllBytes(file));
        }
      }
    }
    return made;
  }

  private static List<String> sortedLines(byte[] text) {
    return new String(text, StandardCharsets.UTF_8).lines().sorted().toList();
  }
}
