package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.io.Sha256;
import io.hardbake.tree.Content;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private static SortedMap<String, Sha256> digests(KernelFiles files) {
    SortedMap<String, Sha256> digests = new TreeMap<>();
    files.indexes().forEach((name, content) -> digests.put(name, content.sha256()));
    return digests;
  }
}
