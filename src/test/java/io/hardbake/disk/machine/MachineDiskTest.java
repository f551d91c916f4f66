package io.hardbake.disk.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.disk.Volume;
import io.hardbake.disk.grub.CoreCache;
import io.hardbake.disk.grub.EfiFiles;
import io.hardbake.failure.RecipeException;
import io.hardbake.image.Architecture;
import io.hardbake.image.BootSpec;
import io.hardbake.image.ContainerSettings;
import io.hardbake.image.Hardware;
import io.hardbake.image.Image;
import io.hardbake.image.Machine;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileSlice;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What does not fit on a machine's disk is refused, and the size that the remedy names is enough.
 */
final class MachineDiskTest {
  private static final Meta META = Meta.root(0644, 1_600_000_000, new Provenance("test"));
  private static final Pattern REMEDY =
      Pattern.compile(
          "write `hardware: \\{disk: ([0-9]+)GiB}` into web\\.yaml, or change it in the recipe that"
              + " has it");

  /** The disk of an arm64 machine, which needs nothing of GRUB's but its files. */
  private static Volume plan(FileTree tree, Size size) throws Exception {
    TreeMap<AbsolutePath, Content> loader = new TreeMap<>();
    loader.put(EfiFiles.shim(Architecture.ARM64), Content.of("shim"));
    loader.put(EfiFiles.grub(Architecture.ARM64), Content.of("grub"));
    Machine machine =
        new Machine(
            List.of(),
            tree,
            new BootSpec(new UUID(1, 2), "EFI-SYSTEM", loader),
            new Hardware(size, Size.gib(1), 1));
    Image image =
        new Image(
            "web",
            Architecture.ARM64,
            List.of(),
            tree,
            new Layer("container", new TreeMap<>(), new TreeSet<>()),
            new ContainerSettings(
                List.of(), new TreeMap<>(), new TreeSet<>(), "SIGTERM", new TreeMap<>()),
            new TreeMap<>(),
            Instant.ofEpochSecond(1_700_000_000));
    return MachineDisk.plan(image, machine, size, CoreCache.none());
  }

  /** Returns the sizes that the problem names. */
  private static List<String> refused(FileTree tree, Size size, String problem, Size enough)
      throws Exception {
    RecipeException refusal = assertThrows(RecipeException.class, () -> plan(tree, size));
    Matcher message =
        Pattern.compile("the disk of web is too small: " + problem)
            .matcher(String.valueOf(refusal.getMessage()));
    assertTrue(message.matches(), refusal::getMessage);
    Matcher remedy = REMEDY.matcher(refusal.remedy());
    assertTrue(remedy.matches(), refusal.remedy());
    assertEquals(enough, Size.gib(Long.parseLong(remedy.group(1))));
    assertEquals(enough, plan(tree, enough).size());
    return List.of(message.group(1), message.group(2));
  }

  /** The root has 67 MiB less than the disk, and not all of it is for files. */
  @ParameterizedTest
  @ValueSource(ints = {1920, 1982, 2100})
  void filesThatDoNotFit(int mebibytes) throws Exception {
    FileTree.Builder tree = FileTree.builder(META.withMode(0755));
    Size size = Size.mib(mebibytes);
    tree.put(
        AbsolutePath.of("/large"),
        new RegularFile(META, new FileSlice(Path.of("large"), 0, size, Sha256.of(new byte[0]))));
    List<String> sizes =
        refused(
            tree.freeze(),
            Size.gib(2),
            "/large needs (.*), but the file system of 1.9 GiB has (.*) left",
            Size.gib(3));
    assertNotEquals(sizes.get(0), sizes.get(1));
  }

  @Test
  void filesThatAreTooMany() throws Exception {
    FileTree.Builder tree = FileTree.builder(META.withMode(0755));
    Entry empty = new RegularFile(META, Content.of(new byte[0]));
    for (int i = 0; i < 62_000; i++) {
      tree.put(AbsolutePath.of("/d/" + i), empty);
    }
    refused(
        tree.freeze(),
        Size.gib(1),
        "the files need ([0-9]+) inodes, but the file system has only ([0-9]+)",
        Size.gib(2));
  }
}
