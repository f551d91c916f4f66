package io.hardbake.disk.ext4;

import io.hardbake.io.Bytes;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Trees and settings for tests. */
final class TestTree {
  static final Provenance TEST = new Provenance("test");
  static final long TIME = 1_600_000_000;

  private final FileTree.Builder builder = FileTree.builder(meta(0755));

  static Meta meta(int mode) {
    return Meta.root(mode, TIME, TEST);
  }

  static Ext4Settings settings(Size size) {
    return Ext4Settings.of(
        size,
        UUID.fromString("8b1f4b2c-4f0e-4b1c-9c55-000102030405"),
        UUID.fromString("f00dfeed-1234-4321-8888-a5a5a5a5a5a5"),
        "hardbake-root",
        Instant.ofEpochSecond(1_700_000_000));
  }

  static Ext4Settings settings(Size size, int bytesPerInode) {
    Ext4Settings usual = settings(size);
    return new Ext4Settings(
        size,
        usual.uuid(),
        usual.hashSeed(),
        usual.label(),
        usual.time(),
        bytesPerInode,
        usual.reservedPercent());
  }

  TestTree put(String path, Entry entry) {
    builder.putExact(AbsolutePath.of(path), entry);
    return this;
  }

  TestTree directory(String path) {
    return put(path, new Directory(meta(0755)));
  }

  TestTree file(String path, String text) {
    return file(path, Content.of(text));
  }

  TestTree file(String path, Content content) {
    return put(path, new RegularFile(meta(0644), content));
  }

  /** A file that may be run, and its parent directories. */
  TestTree program(String path, Content content) {
    builder.put(AbsolutePath.of(path), new RegularFile(meta(0755), content));
    return this;
  }

  TestTree symlink(String path, String target) {
    return put(path, new Symlink(meta(0777), target));
  }

  TestTree hardLink(String path, String target) {
    return put(path, new HardLink(meta(0644), AbsolutePath.of(target)));
  }

  TestTree device(String path, Device.Kind kind, int major, int minor) {
    return put(path, new Device(meta(0600), kind, major, minor));
  }

  FileTree freeze() {
    return builder.freeze();
  }

  static FileTree with(FileTree tree, String path, Entry entry) {
    FileTree.Builder builder = tree.toBuilder();
    builder.putExact(AbsolutePath.of(path), entry);
    return builder.freeze();
  }

  /**
   * Names for a directory of a file system with {@link #settings}: the last of its first leaf and
   * the first of its second have equal hashes.
   */
  static List<String> namesWithEqualHashesInTwoLeaves() {
    DirectoryHash hash = new DirectoryHash(settings(Size.mib(8)).hashSeed());
    int inLeaf = DirectoryBlock.CAPACITY * 4 / 5 / 248; // 8 bytes and 240 of the name
    SortedMap<Long, String> known = new TreeMap<>();
    for (int i = 0; ; i++) {
      String name = String.format(Locale.ROOT, "%0240d", i);
      long major = hash.of(name.getBytes(StandardCharsets.US_ASCII)) >>> 32;
      String other = known.put(major, name);
      SortedMap<Long, String> lower = known.headMap(major);
      if (other != null && lower.size() >= inLeaf - 1) {
        List<String> names = new ArrayList<>(List.of(other, name));
        lower.values().stream().limit(inLeaf - 1).forEach(names::add);
        known.tailMap(major + 1).values().stream().limit(inLeaf).forEach(names::add);
        return names;
      }
    }
  }

  /** A tree with an entry of each kind. */
  static FileTree small() {
    Bytes capability = Bytes.ofHex("0100000200200000000000000000000000000000");
    Bytes acl =
        Bytes.ofHex(
            "02000000"
                + "01000600ffffffff"
                + "02000400e8030000"
                + "04000400ffffffff"
                + "10000400ffffffff"
                + "20000000ffffffff");
    return new TestTree()
        .directory("/bin")
        .put(
            "/bin/ping",
            new RegularFile(
                meta(0755).withXattr("security.capability", capability),
                Content.of("p".repeat(5000))))
        .put("/bin/sudo", new RegularFile(meta(04755), Content.of("sudo")))
        .directory("/etc")
        .file("/etc/empty", "")
        .put(
            "/etc/acl",
            new RegularFile(
                meta(0640)
                    .withXattr("system.posix_acl_access", acl)
                    .withXattr("user.note", Bytes.ofHex("aa".repeat(60))),
                Content.of("a")))
        .put(
            "/etc/many",
            new RegularFile(
                meta(0640)
                    .withXattr("user.long", Bytes.ofHex("ab".repeat(1000)))
                    .withXattr("user.a", Bytes.ofHex("01"))
                    .withXattr("user.longer", Bytes.ofHex("cd".repeat(2001)))
                    .withXattr("trusted.x", Bytes.ofHex("")),
                Content.of("a")))
        .put(
            "/etc/shadow",
            new RegularFile(
                meta(0640).withOwner(0, 42).withMtime(5_000_000_000L),
                Content.of("x".repeat(4096))))
        .put(
            "/etc/old",
            new RegularFile(
                meta(0640).withOwner(100000, 3_000_0).withMtime(-5), Content.of("x".repeat(4097))))
        .symlink("/lib", "usr/lib")
        .symlink("/etc/59", "s".repeat(59))
        .symlink("/etc/60", "s".repeat(60))
        .symlink("/etc/4095", "s".repeat(4095))
        .hardLink("/etc/linked", "/bin/sudo")
        .directory("/dev")
        .device("/dev/null", Device.Kind.CHARACTER, 1, 3)
        .device("/dev/vda", Device.Kind.BLOCK, 254, 300)
        .device("/dev/big", Device.Kind.BLOCK, 4000, 1000000)
        .device("/dev/pipe", Device.Kind.FIFO, 0, 0)
        .directory("/usr")
        .directory("/usr/lib")
        .put("/tmp", new Directory(meta(01777)))
        .file("/etc/" + "ő".repeat(127) + "x", "utf-8")
        .freeze();
  }
}
