package io.hardbake.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import io.hardbake.tree.SparseContent;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class InstalledPackageTest {
  private static SortedMap<String, InstalledPackage> in(Content status) throws Exception {
    Meta meta = Meta.root(0644, 0, Provenance.UNKNOWN);
    FileTree.Builder tree = FileTree.builder(meta.withMode(0755));
    tree.put(InstalledPackage.STATUS, new RegularFile(meta, status));
    return InstalledPackage.in(tree.freeze());
  }

  @Test
  void readsWhatIsThere() throws Exception {
    String status =
        """
        Package: a
        Status: install ok installed
        Architecture: all
        Version: 1

        Package: b
        Status: install ok unpacked
        Architecture: amd64
        Version: 2

        Package: b
        Status: install ok installed
        Architecture: i386
        Version: 2

        Package: c
        Status: deinstall ok not-installed
        Architecture: amd64
        Version: 3

        Package: d
        Status: deinstall ok config-files
        Architecture: amd64
        Version: 4
        """;
    SortedMap<String, Boolean> configured = new TreeMap<>();
    in(Content.of(status)).forEach((name, each) -> configured.put(name, each.isConfigured()));
    assertEquals(Map.of("a:all", true, "b:amd64", false, "b:i386", true), configured);
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() {
    Content zeros = new SparseContent(Size.gib(1), Sha256.of(new byte[0]), new TreeMap<>());
    assertThrows(IntegrityException.class, () -> in(zeros));
  }
}
