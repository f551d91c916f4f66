package io.hardbake.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.io.Bytes;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final Meta META = Meta.root(0755, 1, Provenance.ofPackage("hello", "2.10-3"));

  @Test
  void saysEachKindOfEntryOnOneLine() throws IOException {
    String text = text(Manifest.of(tree()));
    assertEquals(
        """
        / directory 0755 0:0 - - - package:hello=2.10-3
        /a file 4755 1:2 2 sha256:8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4 security.capability=01ff,user.a\\054\\075b=00 package:hello=2.10-3
        /b hardlink 4755 1:2 - /a security.capability=01ff,user.a\\054\\075b=00 package:hello=2.10-3
        /dev directory 0755 0:0 - - - package:hello=2.10-3
        /dev/disk block 0755 0:0 - 8:1 - package:hello=2.10-3
        /dev/null character 0755 0:0 - 1:3 - package:hello=2.10-3
        /dev/pipe fifo 0755 0:0 - - - package:hello=2.10-3
        /name\\040with\\012\\134\\303\\251 symlink 0755 0:0 - \\055 - package:hello=2.10-3
        """,
        text);
  }

  @Test
  void readsWhatItWrote() throws IOException {
    Manifest manifest = Manifest.of(tree());
    assertEquals(manifest, Manifest.parse(text(manifest).getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/a file",
        "/a file 0644 0 - - - x:y",
        "a file 0644 0:0 - - - x:y",
        "/a thing 0644 0:0 - - - x:y",
        "/a file 0999 0:0 - - - x:y",
        "/a file 0644 0:0 -1 - - x:y",
        "/a\\9 file 0644 0:0 1 - - x:y",
        "/a\\777 file 0644 0:0 1 - - x:y",
        "/a file 0644 0:0 1 - user.x x:y"
      })
  void refusesALineOfAnotherForm(String line) {
    String text = "/ directory 0755 0:0 - - - x:y\n" + line + "\n";
    IOException e =
        assertThrows(
            IOException.class, () -> Manifest.parse(text.getBytes(StandardCharsets.UTF_8)));
    assertTrue(String.valueOf(e.getMessage()).startsWith("line 2 of the manifest: "));
  }

  @Test
  void aByteWithoutItsEscapeStandsForItself() throws IOException {
    String line = "/\u20ac directory 0755 0:0 - - - x:y\n";
    Manifest manifest = Manifest.parse(line.getBytes(StandardCharsets.UTF_8));
    assertEquals("/\u20ac", manifest.lines().get(0).path().value());
  }

  @Test
  void comparesLinesWithoutTheirProvenance() {
    Manifest.Line line = Manifest.of(tree()).lines().get(1);
    Manifest.Line elsewhere = Manifest.Line.parse(line.toString().replace("package:", "settle:"));
    assertTrue(line.sameAs(elsewhere));
    Manifest.Line other = Manifest.Line.parse(line.toString().replace("4755", "0755"));
    assertFalse(line.sameAs(other));
  }

  private static FileTree tree() {
    Meta special =
        META.withMode(04755)
            .withOwner(1, 2)
            .withXattr("security.capability", Bytes.ofHex("01ff"))
            .withXattr("user.a,=b", Bytes.ofHex("00"));
    FileTree.Builder tree = FileTree.builder(META);
    AbsolutePath a = AbsolutePath.of("/a");
    tree.put(a, new RegularFile(special, Content.of("hi")));
    tree.put(AbsolutePath.of("/b"), new HardLink(special, a));
    tree.put(AbsolutePath.of("/dev/null"), new Device(META, Device.Kind.CHARACTER, 1, 3));
    tree.put(AbsolutePath.of("/dev/disk"), new Device(META, Device.Kind.BLOCK, 8, 1));
    tree.put(AbsolutePath.of("/dev/pipe"), new Device(META, Device.Kind.FIFO, 0, 0));
    tree.put(AbsolutePath.of("/name with\n\\é"), new Symlink(META, "-"));
    return tree.freeze();
  }

  private static String text(Manifest manifest) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
