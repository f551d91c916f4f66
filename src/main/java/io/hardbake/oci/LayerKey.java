package io.hardbake.oci;

import io.hardbake.io.Sha256;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.Layer;
import io.hardbake.tree.Meta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A digest of all that a layer's compressed bytes follow from, without reading a single body: every
 * field is hashed with its length before it, so no two layers look alike. The layer's name and the
 * entries' provenance are not in the bytes and not in the key.
 */
final class LayerKey implements Entry.Visitor<LayerKey> {
  /** To be raised with every change to the bytes of tar or gzip. */
  private static final String FORMAT = "layer 2";

  private final MessageDigest digest = Sha256.newDigest();

  private LayerKey() {}

  static String of(Layer layer) {
    LayerKey key = new LayerKey();
    key.add(FORMAT).add(layer.entries().size());
    layer.entries().forEach((path, entry) -> entry.accept(key.add(path.value())));
    key.add(layer.removals().size());
    layer.removals().forEach(path -> key.add(path.value()));
    return Sha256.of(key.digest).hex();
  }

  @Override
  public LayerKey directory(Directory directory) {
    return add("directory").add(directory.meta());
  }

  @Override
  public LayerKey regularFile(RegularFile file) {
    return add("file")
        .add(file.meta())
        .add(file.content().size().bytes())
        .add(file.content().sha256().hex());
  }

  @Override
  public LayerKey symlink(Symlink link) {
    return add("symlink").add(link.meta()).add(link.target());
  }

  @Override
  public LayerKey hardLink(HardLink link) {
    return add("hardlink").add(link.meta()).add(link.target().value());
  }

  @Override
  public LayerKey device(Device device) {
    return add(device.kind().name()).add(device.meta()).add(device.major()).add(device.minor());
  }

  private LayerKey add(Meta meta) {
    add(meta.mode()).add(meta.uid()).add(meta.gid()).add(meta.mtime()).add(meta.xattrs().size());
    meta.xattrs().forEach((name, value) -> add(name).add(value.toArray()));
    return this;
  }

  private LayerKey add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  private LayerKey add(byte[] bytes) {
    add(bytes.length);
    digest.update(bytes);
    return this;
  }

  private LayerKey add(long number) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      digest.update((byte) (number >>> shift));
    }
    return this;
  }
}
