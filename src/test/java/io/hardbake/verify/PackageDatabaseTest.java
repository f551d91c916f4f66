package io.hardbake.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.hygiene.Subject.Installed;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import io.hardbake.tree.SparseContent;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PackageDatabaseTest {
  private static FileTree tree(Content status) {
    Meta meta = Meta.root(0644, 0, Provenance.UNKNOWN);
    FileTree.Builder tree = FileTree.builder(meta.withMode(0755));
    tree.put(PackageDatabase.STATUS, new RegularFile(meta, status));
    return tree.freeze();
  }

  @Test
  void readsWhatIsThere() throws Exception {
    String status =
        """
        Package: a
        Status: install ok installed
        Version: 1

        Package: b
        Status: install ok unpacked
        Version: 2

        Package: c
        Status: deinstall ok not-installed
        Version: 3
        """;
    assertEquals(
        Map.of("a", new Installed("1", true), "b", new Installed("2", false)),
        PackageDatabase.read(tree(Content.of(status))));
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() {
    Content zeros = new SparseContent(Size.gib(1), Sha256.of(new byte[0]), new TreeMap<>());
    assertThrows(IOException.class, () -> PackageDatabase.read(tree(zeros)));
  }
}
