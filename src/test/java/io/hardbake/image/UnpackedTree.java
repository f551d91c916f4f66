package io.hardbake.image;

import io.hardbake.Oracle;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Provenance;
import java.io.ByteArrayOutputStream;
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

/** What another program made of an image, unpacked or mounted, as this machine's kernel sees it. */
public final class UnpackedTree {
  private static final String FILE = "# file: ";
  private static final Provenance UNPACKED = new Provenance("test:unpacked");

  private UnpackedTree() {}

  /** A directory tree as a manifest, as far as this machine's own tools can see it. */
  public static Manifest manifestOf(Path root) throws IOException {
    Map<Object, AbsolutePath> firstNames = new HashMap<>();
    SortedMap<AbsolutePath, Path> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      walk.forEach(file -> files.put(pathIn(root, file), file));
    }
    Map<Path, SortedMap<String, Bytes>> xattrs = xattrs(root);
    List<Manifest.Line> lines = new ArrayList<>();
    for (Map.Entry<AbsolutePath, Path> e : files.entrySet()) {
      SortedMap<String, Bytes> own = xattrs.getOrDefault(e.getValue(), new TreeMap<>());
      lines.add(line(e.getKey(), e.getValue(), firstNames, own));
    }
    return new Manifest(lines);
  }

  private static AbsolutePath pathIn(Path root, Path file) {
    return AbsolutePath.of("/" + root.relativize(file));
  }

  private static Manifest.Line line(
      AbsolutePath path,
      Path file,
      Map<Object, AbsolutePath> names,
      SortedMap<String, Bytes> xattrs)
      throws IOException {
    Map<String, Object> inode = Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS);
    int mode = number(inode, "mode").intValue();
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
      case CHARACTER, BLOCK -> body = device(number(inode, "rdev").longValue());
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
        number(inode, "uid").intValue(),
        number(inode, "gid").intValue(),
        size,
        body,
        xattrs,
        UNPACKED);
  }

  /** The numbers in a dev_t, as makedev(3) puts them there. */
  private static String device(long numbers) {
    long major = ((numbers >>> 8) & 0xfff) | ((numbers >>> 32) & ~0xfff);
    long minor = (numbers & 0xff) | ((numbers >>> 12) & 0xffffff00L);
    return major + ":" + minor;
  }

  private static Number number(Map<String, Object> inode, String name) {
    return (Number) Optional.ofNullable(inode.get(name)).orElseThrow();
  }

  /**
   * All extended attributes below a directory, by file. A file's lines begin with {@code # file:
   * name}, then {@code attribute=0xhex}; names have octal escapes.
   */
  private static Map<Path, SortedMap<String, Bytes>> xattrs(Path root) {
    Map<Path, SortedMap<String, Bytes>> xattrs = new HashMap<>();
    String dump =
        Oracle.run(
                "getfattr",
                "--recursive",
                "--physical",
                "--no-dereference",
                "--absolute-names",
                "--dump",
                "--encoding=hex",
                "--match=-",
                "--",
                root.toString())
            .succeeded()
            .stdout();
    SortedMap<String, Bytes> own = new TreeMap<>();
    for (String line : dump.lines().toList()) {
      int value = line.indexOf("=0x");
      if (line.startsWith(FILE)) {
        own = new TreeMap<>();
        xattrs.put(Path.of(unescape(line.substring(FILE.length()))), own);
      } else if (value > 0) {
        own.put(unescape(line.substring(0, value)), Bytes.ofHex(line.substring(value + 3)));
      }
    }
    return xattrs;
  }

  /** Backslash and three octal digits stand for a byte of UTF-8. */
  private static String unescape(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) == '\\') {
        bytes.write(Integer.parseInt(name.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.writeBytes(name.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Without provenance, which no image carries. */
  public static String comparable(Manifest manifest) {
    StringBuilder text = new StringBuilder();
    for (Manifest.Line line : manifest.lines()) {
      String whole = line.toString();
      text.append(whole, 0, whole.lastIndexOf(' ')).append('\n');
    }
    return text.toString();
  }
}
