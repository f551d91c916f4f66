package io.hardbake.bake;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.disk.kernel.KernelModules;
import io.hardbake.disk.kernel.ModuleBuilder;
import io.hardbake.fetch.Store;
import io.hardbake.io.Sha256;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelFilesTest {
  @TempDir private Path directory;

  @Test
  void areReadAsTheyWereWritten() throws Exception {
    KernelFiles files =
        new KernelFiles(
            new TreeMap<>(
                Map.of(
                    "modules.dep", Content.of("a.ko: b.ko\n"),
                    "modules.dep.bin", Content.of(new byte[] {0, -1, 7}),
                    "modules.symbols", Content.of(""))),
            Content.of(new byte[100_000]));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    files.writeTo(bytes);
    KernelFiles read =
        KernelFiles.read(Files.write(directory.resolve("files"), bytes.toByteArray()));
    assertEquals(digests(files), digests(read));
    assertEquals(files.initramfs().sha256(), read.initramfs().sha256());

    byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() - 1);
    Path torn = Files.write(directory.resolve("torn"), cut);
    assertThrows(EOFException.class, () -> KernelFiles.read(torn));
  }

  /** Which role comes first is chance, and must not matter. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void areThoseOfTheModulesThatARoleHas(boolean otherFirst) throws Exception {
    FileTree plain = tree();
    FileTree other = tree("extra.ko");
    KernelFiles.Shared shared =
        new KernelFiles.Shared(Content.of("busybox"), Store.open(directory.resolve("store")));
    shared.of(otherFirst ? other : plain, RELEASE);
    assertEquals(
        "kernel/disk.ko:\n", requireNonNull(shared.of(plain, RELEASE).indexes().get(DEP)).text());
    assertEquals(
        "kernel/disk.ko:\nkernel/extra.ko:\n",
        requireNonNull(shared.of(other, RELEASE).indexes().get(DEP)).text());
    assertSame(shared.of(plain, RELEASE), shared.of(tree(), RELEASE));
  }

  private static final String RELEASE = "6.1.0-test";
  private static final String DEP = "modules.dep";

  /** A tree with one kernel, its module, and others. */
  private static FileTree tree(String... others) {
    Meta meta = Meta.root(0644, 0, new Provenance("test"));
    AbsolutePath modules = KernelModules.directory(RELEASE);
    FileTree.Builder tree = FileTree.builder(meta.withMode(0755));
    tree.put(
        modules.child("modules.builtin"),
        new RegularFile(meta, Content.of("kernel/fs/ext4/ext4.ko\n")));
    List<String> names = new ArrayList<>(List.of(others));
    names.add("disk.ko");
    for (String name : names) {
      tree.put(
          modules.child("kernel").child(name), new RegularFile(meta, new ModuleBuilder().build()));
    }
    return tree.freeze();
  }

  private static SortedMap<String, Sha256> digests(KernelFiles files) {
    SortedMap<String, Sha256> digests = new TreeMap<>();
    files.indexes().forEach((name, content) -> digests.put(name, content.sha256()));
    return digests;
  }
}
