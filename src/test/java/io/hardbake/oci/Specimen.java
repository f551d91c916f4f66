package io.hardbake.oci;

import io.hardbake.image.Architecture;
import io.hardbake.image.ContainerSettings;
import io.hardbake.image.Image;
import io.hardbake.io.Bytes;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A small image with everything that a layer can hold: three layers, removals, setuid, foreign
 * owners, capabilities, hard links, devices, long and foreign names.
 */
final class Specimen {
  static final long TIME = 1_700_000_000L;
  static final Meta META = Meta.root(0644, TIME, Provenance.ofPackage("specimen", "1.0-1"));
  static final Meta DIRECTORY = META.withMode(0755);

  /** {@code cap_net_raw=ep} in {@code struct vfs_cap_data}, revision 2. */
  static final Bytes CAPABILITY = Bytes.ofHex("0100000200200000000000000000000000000000");

  /** Not UTF-8, with NUL, line feed and {@code =}. */
  static final Bytes BINARY = Bytes.ofHex("00ff0a3dfe80c320");

  static final String LONG_NAME = "l".repeat(120) + "-é-ü";

  private Specimen() {}

  static FileTree base() {
    FileTree.Builder tree = FileTree.builder(DIRECTORY);
    put(tree, "/bin/init", new RegularFile(META.withMode(0755), Content.of("#!/bin/sh\n")));
    put(tree, "/bin/su", new RegularFile(META.withMode(04755), Content.of("su")));
    put(tree, "/bin/ping", new RegularFile(capable(), Content.of("ping")));
    put(tree, "/bin/ping4", new HardLink(capable(), AbsolutePath.of("/bin/ping")));
    put(tree, "/dev/null", new Device(META.withMode(0666), Device.Kind.CHARACTER, 1, 3));
    put(tree, "/dev/sda1", new Device(META.withOwner(0, 6), Device.Kind.BLOCK, 8, 1));
    put(tree, "/dev/initctl", new Device(META, Device.Kind.FIFO, 0, 0));
    put(tree, "/etc/old/one", new RegularFile(META, Content.of("1")));
    put(tree, "/etc/old/two", new RegularFile(META, Content.of("2")));
    put(tree, "/etc/gone", new RegularFile(META, Content.of("gone")));
    put(tree, "/etc/kind", new RegularFile(META, Content.of("a file that becomes a directory")));
    put(tree, "/etc/mtab", new Symlink(META.withMode(0777), "../proc/self/mounts"));
    put(tree, "/etc/" + LONG_NAME, new RegularFile(META.withOwner(33, 65534), Content.of("x")));
    put(tree, "/etc/long", new Symlink(META.withMode(0777), LONG_NAME));
    put(tree, "/etc/system-x\\x2dy.slice", new RegularFile(META, Content.of("")));
    put(tree, "/tmp", new Directory(DIRECTORY.withMode(01777)));
    put(tree, "/usr/share/noise", new RegularFile(META, noise(2_500_000)));
    return tree.freeze();
  }

  static FileTree role() {
    FileTree.Builder tree = base().toBuilder();
    tree.remove(AbsolutePath.of("/etc/old"));
    tree.remove(AbsolutePath.of("/etc/gone"));
    tree.remove(AbsolutePath.of("/etc/kind"));
    put(tree, "/etc/kind/inside", new RegularFile(META, Content.of("now inside")));
    put(tree, "/etc/old", new Symlink(META.withMode(0777), "kind"));
    Meta attributed = META.withXattr("user.binary", BINARY);
    put(tree, "/srv/attributed", new RegularFile(attributed, Content.of("attributed")));
    return tree.freeze();
  }

  static FileTree container() {
    FileTree.Builder tree = role().toBuilder();
    put(tree, "/etc/masked.service", new Symlink(META.withMode(0777), "/dev/null"));
    return tree.freeze();
  }

  static Image image() {
    FileTree empty = FileTree.builder(DIRECTORY).freeze();
    List<Layer> layers =
        List.of(
            base().minus(empty, "packages:base"),
            role().minus(base(), "packages:specimen"),
            role().minus(role(), "configuration"));
    return new Image(
        "specimen",
        Architecture.AMD64,
        layers,
        role(),
        container().minus(role(), "container"),
        settings(),
        new TreeMap<>(Map.of(ImageName.VERSION, "v1.18.6+x", "io.hardbake.role", "specimen")),
        Instant.ofEpochSecond(TIME));
  }

  static ContainerSettings settings() {
    return new ContainerSettings(
        List.of("/sbin/init"),
        new TreeMap<>(Map.of("container", "docker", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin")),
        new TreeSet<>(List.of("6443/tcp", "80/tcp")),
        "SIGRTMIN+3",
        new TreeMap<>(Map.of("role", "specimen")));
  }

  /** Half of it repeats, half is random. */
  static Content noise(int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(7);
    int at = 0;
    byte[] chunk = new byte[1000];
    while (at < size) {
      if (random.nextBoolean()) {
        random.nextBytes(chunk);
      }
      int n = Math.min(chunk.length, size - at);
      System.arraycopy(chunk, 0, bytes, at, n);
      at += n;
    }
    return Content.of(bytes);
  }

  private static Meta capable() {
    return META.withMode(0755).withXattr("security.capability", CAPABILITY);
  }

  private static void put(FileTree.Builder tree, String path, Entry entry) {
    tree.put(AbsolutePath.of(path), entry);
  }
}
