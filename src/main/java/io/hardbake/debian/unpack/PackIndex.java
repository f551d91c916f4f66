package io.hardbake.debian.unpack;

import io.hardbake.debian.unpack.UnpackedPackage.Member;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.FileSlice;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The records of a pack's index: control files, a zero byte, members in archive order, a zero byte.
 * Encoding and decoding stand side by side.
 */
final class PackIndex {
  static final int END = 0;
  private static final int CONTROL_FILE = 1;
  private static final int FILE = 2;
  private static final int DIRECTORY = 3;
  private static final int SYMLINK = 4;
  private static final int HARD_LINK = 5;

  private PackIndex() {}

  /** Where a body lies in the pack. */
  record Slice(long offset, long size, Sha256 sha256) {
    void write(DataOutputStream out) throws IOException {
      out.writeLong(offset);
      out.writeLong(size);
      out.write(HexFormat.of().parseHex(sha256.hex()));
    }

    static Slice read(DataInputStream in) throws IOException {
      return new Slice(
          in.readLong(), in.readLong(), new Sha256(HexFormat.of().formatHex(exactly(in, 32))));
    }

    Content in(Path pack) {
      return new FileSlice(pack, offset, new Size(size), sha256);
    }
  }

  static void writeControlFile(DataOutputStream out, String name, Slice slice) throws IOException {
    out.writeByte(CONTROL_FILE);
    writeText(out, name);
    slice.write(out);
  }

  static SortedMap<String, Content> readControlFiles(DataInputStream in, Path pack)
      throws IOException {
    SortedMap<String, Content> files = new TreeMap<>();
    while (in.readByte() == CONTROL_FILE) {
      files.put(readText(in), Slice.read(in).in(pack));
    }
    return files;
  }

  static void writeFile(DataOutputStream out, AbsolutePath path, TarHeader header, Slice slice)
      throws IOException {
    writeCommon(out, FILE, path, header);
    slice.write(out);
  }

  static void writeDirectory(DataOutputStream out, AbsolutePath path, TarHeader header)
      throws IOException {
    writeCommon(out, DIRECTORY, path, header);
  }

  static void writeSymlink(DataOutputStream out, AbsolutePath path, TarHeader header)
      throws IOException {
    writeCommon(out, SYMLINK, path, header);
    writeText(out, header.linkName());
  }

  static void writeHardLink(
      DataOutputStream out, AbsolutePath path, TarHeader header, AbsolutePath target)
      throws IOException {
    writeCommon(out, HARD_LINK, path, header);
    writeText(out, target.value());
  }

  /** The member of the kind that was read before. */
  static Member readMember(int kind, DataInputStream in, Path pack, Provenance provenance)
      throws IOException {
    AbsolutePath path = AbsolutePath.of(readText(in));
    Meta meta = readMeta(in, provenance);
    Entry entry =
        switch (kind) {
          case FILE -> new Entry.RegularFile(meta, Slice.read(in).in(pack));
          case DIRECTORY -> new Entry.Directory(meta);
          case SYMLINK -> new Entry.Symlink(meta, readText(in));
          case HARD_LINK -> new Entry.HardLink(meta, AbsolutePath.of(readText(in)));
          default -> throw new DamagedPackException("unknown kind of entry " + kind);
        };
    return new Member(path, entry);
  }

  private static void writeCommon(
      DataOutputStream out, int kind, AbsolutePath path, TarHeader header) throws IOException {
    out.writeByte(kind);
    writeText(out, path.value());
    out.writeInt(header.mode());
    out.writeInt(header.uid());
    out.writeInt(header.gid());
    out.writeLong(header.mtime());
    out.writeInt(header.xattrs().size());
    for (Map.Entry<String, Bytes> xattr : header.xattrs().entrySet()) {
      writeText(out, xattr.getKey());
      writeBytes(out, xattr.getValue().toArray());
    }
  }

  private static Meta readMeta(DataInputStream in, Provenance provenance) throws IOException {
    int mode = in.readInt();
    int uid = in.readInt();
    int gid = in.readInt();
    long mtime = in.readLong();
    SortedMap<String, Bytes> xattrs = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String name = readText(in);
      xattrs.put(name, Bytes.of(readBytes(in)));
    }
    return new Meta(mode, uid, gid, mtime, xattrs, provenance);
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    return exactly(in, in.readInt());
  }

  private static byte[] exactly(DataInputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new DamagedPackException("the index is too short");
    }
    return bytes;
  }
}
