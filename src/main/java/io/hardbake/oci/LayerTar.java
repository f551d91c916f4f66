package io.hardbake.oci;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.Layer;
import io.hardbake.tree.Meta;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * Writes a layer as the tar that engines unpack: members in path order, so that parents come before
 * children and files before their hard links; a removal is an empty member {@code .wh.NAME} and
 * comes before what the layer puts in its place.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/layer.md">OCI image-spec,
 *     Filesystem Layers</a>
 */
final class LayerTar {
  private static final String WHITEOUT = ".wh.";
  // What a tar ends with; no padding to a record of 20 blocks, which nobody needs in a layer.
  private static final int TRAILER = 2 * TarHeader.BLOCK;

  private final Layer layer;
  private final OutputStream out;
  private final LongConsumer written;
  private final byte[] buffer = new byte[1 << 16];

  private LayerTar(Layer layer, OutputStream out, LongConsumer written) {
    this.layer = layer;
    this.out = out;
    this.written = written;
  }

  /**
   * Refuses what a layer cannot say, before anything is written.
   *
   * @throws IntegrityException if a name would be read as a whiteout, or an extended attribute's
   *     name does not fit a pax record
   */
  static void check(Layer layer) throws IntegrityException {
    for (var e : layer.entries().entrySet()) {
      if (e.getKey().name().startsWith(WHITEOUT)) {
        throw new IntegrityException(
            e.getKey() + " cannot be put into an OCI layer: engines would read it as a removal",
            "remove the file from " + e.getValue().meta().provenance());
      }
      for (String xattr : e.getValue().meta().xattrs().keySet()) {
        if (xattr.indexOf('=') >= 0 || xattr.indexOf('\0') >= 0) {
          throw new IntegrityException(
              e.getKey() + " has an extended attribute that no tar can hold: " + xattr,
              "remove the attribute from " + e.getValue().meta().provenance());
        }
      }
    }
  }

  /**
   * Writes the whole tar; the stream stays open.
   *
   * @param written is told how many bytes of bodies were written
   * @throws IntegrityException if a body is not what its digest says
   */
  static void write(Layer layer, OutputStream out, LongConsumer written)
      throws IOException, IntegrityException {
    new LayerTar(layer, out, written).write();
  }

  private void write() throws IOException, IntegrityException {
    SortedSet<AbsolutePath> paths = new TreeSet<>(layer.entries().keySet());
    paths.addAll(layer.removals());
    for (AbsolutePath path : paths) {
      if (layer.removals().contains(path)) {
        writeRemoval(path);
      }
      Entry entry = layer.entries().get(path);
      if (entry != null) {
        out.write(header(path, entry).encode());
        if (entry instanceof RegularFile file) {
          writeBody(path, file);
        }
      }
    }
    out.write(new byte[TRAILER]);
  }

  private void writeRemoval(AbsolutePath path) throws IOException {
    if (path.isRoot()) {
      throw new IllegalStateException("a layer cannot remove the root");
    }
    Entry parent = layer.entries().get(path.parent());
    long mtime = parent == null ? 0 : parent.meta().mtime();
    String name = path.parent().child(WHITEOUT + path.name()).relative();
    out.write(TarHeader.plain(name, TarHeader.FILE, 0, 0, mtime).encode());
  }

  private void writeBody(AbsolutePath path, RegularFile file)
      throws IOException, IntegrityException {
    Content content = file.content();
    long size = content.size().bytes();
    MessageDigest digest = Sha256.newDigest();
    long copied = 0;
    try (InputStream in = content.open()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        copied += n;
        if (copied > size) {
          break;
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
        written.accept(n);
      }
    }
    Sha256 actual = Sha256.of(digest);
    if (copied != size || !actual.equals(content.sha256())) {
      throw new IntegrityException(
          "the body of %s (%s) is damaged: expected %d bytes with sha256 %s, read %d%s with %s"
              .formatted(
                  path,
                  file.meta().provenance(),
                  size,
                  content.sha256(),
                  copied,
                  copied > size ? " or more" : "",
                  actual),
          "run `hardbake cache verify` and bake again");
    }
    out.write(buffer, 0, zeroed(TarHeader.padding(size)));
  }

  /** Zeroes the beginning of the buffer, whose former content is done with. */
  private int zeroed(int length) {
    Arrays.fill(buffer, 0, length, (byte) 0);
    return length;
  }

  private TarHeader header(AbsolutePath path, Entry entry) {
    String name = path.isRoot() ? "." : path.relative();
    return entry.accept(
        new Entry.Visitor<>() {
          @Override
          public TarHeader directory(Directory directory) {
            return member(name + "/", TarHeader.DIRECTORY, directory.meta(), 0, "", 0, 0);
          }

          @Override
          public TarHeader regularFile(RegularFile file) {
            long size = file.content().size().bytes();
            return member(name, TarHeader.FILE, file.meta(), size, "", 0, 0);
          }

          @Override
          public TarHeader symlink(Symlink link) {
            return member(name, TarHeader.SYMLINK, link.meta(), 0, link.target(), 0, 0);
          }

          @Override
          public TarHeader hardLink(HardLink link) {
            Meta meta = metaOfTarget(path, link);
            String target = link.target().relative();
            return member(name, TarHeader.HARD_LINK, meta, 0, target, 0, 0);
          }

          @Override
          public TarHeader device(Device device) {
            char type =
                switch (device.kind()) {
                  case CHARACTER -> TarHeader.CHARACTER_DEVICE;
                  case BLOCK -> TarHeader.BLOCK_DEVICE;
                  case FIFO -> TarHeader.FIFO;
                };
            return member(name, type, device.meta(), 0, "", device.major(), device.minor());
          }
        });
  }

  /**
   * The file's own attributes, extended ones included: docker changes owner and mode once more for
   * each link, which would drop capabilities that the link's header does not repeat.
   */
  private Meta metaOfTarget(AbsolutePath path, HardLink link) {
    Entry target = layer.entries().get(link.target());
    if (target == null) {
      return link.meta();
    }
    if (!(target instanceof RegularFile) || link.target().compareTo(path) > 0) {
      throw new IllegalStateException(path + " is a hard link to " + link.target());
    }
    return target.meta();
  }

  private static TarHeader member(
      String name, char type, Meta meta, long size, String linkName, int major, int minor) {
    return new TarHeader(
        name,
        type,
        meta.mode(),
        meta.uid(),
        meta.gid(),
        size,
        meta.mtime(),
        linkName,
        major,
        minor,
        Collections.unmodifiableSortedMap(meta.xattrs()));
  }
}
