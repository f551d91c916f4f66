package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.u16;
import static io.hardbake.disk.ext4.Narrow.u8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A directory whose names are found by their hash. Its first block is the root of the index, to a
 * reader who knows nothing of indexes a block with only {@code .} and {@code ..}; with many leaves
 * there are nodes between. The leaves are ordinary directory blocks, in order of the hashes.
 *
 * <pre>
 *   block 0: root ─► blocks 1..n: nodes, if any ─► leaves
 * </pre>
 *
 * @see <a
 *     href="https://docs.kernel.org/filesystems/ext4/directory.html#hash-tree-directories">ext4,
 *     Hash Tree Directories</a>
 */
final class HashTree {
  /** Where entries begin in the root: behind {@code .}, {@code ..} and the info. */
  private static final int ROOT_AT = 0x20;

  /** Where {@code ..} stands in the root. */
  static final int PARENT_AT = 0xc;

  /** Where entries begin in a node: behind an entry that spans the block. */
  private static final int NODE_AT = 0x8;

  private static final int ENTRY = 8;
  private static final int TAIL = 8;
  private static final int INFO_BYTES = 8;
  private static final int ROOT_CAPACITY = (Block.BYTES - ROOT_AT - TAIL) / ENTRY;
  private static final int NODE_CAPACITY = (Block.BYTES - NODE_AT - TAIL) / ENTRY;

  /** More need the feature large_dir, which GRUB and older kernels do not know. */
  private static final int MAX_LEAVES = ROOT_CAPACITY * NODE_CAPACITY;

  /** Leaves keep a fifth free, as e2fsck -D leaves them, or every new name would split one. */
  private static final int FILL = DirectoryBlock.CAPACITY * 4 / 5;

  private HashTree() {}

  private record Hashed(long hash, DirectoryEntry entry) {}

  /**
   * A block of names in the making.
   *
   * @param key what the index knows the leaf by; odd if the leaf begins amid equal hashes
   */
  private record Leaf(int key, List<DirectoryEntry> entries) {}

  /** A pointer of the index. */
  private record Pointer(int key, int block) {}

  /**
   * The directory's blocks; nothing if there are too many names for an index.
   *
   * @param entries all but {@code .} and {@code ..}
   */
  static Optional<ByteBuffer> of(
      DirectoryEntry self,
      DirectoryEntry parent,
      List<DirectoryEntry> entries,
      DirectoryHash hash,
      Checksum sum) {
    List<Leaf> leaves = leaves(entries, hash);
    if (leaves.size() > MAX_LEAVES) {
      return Optional.empty();
    }
    boolean deep = leaves.size() > ROOT_CAPACITY;
    int nodes = deep ? (leaves.size() + NODE_CAPACITY - 1) / NODE_CAPACITY : 0;
    int bytes = Math.multiplyExact(1 + nodes + leaves.size(), Block.BYTES);
    ByteBuffer directory = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Pointer> pointers = new ArrayList<>();
    for (Leaf leaf : leaves) {
      int block = 1 + nodes + pointers.size();
      DirectoryBlock.write(directory, block * Block.BYTES, leaf.entries, sum);
      pointers.add(new Pointer(leaf.key, block));
    }
    if (deep) {
      pointers = nodes(directory, pointers, sum);
    }
    self.writeAt(directory, 0x0, self.length());
    parent.writeAt(directory, PARENT_AT, Block.BYTES - PARENT_AT);
    writeInfo(directory, 0x18, deep ? 1 : 0);
    writeIndex(directory, 0, ROOT_AT, ROOT_CAPACITY, pointers, sum);
    return Optional.of(directory);
  }

  private static List<Leaf> leaves(List<DirectoryEntry> entries, DirectoryHash hash) {
    List<Hashed> sorted = new ArrayList<>(entries.size());
    for (DirectoryEntry entry : entries) {
      sorted.add(new Hashed(entry.hash(hash), entry));
    }
    // Equal hashes stay in order of their names.
    sorted.sort(Comparator.comparing(Hashed::hash, Long::compareUnsigned));
    List<Leaf> leaves = new ArrayList<>();
    List<DirectoryEntry> leaf = new ArrayList<>();
    int key = 0;
    int filled = 0;
    int last = 0;
    for (Hashed next : sorted) {
      int major = (int) (next.hash >>> 32);
      if (filled + next.entry.length() > FILL && !leaf.isEmpty()) {
        leaves.add(new Leaf(key, leaf));
        leaf = new ArrayList<>();
        key = major == last ? major | 1 : major;
        filled = 0;
      }
      leaf.add(next.entry);
      filled += next.entry.length();
      last = major;
    }
    leaves.add(new Leaf(key, leaf));
    return leaves;
  }

  /** Writes the nodes that point to the leaves, and returns the pointers to the nodes. */
  private static List<Pointer> nodes(ByteBuffer directory, List<Pointer> leaves, Checksum sum) {
    List<Pointer> nodes = new ArrayList<>();
    for (int from = 0; from < leaves.size(); from += NODE_CAPACITY) {
      List<Pointer> some = leaves.subList(from, Math.min(from + NODE_CAPACITY, leaves.size()));
      int block = 1 + nodes.size();
      int at = block * Block.BYTES;
      DirectoryEntry.writeHeader(directory, at, 0, Block.BYTES, 0, 0);
      writeIndex(directory, at, NODE_AT, NODE_CAPACITY, some, sum);
      nodes.add(new Pointer(some.get(0).key, block));
    }
    return nodes;
  }

