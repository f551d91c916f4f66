package io.hardbake.tree;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory of this machine as a tree; hard links become files of their own. */
public final class DirectoryTree {
  private static final Provenance PROVENANCE = new Provenance("test:directory");

  private DirectoryTree() {}

  public static FileTree.Builder read(Path root) throws IOException {
    FileTree.Builder tree = FileTree.builder(Meta.root(0755, 0, PROVENANCE));
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths.filter(p -> !p.equals(root)).sorted()::iterator) {
        AbsolutePath name = AbsolutePath.of("/" + root.relativize(path));
        if (Files.isSymbolicLink(path)) {
          String target = Files.readSymbolicLink(path).toString();
          tree.putExact(name, new Symlink(meta(path), target));
        } else if (Files.isDirectory(path)) {
          tree.putExact(name, new Directory(meta(path)));
        } else if (Files.isRegularFile(path)) {
          tree.putExact(name, new RegularFile(meta(path), new DiskContent(path)));
        }
      }
    }
    return tree;
  }

  private static Meta meta(Path path) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
    return new Meta(
        (Integer) attributes.getOrDefault("mode", 0) & 07777,
        (Integer) attributes.getOrDefault("uid", 0),
        (Integer) attributes.getOrDefault("gid", 0),
        0,
        new TreeMap<>(),
        PROVENANCE);
  }

  private record DiskContent(Path path) implements Content {
    @Override
    public Size size() {
      try {
        return new Size(Files.size(path));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Sha256 sha256() {
      try {
        return Sha256.of(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }
  }
}
