package io.hardbake.hygiene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import io.hardbake.tree.SparseContent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are short on every machine, and hold a gibibyte of zeros here: none is read. */
final class LargeTextsTest {
  private static final Meta META = Meta.root(0644, 0, Provenance.ofPackage("tool", "1.0"));

  private static List<?> check(String path, Content content) throws Exception {
    FileTree.Builder tree = FileTree.builder(META.withMode(0755));
    tree.put(AbsolutePath.of(path), new RegularFile(META, content));
    SortedMap<String, Subject.Installed> packages = new TreeMap<>();
    packages.put("waiting", new Subject.Installed("1.0", false));
    Subject subject = new Subject(tree.freeze(), List.of(), packages, true, Optional.empty());
    return Hygiene.check(subject, Allowed.ofRoles(), 1);
  }

  private static Content zeros(Size size) {
    return new SparseContent(size, Sha256.of(new byte[0]), new TreeMap<>());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/machine-id",
        "/etc/hostname",
        "/etc/hosts",
        "/etc/passwd",
        "/etc/group",
        "/etc/shadow",
        "/root/.ssh/authorized_keys",
        "/var/lib/dpkg/info/tool.md5sums",
        "/var/lib/dpkg/info/waiting.conffiles",
        "/var/lib/dpkg/diversions"
      })
  void theyAreNamed(String path) {
    IOException e = assertThrows(IOException.class, () -> check(path, zeros(Size.gib(1))));
    assertTrue(String.valueOf(e.getMessage()).startsWith(path + " is, or all"), e::toString);
  }

  @Test
  void allListsTogetherHaveOneLimit() throws Exception {
    Texts texts = new Texts(new Size(5));
    AbsolutePath path = AbsolutePath.of("/a");
    assertEquals("ab", texts.read(path, Content.of("ab")));
    assertEquals("cde", texts.read(path, Content.of("cde")));
    assertThrows(IOException.class, () -> texts.read(path, Content.of("f")));
  }
}
