package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.Layer;
import io.hardbake.tree.Meta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads with Commons Compress what our own writer wrote. */
class LayerTarTest {
  private record Member(TarArchiveEntry entry, Bytes body) {}

  private record Members(Map<String, Member> byName) {
    Member get(String name) {
      Member member = byName.get(name);
      if (member == null) {
        throw new AssertionError(name + " is not among " + byName.keySet());
      }
      return member;
    }

    List<String> names() {
      return List.copyOf(byName.keySet());
    }
  }

  @Test
  void holdsEveryKindOfEntry() throws Exception {
    Members members = read(tar(Specimen.image().layers().get(0)));

    TarArchiveEntry su = members.get("bin/su").entry;
    assertEquals(04755, su.getMode() & 07777);
    assertEquals(Specimen.TIME, su.getLastModifiedTime().toInstant().getEpochSecond());
    assertEquals("", su.getUserName());
    assertEquals("", su.getGroupName());
    TarArchiveEntry link = members.get("bin/ping4").entry;
    assertTrue(link.isLink());
    assertEquals("bin/ping", link.getLinkName());
    TarArchiveEntry device = members.get("dev/sda1").entry;
    assertTrue(device.isBlockDevice());
    assertEquals(List.of(8, 1), List.of(device.getDevMajor(), device.getDevMinor()));
    assertEquals(6, device.getLongGroupId());
    assertTrue(members.get("dev/null").entry.isCharacterDevice());
    assertTrue(members.get("dev/initctl").entry.isFIFO());
    assertEquals("../proc/self/mounts", members.get("etc/mtab").entry.getLinkName());
    assertEquals(Specimen.LONG_NAME, members.get("etc/long").entry.getLinkName());
    Member named = members.get("etc/" + Specimen.LONG_NAME);
    assertEquals(List.of(33L, 65534L), owner(named.entry));
    assertEquals(Bytes.of(utf8("x")), named.body);
    assertTrue(members.names().contains("etc/system-x\\x2dy.slice"));
    assertTrue(members.get("tmp/").entry.isDirectory());
    assertEquals(01777, members.get("tmp/").entry.getMode() & 07777);
    assertEquals("./", members.names().get(0));
    assertEquals(Bytes.of(Specimen.noise(2_500_000).bytes()), members.get("usr/share/noise").body);
  }

  @Test
  void keepsBinaryAttributes() throws Exception {
    byte[] base = tar(Specimen.image().layers().get(0));
    // The link repeats them; see LayerTar.
    assertEquals(2, count(base, record("security.capability", Specimen.CAPABILITY)));
    byte[] role = tar(Specimen.image().layers().get(1));
    assertEquals(1, count(role, record("user.binary", Specimen.BINARY)));
  }

  @Test
  void removesBeforeItAdds() throws Exception {
    List<String> names = read(tar(Specimen.image().layers().get(1))).names();
    assertEquals(
        List.of(
            "./",
            "etc/",
            "etc/.wh.gone",
            "etc/kind/",
            "etc/kind/inside",
            "etc/old",
            "srv/",
            "srv/attributed"),
        names);
  }

  @Test
  void removesAndAddsOnePathInThatOrder() throws Exception {
    AbsolutePath path = AbsolutePath.of("/etc/x");
    Layer layer =
        new Layer(
            "x",
            new TreeMap<>(Map.of(path, new Directory(Specimen.DIRECTORY))),
            new TreeSet<>(List.of(path)));
    assertEquals(List.of("etc/.wh.x", "etc/x/"), read(tar(layer)).names());
  }

  @ParameterizedTest
  @ValueSource(ints = {94, 95, 96, 99, 100, 101, 110, 255, 970, 985, 990, 995, 1000, 5000})
  void keepsNamesOfAnyLength(int length) throws Exception {
    String name = "n".repeat(length);
    String target = "t".repeat(length);
    Layer layer = layer(Map.of("/" + name, new Symlink(Specimen.META, target)));
    TarArchiveEntry entry = read(tar(layer)).get(name).entry;
    assertEquals(target, entry.getLinkName());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a b=c", "é", "日本語", "-rf", "\u0001", "a\\b", "7 path=x\n"})
  void keepsHostileNames(String name) throws Exception {
    Layer layer = layer(Map.of("/" + name, new RegularFile(Specimen.META, Content.of("body"))));
    assertEquals(Bytes.of(utf8("body")), read(tar(layer)).get(name).body);
  }

  @Test
  void keepsNumbersThatUstarHasNoRoomFor() throws Exception {
    Meta meta = Specimen.META.withOwner(Integer.MAX_VALUE, 010000000).withMtime(-5);
    Layer layer = layer(Map.of("/f", new RegularFile(meta, Content.of("body"))));
    TarArchiveEntry entry = read(tar(layer)).get("f").entry;
    assertEquals(List.of((long) Integer.MAX_VALUE, 010000000L), owner(entry));
    assertEquals(-5, entry.getLastModifiedTime().toInstant().getEpochSecond());
  }

  @Test
  void refusesWhatALayerCannotSay() {
    Layer whiteout = layer(Map.of("/.wh.x", new RegularFile(Specimen.META, Content.of(""))));
    assertThrows(IntegrityException.class, () -> LayerTar.check(whiteout));
    Meta strange = Specimen.META.withXattr("user.a=b", Specimen.BINARY);
    Layer xattr = layer(Map.of("/x", new RegularFile(strange, Content.of(""))));
    assertThrows(IntegrityException.class, () -> LayerTar.check(xattr));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bod", "body!", "b0dy", "body and much more"})
  void refusesABodyThatIsNotWhatItClaims(String actual) {
    Content claimed = Content.of("body");
    Content lying =
        new Content() {
          @Override
          public Size size() {
            return claimed.size();
          }

          @Override
          public Sha256 sha256() {
            return claimed.sha256();
          }

          @Override
          public InputStream open() {
            return new ByteArrayInputStream(utf8(actual));
          }
        };
    Layer layer = layer(Map.of("/x", new RegularFile(Specimen.META, lying)));
    IntegrityException e = assertThrows(IntegrityException.class, () -> tar(layer));
    assertTrue(String.valueOf(e.getMessage()).contains("/x (package:specimen=1.0-1)"));
  }

  private static Layer layer(Map<String, Entry> entries) {
    TreeMap<AbsolutePath, Entry> byPath = new TreeMap<>();
    entries.forEach((path, entry) -> byPath.put(AbsolutePath.of(path), entry));
    return new Layer("test", byPath, new TreeSet<>());
  }

  private static byte[] tar(Layer layer) throws IOException, IntegrityException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LayerTar.write(layer, out, n -> {});
    assertEquals(0, out.size() % TarHeader.BLOCK);
    return out.toByteArray();
  }

  private static Members read(byte[] tar) throws IOException {
    Map<String, Member> members = new LinkedHashMap<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(tar), "UTF-8")) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        members.put(entry.getName(), new Member(entry, Bytes.of(in.readAllBytes())));
      }
    }
    return new Members(members);
  }

  private static List<Long> owner(TarArchiveEntry entry) {
    return List.of(entry.getLongUserId(), entry.getLongGroupId());
  }

  private static byte[] record(String xattr, Bytes value) {
    String key = " SCHILY.xattr." + xattr + "=";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(utf8(key));
    out.writeBytes(value.toArray());
    out.write('\n');
    return out.toByteArray();
  }

  private static int count(byte[] bytes, byte[] part) {
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    return all.split(Pattern.quote(new String(part, StandardCharsets.ISO_8859_1)), -1).length - 1;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
