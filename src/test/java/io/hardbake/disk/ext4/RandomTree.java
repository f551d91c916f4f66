package io.hardbake.disk.ext4;

import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import io.hardbake.tree.Meta;
import io.hardbake.tree.SparseContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Trees that nobody would think of, each from its seed: every kind of entry, names and sizes on
 * both sides of a block, of an inode and of an index, in one to four layers that replace one
 * another's entries.
 *
 * @param layers that make the tree, from the bottom up
 */
record RandomTree(FileTree tree, List<Layer> layers) {
  static RandomTree of(long seed) throws IOException {
    return new Maker(new Random(seed)).make();
  }

  private static final class Maker {
    private final Random random;
    private final List<AbsolutePath> directories = new ArrayList<>(List.of(AbsolutePath.ROOT));
    private final List<AbsolutePath> files = new ArrayList<>();

    private final Set<AbsolutePath> linked = new HashSet<>();

    Maker(Random random) {
      this.random = random;
    }

    RandomTree make() throws IOException {
      FileTree lower = FileTree.builder(meta(0755)).freeze();
      List<Layer> layers = new ArrayList<>();
      int count = 1 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        FileTree.Builder builder = lower.toBuilder();
        fill(builder);
        FileTree upper = builder.freeze();
        layers.add(upper.minus(lower, "layer" + i));
        lower = upper;
      }
      return new RandomTree(lower, layers);
    }

    private void fill(FileTree.Builder builder) throws IOException {
      int entries = random.nextInt(60);
      for (int i = 0; i < entries; i++) {
        put(builder, parent().child(name()));
      }
      if (random.nextInt(4) == 0) {
        crowd(builder, parent());
      }
      for (int i = random.nextInt(5); i > 0 && !files.isEmpty(); i--) {
        AbsolutePath path = files.get(random.nextInt(files.size()));
        if (builder.get(path).orElse(null) instanceof RegularFile) {
          boolean other = random.nextBoolean() && !linked.contains(path);
          builder.putExact(path, other ? symlink() : file());
        }
      }
    }

    /** So many names that a directory needs an index. */
    private void crowd(FileTree.Builder builder, AbsolutePath directory) {
      int length = 1 + random.nextInt(200);
      for (int i = 20 + random.nextInt(400); i > 0; i--) {
        AbsolutePath path = directory.child("n".repeat(length) + i);
        builder.putExact(path, new RegularFile(meta(0644), Content.of("" + i)));
      }
    }

    private AbsolutePath parent() {
      return directories.get(random.nextInt(directories.size()));
    }

    private void put(FileTree.Builder builder, AbsolutePath path) throws IOException {
      if (builder.get(path).isPresent()) {
        return;
      }
      Entry entry = entry(builder);
      builder.putExact(path, entry);
      if (entry instanceof Directory) {
        directories.add(path);
      } else if (entry instanceof RegularFile) {
        files.add(path);
      }
    }

    private Entry entry(FileTree.Builder builder) throws IOException {
      return switch (random.nextInt(10)) {
        case 0, 1 -> new Directory(meta(random.nextInt(010000)));
        case 2 -> symlink();
        case 3 -> device();
        case 4 -> hardLink(builder);
        default -> file();
      };
    }

    private Entry device() {
      Device.Kind kind =
          List.of(Device.Kind.CHARACTER, Device.Kind.BLOCK, Device.Kind.FIFO)
              .get(random.nextInt(3));
      return kind == Device.Kind.FIFO
          ? new Device(meta(0600), kind, 0, 0)
          : new Device(meta(0600), kind, 1 + random.nextInt(4095), random.nextInt(1 << 20));
    }

    private Entry hardLink(FileTree.Builder builder) throws IOException {
      AbsolutePath target =
          files.isEmpty() ? AbsolutePath.ROOT : files.get(random.nextInt(files.size()));
      if (builder.get(target).orElseThrow() instanceof RegularFile file) {
        linked.add(target);
        return new HardLink(file.meta(), target);
      }
      return file();
    }

    private Entry file() throws IOException {
      Content content =
          switch (random.nextInt(6)) {
            case 0 -> Content.of("");
            case 1 -> Content.of(bytes(4096));
            case 2 -> Content.of(bytes(4096 * random.nextInt(20) + random.nextInt(3)));
            case 3 -> sparse();
            default -> Content.of(bytes(random.nextInt(9000)));
          };
      return new RegularFile(meta(random.nextInt(010000)), content);
    }

    private Content sparse() throws IOException {
      NavigableMap<Long, Content> parts = new TreeMap<>();
      long at = 0;
      for (int i = random.nextInt(12); i > 0; i--) {
        at += random.nextInt(3) == 0 ? 0 : random.nextInt(20000);
        Content part = Content.of(bytes(1 + random.nextInt(9000)));
        parts.put(at, part);
        at += part.size().bytes();
      }
      Size size = new Size(at + random.nextInt(10000));
      return withHoles(size, parts);
    }

    private Entry symlink() {
      int[] lengths = {1, 58, 59, 60, 61, 1 + random.nextInt(200), 4095};
      return new Symlink(meta(0777), "t".repeat(lengths[random.nextInt(lengths.length)]));
    }

    private byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }

    private String name() {
      int length = random.nextInt(8) == 0 ? 255 : 1 + random.nextInt(40);
      StringBuilder name = new StringBuilder();
      for (int left = length; left > 0; ) {
        char c = random.nextInt(5) == 0 ? 'é' : (char) ('!' + random.nextInt(94));
        if (c == '/' || c == '\\' || c == '.' || (c == 'é' && left < 2)) {
          c = '_';
        }
        name.append(c);
        left -= c == 'é' ? 2 : 1;
      }
      return name.toString();
    }

    private Meta meta(int mode) {
      Meta meta =
          TestTree.meta(mode)
              .withOwner(random.nextInt(3) * random.nextInt(1 << 20), random.nextInt(1 << 17))
              .withMtime(random.nextInt() + (random.nextBoolean() ? 0 : 1L << 33));
      for (int i = random.nextInt(8) - 4; i > 0; i--) {
        String[] kinds = {"security.", "trusted."};
        String name = kinds[random.nextInt(2)] + "x".repeat(1 + random.nextInt(30));
        meta =
            meta.withXattr(name, Bytes.of(bytes(random.nextInt(random.nextBoolean() ? 30 : 900))));
      }
      return meta;
    }
  }

  /** A body with holes, with its true digest. */
  static SparseContent withHoles(Size size, NavigableMap<Long, Content> parts) throws IOException {
    SparseContent unknown = new SparseContent(size, Sha256.of(new byte[0]), parts);
    MessageDigest digest = Sha256.newDigest();
    try (InputStream in = new DigestInputStream(unknown.open(), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return new SparseContent(size, Sha256.of(digest), parts);
  }
}