  /**
   * Which names a leaf may hold.
   *
   * @param from the lowest hash, unsigned
   * @param to the next leaf's key; with its lowest bit, equal hashes go on there
   */
  record Range(long from, long to) {
    private static final long END = 1L << 32;

    boolean holds(long hash) {
      long major = hash >>> 32;
      return major >= (from & ~1L) && (major < to || ((to & 1) != 0 && major == (to & ~1L)));
    }
  }

  /** Reads a block of a directory. */
  @FunctionalInterface
  interface Source {
    ByteBuffer block(long logical) throws IOException;
  }

  /**
   * Reads an index.
   *
   * @param blocks of the directory
   * @return what each leaf may hold, by its block. Blocks that the index does not lead to are
   *     neither there nor its nodes
   */
  static SortedMap<Long, Range> leaves(Source directory, long blocks, Checksum sum, Flaws flaws)
      throws IOException {
    ByteBuffer root = directory.block(0);
    int levels = root.get(0x18 + 0x6);
    SortedMap<Long, Range> below = new TreeMap<>();
    if (!flaws.require(
        root.getInt(0x18) == 0
            && root.get(0x18 + 0x4) == DirectoryHash.VERSION
            && root.get(0x18 + 0x5) == INFO_BYTES
            && (levels == 0 || levels == 1),
        "its index is of an unusual kind")) {
      return below;
    }
    readIndex(root, new Range(0, Range.END), below, sum, flaws.in("index root"));
    Set<Long> seen = new HashSet<>(Set.of(0L));
    SortedMap<Long, Range> leaves = levels == 0 ? below : new TreeMap<>();
    for (var node : levels == 0 ? Map.<Long, Range>of().entrySet() : below.entrySet()) {
      if (node.getKey() < blocks && seen.add(node.getKey())) {
        ByteBuffer block = directory.block(node.getKey());
        Flaws ofNode = flaws.in("index block " + node.getKey());
        if (ofNode.require(DirectoryEntry.isHeader(block, 0, Block.BYTES, 0), "it is no node")) {
          readIndex(block, node.getValue(), leaves, sum, ofNode);
        }
      }
    }
    long reached = seen.size() + leaves.keySet().stream().filter(seen::add).count();
    flaws.require(
        reached == blocks && leaves.headMap(blocks).size() == leaves.size(),
        "its index leads to %d of its %d blocks".formatted(reached, blocks));
    return leaves.headMap(blocks);
  }

  /** Reads the pointers of a root or node, whose own names lie within {@code all}. */
  private static void readIndex(
      ByteBuffer block, Range all, SortedMap<Long, Range> into, Checksum sum, Flaws flaws) {
    boolean root = DirectoryEntry.lengthAt(block, 0) != Block.BYTES;
    int at = root ? ROOT_AT : NODE_AT;
    int limit = Short.toUnsignedInt(block.getShort(at + 0x0));
    int count = Short.toUnsignedInt(block.getShort(at + 0x2));
    if (!flaws.require(
        limit == (root ? ROOT_CAPACITY : NODE_CAPACITY) && count >= 1 && count <= limit,
        "it has %d pointers of %d".formatted(count, limit))) {
      return;
    }
    if (block.getInt(at + ENTRY * limit + 0x4) != sum.of(block, 0, at + ENTRY * count, TAIL)) {
      flaws.checksum();
    }
    long from = all.from;
    for (int i = 0; i < count; i++) {
      int next = at + ENTRY * (i + 1);
      long to = i == count - 1 ? all.to : Integer.toUnsignedLong(block.getInt(next));
      long child = Integer.toUnsignedLong(block.getInt(at + ENTRY * i + 0x4));
      boolean other = into.put(child, new Range(from, to)) == null;
      flaws.require(other && from <= to && to <= all.to, "its pointers are not in order");
      from = to;
    }
  }

  // spotless:off
  /** {@code struct dx_root_info}. */
  private static void writeInfo(ByteBuffer root, int at, int indirectLevels) {
    root.putInt(at + 0x0, 0);                           // 0x0  le32  reserved_zero
    root.put(at + 0x4, u8(DirectoryHash.VERSION));      // 0x4  u8    hash_version
    root.put(at + 0x5, u8(INFO_BYTES));                 // 0x5  u8    info_length
    root.put(at + 0x6, u8(indirectLevels));             // 0x6  u8    indirect_levels
    root.put(at + 0x7, (byte) 0);                       // 0x7  u8    unused_flags
  }

  /** {@code struct dx_countlimit}, the entries {@code dx_entry}, and {@code dx_tail}. */
  private static void writeIndex(
      ByteBuffer directory, int block, int from, int limit, List<Pointer> pointers, Checksum sum) {
    int at = block + from;
    for (int i = 0; i < pointers.size(); i++) {
      directory.putInt(at + ENTRY * i, pointers.get(i).key);            // 0x0  le32  hash
      directory.putInt(at + ENTRY * i + 0x4, pointers.get(i).block);    // 0x4  le32  block
    }
    // The first entry's hash is never looked at: below all others is the first.
    directory.putShort(at + 0x0, u16(limit));                           // 0x0  le16  limit
    directory.putShort(at + 0x2, u16(pointers.size()));                 // 0x2  le16  count
    // The tail counts into the sum, with zero for the sum itself.
    int used = from + ENTRY * pointers.size();
    int tail = at + ENTRY * limit;
    directory.putInt(tail + 0x0, 0);                                    // 0x0  le32  dt_reserved
    directory.putInt(tail + 0x4, sum.of(directory, block, used, TAIL)); // dt_checksum
  }
  // spotless:on
}
