package io.hardbake.disk.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.bake.MachineChecks;
import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeReader;
import io.hardbake.image.Architecture;
import io.hardbake.image.Image;
import io.hardbake.image.Machine;
import io.hardbake.image.Manifest;
import io.hardbake.image.UnpackedTree;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The roles themselves as file systems. */
final class BakedRolesIT {
  private static final int CLUSTER = 1 << 16;
  private static final Size SIZE = Size.gib(10);

  private static final TreeMap<String, Root> ROOTS = new TreeMap<>();

  @TempDir private static Path directory;

  @BeforeAll
  static void bake() throws Exception {
    Oracle.require("e2fsck", "mount", "grub-fstest");
    Oracle.requireRoot();
    MachineChecks.images(List.of(), Architecture.AMD64)
        .forEach(image -> ROOTS.put(image.role(), Root.of(image)));
  }

  private static Root root(String role) {
    return Optional.ofNullable(ROOTS.get(role)).orElseThrow();
  }

  private static Volume plan(Root root) throws Exception {
    return Ext4.plan(root.tree(), root.layers(), TestTree.settings(SIZE));
  }

  /** The root file system of a machine. */
  private record Root(FileTree tree, List<Layer> layers) {
    static Root of(Image image) {
      Machine machine = image.machine().orElseThrow();
      List<Layer> layers = new ArrayList<>(image.layers());
      layers.addAll(machine.layers());
      return new Root(machine.tree(), layers);
    }
  }

  @Test
  void theKernelMountsWhatTheManifestSays() throws Exception {
    Path at = Files.createDirectory(directory.resolve("root"));
    for (Root role : ROOTS.values()) {
      FileSystemFile written = FileSystemFile.write(plan(role), directory.resolve("root.ext4"));
      written.e2fsck().succeeded();
      FileTree expected =
          TestTree.with(role.tree(), "/lost+found", new Directory(TestTree.meta(0700)));
      assertEquals(
          UnpackedTree.comparable(Manifest.of(expected)),
          written.mounted(at, m -> UnpackedTree.comparable(UnpackedTree.manifestOf(m))));
    }
  }

  @Test
  void grubReadsFiles() throws Exception {
    Root root = root("controller");
    FileSystemFile written = FileSystemFile.write(plan(root), directory.resolve("grub.ext4"));
    for (String path :
        List.of("/usr/local/bin/kube-apiserver", "/boot/grub/grub.cfg", "/vmlinuz")) {
      Content content = root.tree().file(AbsolutePath.of(path)).orElseThrow().content();
      Path copy = directory.resolve("copy");
      Oracle.run("grub-fstest", written.file().toString(), "cp", "(loop0)" + path, copy.toString())
          .succeeded();
      assertEquals(content.sha256(), Sha256.of(copy));
    }
  }

  @Test
  void rolesShareTheClustersOfTheirBase() throws Exception {
    Layer base = root("loadbalancer").layers().get(0);
    long bytes =
        base.entries().values().stream()
            .mapToLong(e -> e instanceof RegularFile file ? file.content().size().bytes() : 0)
            .sum();
    Set<Sha256> both = clusters(plan(root("controller")));
    both.retainAll(clusters(plan(root("loadbalancer"))));
    assertTrue(both.size() >= bytes / CLUSTER, both.size() + " of " + bytes / CLUSTER);
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "5000, 30"})
  void anEditedFileChangesFewClusters(int more, int most) throws Exception {
    Root root = root("controller");
    AbsolutePath path = AbsolutePath.of("/etc/hosts");
    RegularFile old = root.tree().file(path).orElseThrow();
    Content longer = Content.of(old.content().text() + "#".repeat(more));
    RegularFile edited = new RegularFile(old.meta(), longer);
    List<Layer> layers = new ArrayList<>(root.layers());
    layers.replaceAll(
        layer -> {
          TreeMap<AbsolutePath, Entry> entries = new TreeMap<>(layer.entries());
          entries.computeIfPresent(path, (p, entry) -> entry.sameAs(old) ? edited : entry);
          return new Layer(layer.name(), entries, layer.removals());
        });
    FileTree tree = TestTree.with(root.tree(), path.value(), edited);
    Set<Sha256> changed = clusters(Ext4.plan(tree, layers, TestTree.settings(SIZE)));
    changed.removeAll(clusters(plan(root)));
    assertTrue(changed.size() <= most, changed.size() + " clusters changed");
  }

  private static Set<Sha256> clusters(Volume volume) throws IOException {
    Set<Sha256> clusters = new TreeSet<>();
    byte[] cluster = new byte[CLUSTER];
    try (VolumeReader reader = volume.reader()) {
      for (long at = 0; at < volume.size().bytes(); at += CLUSTER) {
        if (!volume.isHole(at, CLUSTER)) {
          reader.read(at, ByteBuffer.wrap(cluster));
          clusters.add(Sha256.of(cluster));
        }
      }
    }
    return clusters;
  }
}
