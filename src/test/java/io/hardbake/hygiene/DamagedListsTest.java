package io.hardbake.hygiene;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What dpkg would not have written is told as damage of the image. */
final class DamagedListsTest {
  private static final String MD5 = "97fb77134e3b38bab0edb15ac502d652  ";

  @ParameterizedTest
  @CsvSource({
    "diversions, usr/a|/usr/b|tool|",
    "diversions, /usr/a|usr/b|tool|",
    "diversions, /usr/a|/usr/../b|tool|",
    "diversions, ||||",
    "info/tool.md5sums, " + MD5 + "/usr/share/tool|",
    "info/tool.md5sums, " + MD5 + "usr//tool|"
  })
  void aListThatNamesNoPathIsNamed(String list, String text) {
    Meta meta = Meta.root(0644, 0, Provenance.ofPackage("tool", "1.0"));
    FileTree.Builder tree = FileTree.builder(meta.withMode(0755));
    AbsolutePath path = AbsolutePath.of("/var/lib/dpkg/" + list);
    tree.put(path, new RegularFile(meta, Content.of(text.replace('|', '\n'))));
    Subject subject =
        new Subject(tree.freeze(), List.of(), new TreeMap<>(), false, Optional.empty());
    IOException e =
        assertThrows(IOException.class, () -> Hygiene.check(subject, Allowed.ofRoles(), 1));
    assertTrue(String.valueOf(e.getMessage()).startsWith(path + " names no path: "), e::toString);
  }
}
