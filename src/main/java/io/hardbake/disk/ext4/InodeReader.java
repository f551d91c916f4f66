package io.hardbake.disk.ext4;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskBody;
import io.hardbake.disk.MemoryBudget;
import io.hardbake.io.Bytes;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what an inode is: its attributes, and where its blocks are. */
final class InodeReader {
  /** In bytes; as much of a file of a damaged disk may be nowhere. */
  private static final long DOUBTFUL_HOLES = Size.mib(64).bytes();

  private static final Provenance PROVENANCE = new Provenance("disk:root");

  private final FileSystem files;
  private final Budget budget;

  InodeReader(FileSystem files, Budget budget) {
    this.files = files;
    this.budget = budget;
  }

  /** An inode with the extents of its blocks. */
  record Opened(int number, Inode inode, Mapping mapping) {}

  /**
   * Reads an inode and its extents.
   *
   * @throws DamagedDiskException if there is no such inode
   */
  Opened open(int number, Flaws flaws) throws IOException {
    Inode inode = files.inode(number, flaws);
    flaws.require(
        (inode.flags() & ~(Inode.EXTENTS | Inode.INDEX)) == 0,
        "its inode has the flags 0x%x".formatted(inode.flags()));
    Mapping mapping =
        (inode.flags() & Inode.EXTENTS) != 0
            ? Mapping.read(files, number, inode, budget, flaws)
            : Mapping.NONE;
    return new Opened(number, inode, mapping);
  }

  /** What the inode is in a tree. */
  Found read(Opened opened, AbsolutePath path, Flaws flaws) throws IOException {
    Inode inode = opened.inode;
    SortedMap<String, Bytes> xattrs = new TreeMap<>();
    Xattrs.readInline(inode.xattrs(), xattrs, flaws);
    long owned = opened.mapping.owned();
    if (inode.xattrBlock() != 0 && files.claim(inode.xattrBlock(), 1, flaws)) {
      owned++;
      ByteBuffer block = files.block(inode.xattrBlock());
      Xattrs.readBlock(block, files.sum().ofBlock(inode.xattrBlock()), xattrs, flaws);
    }
    flaws.require(
        inode.sectors() == owned * Block.SECTORS,
        "it has %d blocks, and its inode says %d sectors".formatted(owned, inode.sectors()));
    for (Bytes value : xattrs.values()) {
      budget.memory(MemoryBudget.ENTRY + value.length());
    }
    flaws.require(inode.uid() >= 0 && inode.gid() >= 0, "its owner is out of range");
    Meta meta =
        new Meta(
            inode.mode() & 07777,
            inode.uid() & Integer.MAX_VALUE,
            inode.gid() & Integer.MAX_VALUE,
            inode.time(),
            xattrs,
            PROVENANCE);
    Optional<DiskBody> body =
        inode.type() == Inode.REGULAR_FILE ? body(opened, flaws) : Optional.empty();
    return new Found(inode.type(), inode.links(), path, meta, entry(opened, meta, flaws), body);
  }

  private Optional<DiskBody> body(Opened opened, Flaws flaws) throws DamagedDiskException {
    long size = opened.inode.size();
    budget.body(size);
    long blocks = new Size(size).blocks(Block.BYTES);
    if (!flaws.require(
        (opened.inode.flags() & Inode.EXTENTS) != 0 || size == 0, "it has no extents")) {
      return Optional.empty();
    }
    flaws.require(opened.mapping.blocks() <= blocks, "it has blocks behind its end");
    // A length that may be damaged is not worth minutes of hashing zeros.
    long holes = size - Block.offset(opened.mapping.blocks());
    if (!flaws.require(
        holes <= DOUBTFUL_HOLES || flaws.findings().list().isEmpty(),
        "of its %d bytes %d are not on the disk, which is damaged".formatted(size, holes))) {
      return Optional.empty();
    }
    return Optional.of(opened.mapping.body(files, new Size(size)));
  }

  private Optional<Entry> entry(Opened opened, Meta meta, Flaws flaws) throws IOException {
    return switch (opened.inode.type()) {
      case Inode.REGULAR_FILE -> Optional.empty();
      case Inode.DIRECTORY -> Optional.of(new Directory(meta));
      case Inode.SYMBOLIC_LINK -> target(opened, flaws).map(text -> new Symlink(meta, text));
      case Inode.CHARACTER_DEVICE -> Optional.of(device(opened, meta, Device.Kind.CHARACTER));
      case Inode.BLOCK_DEVICE -> Optional.of(device(opened, meta, Device.Kind.BLOCK));
      case Inode.FIFO -> Optional.of(new Device(meta, Device.Kind.FIFO, 0, 0));
      default -> {
        flaws.structure("it is of a type that is not baked: 0x%x".formatted(opened.inode.type()));
        yield Optional.empty();
      }
    };
  }

  private Optional<String> target(Opened opened, Flaws flaws) throws IOException {
    Inode inode = opened.inode;
    boolean inInode = (inode.flags() & Inode.EXTENTS) == 0;
    if (!flaws.require(
        inode.size() > 0 && inode.size() <= (inInode ? Node.SHORT_TARGET : Inventory.MAX_TARGET),
        "its target has %d bytes".formatted(inode.size()))) {
      return Optional.empty();
    }
    byte[] block =
        inInode ? inode.block().toArray() : files.block(opened.mapping.physical(0)).array();
    Optional<String> target =
        Utf8.text(Arrays.copyOf(block, (int) inode.size())).filter(t -> t.indexOf('\0') < 0);
    flaws.require(target.isPresent(), "its target is not UTF-8");
    budget.memory(inode.size());
    return target;
  }

  private static Device device(Opened opened, Meta meta, Device.Kind kind) {
    ByteBuffer block =
        ByteBuffer.wrap(opened.inode.block().toArray()).order(ByteOrder.LITTLE_ENDIAN);
    int old = block.getInt(0);
    int number = block.getInt(Integer.BYTES);
    // As Rendering writes them: 8 bits of each, or 12 bits of major amid 20 bits of minor.
    return old != 0
        ? new Device(meta, kind, (old >>> 8) & 0xff, old & 0xff)
        : new Device(
            meta, kind, (number >>> 8) & 0xfff, (number & 0xff) | ((number >>> 12) & 0xfff00));
  }
}
