package io.hardbake.disk.ext4;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Bytes;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Meta;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The extended attributes of one inode: behind the inode as long as they fit there, the others in a
 * block of their own. Entries grow from the front, values from the back.
 *
 * @param inline what stands behind the inode; empty for none
 * @param block the attributes that need a block; empty for none
 * @see <a href="https://docs.kernel.org/filesystems/ext4/attributes.html">ext4, Extended
 *     Attributes</a>
 */
record Xattrs(Bytes inline, List<XattrEntry> block) {
  private static final Xattrs NONE = new Xattrs(Bytes.of(new byte[0]), List.of());

  private static final int MAGIC = 0xea020000;

  /** {@code struct ext4_xattr_ibody_header}: the magic. */
  private static final int INLINE_HEADER = 4;

  /** {@code struct ext4_xattr_header}. */
  private static final int BLOCK_HEADER = 32;

  private static final int CHECKSUM_AT = 0x10;

  /** Behind the last entry stands a word of zeros. */
  private static final int END = 4;

  private static final int INLINE_ROOM = Inode.XATTR_BYTES - INLINE_HEADER - END;
  private static final int BLOCK_ROOM = Block.BYTES - BLOCK_HEADER - END;

  Xattrs {
    block = List.copyOf(block);
  }

  /**
   * Distributes the attributes of an entry.
   *
   * @throws IntegrityException if an attribute is of a kind that ext4 does not know, or there is no
   *     room for all
   */
  static Xattrs of(AbsolutePath path, Meta meta) throws IntegrityException {
    if (meta.xattrs().isEmpty()) {
      return NONE;
    }
    List<XattrEntry> entries = new ArrayList<>();
    for (var attribute : meta.xattrs().entrySet()) {
      Optional<XattrEntry> entry = XattrEntry.of(attribute.getKey(), attribute.getValue());
      if (entry.isEmpty()) {
        throw new IntegrityException(
            "%s has an extended attribute that ext4 cannot hold: %s"
                .formatted(path, attribute.getKey()),
            "remove the attribute from " + meta.provenance());
      }
      entries.add(entry.get());
    }
    Collections.sort(entries);
    List<XattrEntry> inline = new ArrayList<>();
    List<XattrEntry> block = new ArrayList<>();
    int inlineRoom = INLINE_ROOM;
    int blockRoom = BLOCK_ROOM;
    for (XattrEntry entry : entries) {
      if (entry.length() <= inlineRoom) {
        inline.add(entry);
        inlineRoom -= entry.length();
      } else {
        block.add(entry);
        blockRoom -= entry.length();
      }
    }
    if (blockRoom < 0) {
      throw new IntegrityException(
          "the extended attributes of %s need %d bytes more than ext4 has for them"
              .formatted(path, -blockRoom),
          "remove attributes from " + meta.provenance());
    }
    return new Xattrs(inline(inline), block);
  }

  private static Bytes inline(List<XattrEntry> entries) {
    if (entries.isEmpty()) {
      return NONE.inline;
    }
    ByteBuffer out = ByteBuffer.allocate(Inode.XATTR_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0, MAGIC); // h_magic
    // Values are found from the first entry on. Hashes are of use for shared blocks alone.
    write(entries, out, INLINE_HEADER, INLINE_HEADER, false);
    return Bytes.of(out.array());
  }

  // spotless:off
  /** The block of the attributes that need one; its sum covers its number. */
  ByteBuffer renderBlock(Checksum ofBlock) {
    ByteBuffer out = Block.empty();
    int hash = 0;
    boolean shareable = true;
    for (XattrEntry entry : block) {
      hash = Integer.rotateLeft(hash, 16) ^ entry.hash();
      shareable &= entry.hash() != 0;
    }
    out.putInt(0x00, MAGIC);                    // 0x00  le32  h_magic
    out.putInt(0x04, 1);                        // 0x04  le32  h_refcount
    out.putInt(0x08, 1);                        // 0x08  le32  h_blocks
    out.putInt(0x0c, shareable ? hash : 0);     // 0x0c  le32  h_hash
    out.putInt(CHECKSUM_AT, 0);                 // 0x10  le32  h_checksum, below
    write(block, out, BLOCK_HEADER, 0, true);   // 0x14  12    h_reserved, zero
    out.putInt(CHECKSUM_AT, ofBlock.of(out));
    return out;
  }
  // spotless:on

  /**
   * Reads the attributes behind an inode.
   *
   * @param into takes them by the names that programs see
   */
  static void readInline(Bytes inline, SortedMap<String, Bytes> into, Flaws flaws) {
    ByteBuffer in = ByteBuffer.wrap(inline.toArray()).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(0) == MAGIC) {
      read(in, INLINE_HEADER, INLINE_HEADER, into, flaws);
    } else {
      flaws.require(in.getInt(0) == 0, "there is something unknown behind the inode");
    }
  }

  /** Reads a block of attributes. */
  static void readBlock(
      ByteBuffer in, Checksum ofBlock, SortedMap<String, Bytes> into, Flaws flaws) {
    if (!flaws.require(
        in.getInt(0x00) == MAGIC && in.getInt(0x04) == 1 && in.getInt(0x08) == 1,
        "its block of attributes is none, or not of one inode")) {
      return;
    }
    int sum = in.getInt(CHECKSUM_AT);
    if (sum != ofBlock.of(in.putInt(CHECKSUM_AT, 0))) {
      flaws.in("attribute block").checksum();
    }
    read(in, BLOCK_HEADER, 0, into, flaws);
  }

  private static void read(
      ByteBuffer in, int from, int origin, SortedMap<String, Bytes> into, Flaws flaws) {
    boolean hashed = from == BLOCK_HEADER;
    int room = in.capacity();
    int at = from;
    while (at <= in.capacity() - END && in.getInt(at) != 0) {
      Optional<XattrEntry> entry = XattrEntry.readAt(in, at, origin, in.capacity());
      Optional<String> name = entry.flatMap(XattrEntry::fullName);
      Optional<Bytes> value = entry.flatMap(XattrEntry::seenValue);
      room -= entry.map(XattrEntry::length).orElse(0);
      if (name.isEmpty() || value.isEmpty() || room < 0) {
        flaws.structure("an extended attribute is damaged");
        return;
      }
      if (!entry.orElseThrow().hashHolds(in, at, hashed)) {
        flaws.in("attribute " + name.get()).checksum();
      }
      flaws.require(into.put(name.get(), value.get()) == null, "an attribute is there twice");
      at += entry.orElseThrow().entryLength();
    }
  }

  private static void write(
      List<XattrEntry> entries, ByteBuffer out, int from, int origin, boolean hashed) {
    int at = from;
    int value = out.capacity();
    for (XattrEntry entry : entries) {
      value -= entry.valueLength();
      entry.writeAt(out, at, value - origin, hashed);
      out.put(value, entry.value().toArray());
      at += entry.entryLength();
    }
  }
}
