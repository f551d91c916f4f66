package io.hardbake.disk.ext4;

import io.hardbake.disk.Volume;
import io.hardbake.io.Bytes;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Symlink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes the bytes of a laid out file system. Used once. */
final class Rendering {
  private static final Bytes NOTHING = Bytes.of(new byte[0]);

  private final Ext4Settings settings;
  private final Layout layout;
  private final InodeNumbers numbers;
  private final Geometry geometry;
  private final Checksum sum;
  private final Volume.Builder volume;
  private final SortedMap<Long, ByteBuffer> tableBlocks = new TreeMap<>();
  private final InodeUsage inodes;
  private final BlockUsage blocks;

  Rendering(Ext4Settings settings, Layout layout, InodeNumbers numbers) {
    this.settings = settings;
    this.layout = layout;
    this.numbers = numbers;
    this.geometry = layout.tables().geometry();
    this.sum = Checksum.of(settings.uuid());
    // The volume is as large as was asked for, even where the file system ends before.
    this.volume = Volume.builder(settings.size());
    this.inodes = new InodeUsage(geometry);
    this.blocks = new BlockUsage(geometry);
  }

  Volume render() throws IOException {
    Bytes journal = journal();
    resizeInode();
    for (Layout.Placed placed : layout.placed()) {
      node(placed.node(), placed.extents());
    }
    tableBlocks.forEach(this::put);
    layout.used().forEach(blocks::mark);
    groups(journal);
    return volume.build();
  }

  private void put(long block, ByteBuffer content) {
    byte[] bytes = new byte[content.capacity()];
    content.get(0, bytes);
    put(block, bytes);
  }

  private void put(long block, byte[] bytes) {
    volume.add(Block.offset(block), bytes);
  }

  private Bytes journal() {
    ExtentTree tree = tree(layout.journal(), Inode.JOURNAL);
    int count = geometry.journalBlocks();
    put(layout.journal().get(0).physical(), Journal.superblock(count, settings.uuid()));
    long sectors = (count + (long) tree.nodes().size()) * Block.SECTORS;
    internal(Inode.JOURNAL, Block.offset(count), sectors, Inode.EXTENTS, tree.root());
    return tree.root();
  }

  private void resizeInode() {
    ResizeInode inode = ResizeInode.of(geometry, layout.resizePointer());
    inode.blocks().forEach(this::put);
    internal(Inode.RESIZE, ResizeInode.SIZE, inode.sectors(), 0, inode.block());
  }

  /** An inode that no directory names. */
  private void internal(int number, long size, long sectors, int flags, Bytes block) {
    long time = settings.time().getEpochSecond();
    int mode = Inode.REGULAR_FILE | 0600;
    write(number, new Inode(mode, 0, 0, size, time, 1, sectors, flags, block, 0, NOTHING), false);
  }

  private ExtentTree tree(List<Extent> extents, int inode) {
    ExtentTree tree = ExtentTree.of(extents, layout::newBlock, sum.ofInode(inode));
    tree.nodes().forEach(this::put);
    return tree;
  }

  private void node(Node node, List<Extent> extents) throws IOException {
    int number = numbers.of(node.path());
    node.body().segments(extents).forEach(volume::add);
    long owned = extents.stream().mapToLong(Extent::count).sum();
    Bytes block;
    int flags = node.flags();
    if ((flags & Inode.EXTENTS) != 0) {
      ExtentTree tree = tree(extents, number);
      owned += tree.nodes().size();
      block = tree.root();
    } else {
      block = block(node);
    }
    long xattrBlock = 0;
    if (!node.xattrs().block().isEmpty()) {
      xattrBlock = layout.newBlock();
      owned++;
      put(xattrBlock, node.xattrs().renderBlock(sum.ofBlock(xattrBlock)));
    }
    Inode inode =
        new Inode(
            node.typeBits() | node.meta().mode(),
            node.meta().uid(),
            node.meta().gid(),
            node.size(),
            node.meta().mtime(),
            node.links(),
            owned * Block.SECTORS,
            flags,
            block,
            xattrBlock,
            node.xattrs().inline());
    write(number, inode, node.isDirectory());
  }

  /** What {@code i_block} holds of an inode without extents. */
  private static Bytes block(Node node) {
    if (node.entry() instanceof Symlink link) {
      return Bytes.of(link.target().getBytes(StandardCharsets.UTF_8));
    }
    if (node.entry() instanceof Device device && device.kind() != Device.Kind.FIFO) {
      ByteBuffer numbers = ByteBuffer.allocate(2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      int major = device.major();
      int minor = device.minor();
      if (major < 1 << 8 && minor < 1 << 8) {
        numbers.putInt((major << 8) | minor);
      } else {
        // The new form, in the second word: 12 bits of major amid 20 bits of minor.
        numbers.putInt(0).putInt((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12));
      }
      return Bytes.of(numbers.array());
    }
    return NOTHING;
  }

  private void write(int number, Inode inode, boolean directory) {
    inodes.mark(number, directory);
    int index = (number - 1) % geometry.inodesPerGroup();
    long table = layout.tables().inodeTable((number - 1) / geometry.inodesPerGroup());
    long block = table + index / Geometry.INODES_PER_BLOCK;
    int at = index % Geometry.INODES_PER_BLOCK * Inode.BYTES;
    inode.writeAt(tableBlocks.computeIfAbsent(block, b -> Block.empty()), at, sum.ofInode(number));
  }

  private void groups(Bytes journal) {
    byte[] table = new byte[geometry.descriptorBlocks() * Block.BYTES];
    ByteBuffer descriptors = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
    long freeBlocks = 0;
    long freeInodes = 0;
    for (int group = 0; group < geometry.groups(); group++) {
      GroupDescriptor descriptor = descriptor(group);
      descriptor.writeAt(descriptors, group * GroupDescriptor.BYTES, sum.ofGroup(group));
      freeBlocks += descriptor.freeBlocks();
      freeInodes += descriptor.freeInodes();
    }
    Superblock superblock = Superblock.of(geometry, settings, freeBlocks, freeInodes, journal);
    ByteBuffer first = Block.empty();
    superblock.writeAt(first, Superblock.PRIMARY_AT, 0);
    put(0, first);
    put(1, table);
    for (int group : geometry.backups()) {
      ByteBuffer copy = Block.empty();
      superblock.writeAt(copy, 0, group);
      put(geometry.firstBlock(group), copy);
      put(geometry.firstBlock(group) + 1, table);
    }
  }

  private GroupDescriptor descriptor(int group) {
    int blockSum = 0;
    int inodeSum = 0;
    if (blocks.hasBitmap(group)) {
      ByteBuffer bitmap = blocks.bitmap(group);
      put(layout.tables().blockBitmap(group), bitmap);
      blockSum = sum.of(bitmap);
    }
    if (inodes.hasBitmap(group)) {
      ByteBuffer bitmap = inodes.bitmap(group);
      put(layout.tables().inodeBitmap(group), bitmap);
      inodeSum = sum.of(bitmap, 0, inodes.bitmapBytes());
    }
    return new GroupDescriptor(
        layout.tables().blockBitmap(group),
        layout.tables().inodeBitmap(group),
        layout.tables().inodeTable(group),
        blocks.free(group),
        inodes.free(group),
        inodes.directories(group),
        inodes.unused(group),
        !blocks.hasBitmap(group),
        !inodes.hasBitmap(group),
        blockSum,
        inodeSum);
  }
}
