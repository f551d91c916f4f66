package io.hardbake.artifact;

import io.hardbake.failure.BakeException;
import io.hardbake.image.Architecture;
import io.hardbake.image.BlankLedger;
import io.hardbake.image.ContainerSettings;
import io.hardbake.image.Image;
import io.hardbake.io.Bytes;
import io.hardbake.oci.LayerCache;
import io.hardbake.oci.OciArchive;
import io.hardbake.progress.Progress;
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
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Archives of a small tree with one of each kind of entry, written by our own writer. */
final class SmallImages {
  static final long TIME = 1_700_000_000L;
  static final Meta META = Meta.root(0644, TIME, Provenance.ofPackage("small", "1.0-1"));
  static final String STATUS =
      """
      Package: small
      Status: install ok installed
      Version: 1.0-1
      Architecture: all
      Installed-Size: 12

      Package: gone
      Status: deinstall ok config-files
      Version: 2
      Architecture: amd64

      Package: later
      Status: install ok unpacked
      Source: late (3)
      Version: 4
      Architecture: amd64
      """;

  private final Path directory;
  private int number;

  SmallImages(Path directory) {
    this.directory = directory;
  }

  static FileTree tree() {
    FileTree.Builder tree = FileTree.builder(META.withMode(0755));
    put(tree, "/bin/tool", new RegularFile(META.withMode(0755), Content.of("tool")));
    put(tree, "/bin/same", new HardLink(META.withMode(0755), AbsolutePath.of("/bin/tool")));
    put(
        tree,
        "/bin/ping",
        new RegularFile(
            META.withXattr("security.capability", Bytes.ofHex("01")), Content.of("ping")));
    put(tree, "/dev/null", new Device(META, Device.Kind.CHARACTER, 1, 3));
    put(tree, "/etc/conf", new RegularFile(META, Content.of("one\ntwo\nthree\n")));
    put(tree, "/etc/link", new Symlink(META.withMode(0777), "conf"));
    put(tree, "/srv", new Directory(META.withMode(0755)));
    put(tree, "/var/lib/dpkg/status", new RegularFile(META, Content.of(STATUS)));
    return tree.freeze();
  }

  static void put(FileTree.Builder tree, String path, Entry entry) {
    tree.put(AbsolutePath.of(path), entry);
  }

  /** The archive of the tree. */
  Path archive() throws Exception {
    return archive(tree -> {}, Map.of());
  }

  /** The archive of the tree after a change, with further labels. */
  Path archive(Consumer<FileTree.Builder> change, Map<String, String> labels) throws Exception {
    FileTree.Builder builder = tree().toBuilder();
    change.accept(builder);
    FileTree tree = builder.freeze();
    FileTree empty = FileTree.builder(META.withMode(0755)).freeze();
    Image image =
        new Image(
            "small",
            Architecture.AMD64,
            List.of(tree.minus(empty, "packages:small")),
            tree,
            tree.minus(tree, "container"),
            new ContainerSettings(
                List.of("/bin/tool"),
                new TreeMap<>(Map.of("container", "docker")),
                new TreeSet<>(),
                "SIGTERM",
                sorted(labels)),
            new TreeMap<>(Map.of("org.opencontainers.image.version", "v1")),
            Instant.ofEpochSecond(TIME));
    Path place = Files.createDirectory(directory.resolve("image" + number++));
    return new OciArchive(new Cache(place), new BlankLedger(), Progress.silent(), 1)
        .emit(image, place)
        .file();
  }

  private static SortedMap<String, String> sorted(Map<String, String> labels) {
    return new TreeMap<>(labels);
  }

  private record Cache(Path directory) implements LayerCache {
    @Override
    public Path derived(String kind, String key, Filler filler)
        throws IOException, BakeException, InterruptedException {
      Path file = Files.createTempFile(directory, kind, "");
      try (OutputStream out = Files.newOutputStream(file)) {
        filler.fill(out);
      }
      return file;
    }
  }
}
