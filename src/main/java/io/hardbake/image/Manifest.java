package io.hardbake.image;

import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A tree as text, for review, for goldens and for comparing with what an engine made of an image:
 * one line an entry, in path order, eight fields separated by one space.
 *
 * <pre>
 *   path type mode uid:gid size body xattrs provenance
 *
 *   /bin/ping file 0755 0:0 90568 sha256:6d0c… security.capability=0100…00 package:iputils-ping=3:20221126-1
 *   /etc/mtab symlink 0777 0:0 - ../proc/self/mounts - settle:files
 *   /usr/bin/perl5.36 hardlink 0755 0:0 - /usr/bin/perl - package:perl-base=5.36.0-7
 *   /dev/null character 0666 0:0 - 1:3 - settle:devices
 * </pre>
 *
 * <p>A field with nothing in it is {@code -}. The type is {@code directory}, {@code file}, {@code
 * symlink}, {@code hardlink}, {@code character}, {@code block} or {@code fifo}; the body is a
 * file's digest, a link's target or a device's numbers; extended attributes are {@code name=hex}
 * joined by commas. In paths, link targets and attribute names every byte of the UTF-8 form that is
 * not printable ASCII, and space, backslash, comma and, in attribute names, {@code =}, is written
 * as a backslash and three octal digits, so fields never contain a space; a lone {@code -} is
 * escaped too.
 */
public record Manifest(List<Line> lines) {
  private static final String NONE = "-";

  public Manifest {
    lines = List.copyOf(lines);
  }

  /** What an entry is, as its line says it. */
  public enum Type {
    DIRECTORY,
    FILE,
    SYMLINK,
    HARDLINK,
    CHARACTER,
    BLOCK,
    FIFO;

    private final String word = name().toLowerCase(Locale.ROOT);

    private static Type of(String word) {
      for (Type type : values()) {
        if (type.word.equals(word)) {
          return type;
        }
      }
      throw new IllegalArgumentException("no such type: " + word);
    }
  }

  /**
   * One entry.
   *
   * @param size of a regular file
   * @param body digest, link target or device numbers, not escaped; empty for directories
   */
  public record Line(
      AbsolutePath path,
      Type type,
      int mode,
      int uid,
      int gid,
      Optional<Size> size,
      String body,
      SortedMap<String, Bytes> xattrs,
      Provenance provenance) {

    public Line {
      if ((mode & ~07777) != 0 || uid < 0 || gid < 0) {
        throw new IllegalArgumentException(
            "not a mode and an owner: %o %d:%d".formatted(mode, uid, gid));
      }
    }

    /** The line of an entry. */
    public static Line of(AbsolutePath path, Entry entry) {
      Meta meta = entry.meta();
      Body body = entry.accept(BodyOf.INSTANCE);
      return new Line(
          path,
          body.type,
          meta.mode(),
          meta.uid(),
          meta.gid(),
          body.size,
          body.text,
          meta.xattrs(),
          meta.provenance());
    }

    /** Equal in all but the provenance, which no image carries. */
    public boolean sameAs(Line other) {
      return withProvenance(other.provenance).equals(other);
    }

    private Line withProvenance(Provenance other) {
      return new Line(path, type, mode, uid, gid, size, body, xattrs, other);
    }

    @Override
    public String toString() {
      // By hand: tens of thousands of lines are written, most of them before anything is compiled.
      StringBuilder line = new StringBuilder(200);
      Escapes.append(line, path.value());
      line.append(' ').append(type.word).append(' ');
      for (int shift = 9; shift >= 0; shift -= 3) {
        line.append((char) ('0' + (mode >> shift & 7)));
      }
      line.append(' ').append(uid).append(':').append(gid).append(' ');
      if (size.isPresent()) {
        line.append(size.get().bytes());
      } else {
        line.append(NONE);
      }
      line.append(' ');
      if (body.isEmpty()) {
        line.append(NONE);
      } else {
        Escapes.append(line, body);
      }
      line.append(' ').append(xattrs.isEmpty() ? NONE : attributes()).append(' ');
      Escapes.append(line, provenance.value());
      return line.toString();
    }

    private String attributes() {
      List<String> attributes = new ArrayList<>();
      xattrs.forEach(
          (name, value) ->
              attributes.add(Escapes.escape(name).replace("=", "\\075") + "=" + value));
      return String.join(",", attributes);
    }

    static Line parse(String line) {
      String[] fields = line.split(" ", -1);
      if (fields.length != 8) {
        throw new IllegalArgumentException("not eight fields");
      }
      String[] owner = fields[3].split(":", 2);
      if (owner.length != 2) {
        throw new IllegalArgumentException("not an owner: " + fields[3]);
      }
      SortedMap<String, Bytes> xattrs = new TreeMap<>();
      if (!fields[6].equals(NONE)) {
        for (String attribute : fields[6].split(",", -1)) {
          int equals = attribute.indexOf('=');
          if (equals < 0) {
            throw new IllegalArgumentException("not an extended attribute: " + attribute);
          }
          xattrs.put(
              Escapes.unescape(attribute.substring(0, equals)),
              Bytes.ofHex(attribute.substring(equals + 1)));
        }
      }
      return new Line(
          AbsolutePath.of(Escapes.unescape(fields[0])),
          Type.of(fields[1]),
          Integer.parseInt(fields[2], 8),
          Integer.parseInt(owner[0]),
          Integer.parseInt(owner[1]),
          fields[4].equals(NONE)
              ? Optional.empty()
              : Optional.of(new Size(Long.parseLong(fields[4]))),
          fields[5].equals(NONE) ? "" : Escapes.unescape(fields[5]),
          xattrs,
          new Provenance(Escapes.unescape(fields[7])));
    }
  }

