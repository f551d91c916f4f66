package io.hardbake.oci;

import io.hardbake.Oracle;
import io.hardbake.image.Manifest;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the tests with oracles have in common. */
final class ImageTools {
  private static final Provenance UNPACKED = new Provenance("test:unpacked");

  private ImageTools() {}

  static Path archive(Path directory) throws Exception {
    Path cache = Files.createDirectories(directory.resolve("cache"));
    return new OciArchive(new DirectoryCache(cache), Progress.silent(), 2)
        .emit(Specimen.image(), directory)
        .file();
  }

  /** A copy of the archive with one bit turned in the body of its largest blob. */
  static Path tampered(Path archive) throws IOException {
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    return Files.write(archive.resolveSibling("tampered.oci.tar"), bytes);
  }

  /** A directory tree as a manifest, as far as this machine's own tools can see it. */
  static Manifest manifestOf(Path root) throws IOException {
    Map<Object, AbsolutePath> firstNames = new HashMap<>();
    SortedMap<AbsolutePath, Path> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      walk.forEach(file -> files.put(pathIn(root, file), file));
    }
    List<Manifest.Line> lines = new ArrayList<>();
    for (Map.Entry<AbsolutePath, Path> e : files.entrySet()) {
      lines.add(line(e.getKey(), e.getValue(), firstNames));
    }
    return new Manifest(lines);
  }

  private static AbsolutePath pathIn(Path root, Path file) {
    return new AbsolutePath("/" + root.relativize(file));
  }

  private static Manifest.Line line(AbsolutePath path, Path file, Map<Object, AbsolutePath> names)
      throws IOException {
    Map<String, Object> inode = Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS);
    int mode = number(inode, "mode");
    Manifest.Type type =
        switch (mode >> 12) {
          case 001 -> Manifest.Type.FIFO;
          case 002 -> Manifest.Type.CHARACTER;
          case 004 -> Manifest.Type.DIRECTORY;
          case 006 -> Manifest.Type.BLOCK;
          case 012 -> Manifest.Type.SYMLINK;
          default -> Manifest.Type.FILE;
        };
    Optional<Size> size = Optional.empty();
    String body = "";
    switch (type) {
      case SYMLINK -> body = Files.readSymbolicLink(file).toString();
      case CHARACTER, BLOCK ->
          body = Oracle.run("stat", "-c", "%Hr:%Lr", file.toString()).succeeded().stdout().strip();
      case FILE -> {
        AbsolutePath first = names.putIfAbsent(inode.get("ino"), path);
        if (first == null) {
          size = Optional.of(new Size(Files.size(file)));
          body = "sha256:" + Sha256.of(file);
        } else {
          type = Manifest.Type.HARDLINK;
          body = first.value();
        }
      }
      default -> {}
    }
    return new Manifest.Line(
        path,
        type,
        mode & 07777,
        number(inode, "uid"),
        number(inode, "gid"),
        size,
        body,
        xattrs(file),
        UNPACKED);
  }

  private static int number(Map<String, Object> inode, String name) {
    return ((Number) Optional.ofNullable(inode.get(name)).orElseThrow()).intValue();
  }

  /** Lines of getfattr are {@code name=0xhex}, with octal escapes in names. */
  private static SortedMap<String, Bytes> xattrs(Path file) {
    SortedMap<String, Bytes> xattrs = new TreeMap<>();
    String dump =
        Oracle.run(
                "getfattr",
                "--no-dereference",
                "--absolute-names",
                "--dump",
                "--encoding=hex",
                "--match=-",
                "--",
                file.toString())
            .succeeded()
            .stdout();
    for (String line : dump.lines().toList()) {
      int value = line.indexOf("=0x");
      // umoci keeps a note of its own where it could not do something.
      if (!line.startsWith("#") && value > 0) {
        xattrs.put(line.substring(0, value), Bytes.ofHex(line.substring(value + 3)));
      }
    }
    return xattrs;
  }

  /** Without provenance, which no image carries. */
  static String comparable(Manifest manifest) {
    StringBuilder text = new StringBuilder();
    for (Manifest.Line line : manifest.lines()) {
      String whole = line.toString();
      text.append(whole, 0, whole.lastIndexOf(' ')).append('\n');
    }
    return text.toString();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
