package io.hardbake.oci;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Layer;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * A layer as it stands in an archive, read back.
 *
 * @param digest of the blob as it lies there, compressed
 * @param compressed the blob's size
 * @param diffId the digest of the tar in it
 * @param size of that tar
 * @param content what the layer adds and removes; a hard link's target may lie in a layer below
 * @param opaque directories of which the layers below show nothing any more
 */
public record ImageLayer(
    Sha256 digest,
    Size compressed,
    Sha256 diffId,
    Size size,
    Layer content,
    NavigableSet<AbsolutePath> opaque) {
  public ImageLayer {
    opaque = Collections.unmodifiableNavigableSet(new TreeSet<>(opaque));
  }

  /** What people call the layer: {@code packages:base}, or its number where it has no name. */
  public String name() {
    return content.name();
  }
}