  /** The manifest of a tree. */
  public static Manifest of(FileTree tree) {
    List<Line> lines = new ArrayList<>();
    tree.entries().forEach((path, entry) -> lines.add(Line.of(path, entry)));
    return new Manifest(lines);
  }

  /**
   * Reads what {@link #write} wrote. A byte that it never writes stands for itself, as in {@link
   * Escapes#unescape}.
   *
   * @throws IOException if a line does not have the form, with its number
   */
  public static Manifest parse(byte[] text) throws IOException {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String line : new String(text, StandardCharsets.ISO_8859_1).lines().toList()) {
      number++;
      try {
        lines.add(Line.parse(line));
      } catch (IllegalArgumentException e) {
        throw new IOException("line " + number + " of the manifest: " + e.getMessage(), e);
      }
    }
    return new Manifest(lines);
  }

  /** Writes the lines, each with its line feed. */
  public void write(OutputStream out) throws IOException {
    for (Line line : lines) {
      out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }
  }

  private record Body(Type type, Optional<Size> size, String text) {
    Body(Type type, String text) {
      this(type, Optional.empty(), text);
    }
  }

  private enum BodyOf implements Entry.Visitor<Body> {
    INSTANCE;

    @Override
    public Body directory(Directory directory) {
      return new Body(Type.DIRECTORY, "");
    }

    @Override
    public Body regularFile(RegularFile file) {
      Sha256 sha256 = file.content().sha256();
      return new Body(Type.FILE, Optional.of(file.content().size()), "sha256:" + sha256);
    }

    @Override
    public Body symlink(Symlink link) {
      return new Body(Type.SYMLINK, link.target());
    }

    @Override
    public Body hardLink(HardLink link) {
      return new Body(Type.HARDLINK, link.target().value());
    }

    @Override
    public Body device(Device device) {
      return switch (device.kind()) {
        case CHARACTER -> new Body(Type.CHARACTER, device.major() + ":" + device.minor());
        case BLOCK -> new Body(Type.BLOCK, device.major() + ":" + device.minor());
        case FIFO -> new Body(Type.FIFO, "");
      };
    }
  }
}
