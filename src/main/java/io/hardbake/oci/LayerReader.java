package io.hardbake.oci;

import io.hardbake.io.HashedInputStream;
import io.hardbake.io.Sha256;
import io.hardbake.io.tar.Compression;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.io.tar.TarReader;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.Layer;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link LayerTar} writes, and what other tools write in its place: a layer's members
 * become entries, its whiteouts removals. The digests of the blob, of the tar and of each body are
 * found in the same pass.
 *
 * <p>Refused, since no engine agrees with another about them: names with {@code ..}, absolute
 * names, a path twice, a whiteout of nothing.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/layer.md">OCI image-spec,
 *     Filesystem Layers</a>
 */
final class LayerReader {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private final String name;
  private final Spool spool;
  private final ReadLimits limits;
  private final NavigableMap<AbsolutePath, Entry> entries = new TreeMap<>();
  private final NavigableSet<AbsolutePath> removals = new TreeSet<>();
  private final NavigableSet<AbsolutePath> opaque = new TreeSet<>();

  String name() {
    return name;
  }

  LayerReader(String name, Spool spool, ReadLimits limits) {
    this.name = name;
    this.spool = spool;
    this.limits = limits;
  }

  /**
   * A layer's blob that cannot be read as a tar.
   *
   * <p>{@code digest} is that of the blob as it is: where it is not the expected one, that is the
   * reason.
   */
  static final class UnreadableLayerException extends IOException {
    private final Sha256 digest;

    UnreadableLayerException(Sha256 digest, MalformedArchiveException cause) {
      super(cause.getMessage(), cause);
      this.digest = digest;
    }

    Sha256 digest() {
      return digest;
    }
  }

  /**
   * Reads a blob to its end.
   *
   * @param blob is not closed
   * @param compression as the blob's first bytes tell
   * @param passed is told how many bytes of the blob were read
   */
  ImageLayer read(InputStream blob, Compression compression, LongConsumer passed)
      throws IOException {
    HashedInputStream packed = new HashedInputStream(blob, Sha256.newDigest(), passed);
    HashedInputStream plain = null;
    MalformedArchiveException refused = null;
    try (InputStream decompressed = compression.decompress(packed, limits.layer(), name)) {
      plain = new HashedInputStream(decompressed, Sha256.newDigest(), n -> {});
      readMembers(new TarReader(plain));
    } catch (MalformedArchiveException e) {
      refused = e;
    }
    packed.transferTo(OutputStream.nullOutputStream());
    Sha256 digest = Sha256.of(packed.digest());
    if (refused != null || plain == null) {
      throw new UnreadableLayerException(
          digest, refused == null ? new MalformedArchiveException("nothing was read") : refused);
    }
    return new ImageLayer(
        digest,
        packed.count(),
        Sha256.of(plain.digest()),
        plain.count(),
        new Layer(name, entries, removals),
        opaque);
  }

  /** How a blob is compressed, by its magic; what is neither gzip nor zstd is taken for a tar. */
  static Compression compression(InputStream beginning) throws IOException {
    byte[] magic = beginning.readNBytes(4);
    if (startsWith(magic, 0x1f, 0x8b)) {
      return Compression.GZIP;
    }
    return startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd) ? Compression.ZSTD : Compression.NONE;
  }

  private static boolean startsWith(byte[] bytes, int... expected) {
    for (int i = 0; i < expected.length; i++) {
      if (i >= bytes.length || Byte.toUnsignedInt(bytes[i]) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private void readMembers(TarReader tar) throws IOException {
    for (Optional<TarHeader> next = tar.next(); next.isPresent(); next = tar.next()) {
      TarHeader header = next.get();
      limits.take(header);
      AbsolutePath path = path(header.name(), header.type() == TarHeader.DIRECTORY);
      AbsolutePath removal = removal(path);
      if (path.name().equals(OPAQUE)) {
        opaque.add(path.parent());
      } else if (removal != null) {
        removals.add(removal);
      } else if (entries.put(path, entry(header, tar)) != null) {
        throw new MalformedArchiveException(path + " stands twice in the layer");
      }
    }
  }

  /** What a whiteout removes; null where the path is none. */
  private static @Nullable AbsolutePath removal(AbsolutePath path)
      throws MalformedArchiveException {
    String file = path.name();
    if (!file.startsWith(WHITEOUT) || file.equals(OPAQUE)) {
      return null;
    }
    String removed = file.substring(WHITEOUT.length());
    if (removed.isEmpty()
        || removed.equals(".")
        || removed.equals("..")
        || removed.startsWith(WHITEOUT)) {
      throw new MalformedArchiveException(path + " is a whiteout of nothing");
    }
    return path.parent().child(removed);
  }

  private Entry entry(TarHeader header, TarReader tar) throws IOException {
    Meta meta =
        new Meta(
            header.mode(),
            header.uid(),
            header.gid(),
            header.mtime(),
            header.xattrs(),
            Provenance.UNKNOWN);
    return switch (header.type()) {
      case TarHeader.FILE -> new RegularFile(meta, spool.keep(tar.body()));
      case TarHeader.DIRECTORY -> new Directory(meta);
      case TarHeader.SYMLINK -> new Symlink(meta, symlinkTarget(header));
      case TarHeader.HARD_LINK -> new HardLink(meta, path(header.linkName(), false));
      case TarHeader.CHARACTER_DEVICE -> device(meta, Device.Kind.CHARACTER, header);
      case TarHeader.BLOCK_DEVICE -> device(meta, Device.Kind.BLOCK, header);
      case TarHeader.FIFO -> new Device(meta, Device.Kind.FIFO, 0, 0);
      default -> throw new IllegalStateException("type " + header.type());
    };
  }

  private static Device device(Meta meta, Device.Kind kind, TarHeader header) {
    return new Device(meta, kind, header.major(), header.minor());
  }

  private static String symlinkTarget(TarHeader header) throws MalformedArchiveException {
    if (header.linkName().indexOf('\0') >= 0) {
      throw new MalformedArchiveException(header.name() + " is a link with a refused target");
    }
    return header.linkName();
  }

  /** {@code ./etc/x}, {@code etc/x} and, for a directory, {@code etc/x/} name {@code /etc/x}. */
  private static AbsolutePath path(String name, boolean directory)
      throws MalformedArchiveException {
    String bare =
        directory && name.endsWith("/") && name.length() > 1
            ? name.substring(0, name.length() - 1)
            : name;
    if (bare.equals(".")) {
      return AbsolutePath.ROOT;
    }
    String relative = bare.startsWith("./") ? bare.substring(2) : bare;
    try {
      if (relative.isEmpty()) {
        throw new IllegalArgumentException("no name");
      }
      return AbsolutePath.of("/" + relative);
    } catch (IllegalArgumentException e) {
      throw new MalformedArchiveException("a member's name is refused: \"" + name + "\"", e);
    }
  }
}
