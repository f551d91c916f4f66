package io.hardbake.oci;

import io.hardbake.failure.BakeException;
import io.hardbake.image.Artifact;
import io.hardbake.image.Image;
import io.hardbake.image.Ledger;
import io.hardbake.io.AtomicFile;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import io.hardbake.tree.Layer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes {@code <role>-<arch>.oci.tar}: one archive that is an OCI image layout and a docker image
 * archive at once, so that {@code docker load}, {@code podman load}, containerd and skopeo's {@code
 * oci-archive:} and {@code docker-archive:} all read it. Docker's manifest.json points into the
 * layout's blobs, as docker's own archives do since version 25; older ones follow it all the same.
 */
public final class OciArchive {
  /** Raise it when the same documents and layers would give other bytes than before. */
  private static final String FORMAT = "OCI archive 1";

  private final LayerCache cache;
  private final Progress progress;
  private final int jobs;
  private final Ledger ledger;

  /** {@code jobs} threads compress; the bytes do not depend on how many. */
  public OciArchive(LayerCache cache, Ledger ledger, Progress progress, int jobs) {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs: " + jobs);
    }
    this.cache = cache;
    this.ledger = ledger;
    this.progress = progress;
    this.jobs = jobs;
  }

  /** Writes the archive into {@code directory}, unless an earlier bake wrote the same there. */
  public Artifact emit(Image image, Path directory)
      throws IOException, BakeException, InterruptedException {
    List<CompressedLayer> layers = new ArrayList<>();
    try (LayerCompressor compressor = new LayerCompressor(cache, progress, jobs)) {
      for (Layer layer : image.containerLayers()) {
        layers.add(compressor.compress(layer));
      }
    }
    Path file = directory.resolve(image.fileStem() + ".oci.tar");
    ImageDocuments documents = ImageDocuments.of(image, layers);
    Archive archive = new Archive(file, documents, layers, image.created().getEpochSecond());
    return ledger.artifact(file, key(archive), () -> write(archive));
  }

  /** What is to be written, and where. */
  private record Archive(
      Path file, ImageDocuments documents, List<CompressedLayer> layers, long mtime) {}

  /** All that an archive's bytes follow from: its documents name everything else by digest. */
  private static String key(Archive archive) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(archive.documents().index().toArray());
    digest.update(archive.documents().dockerManifest().toArray());
    digest.update(Long.toString(archive.mtime()).getBytes(StandardCharsets.US_ASCII));
    return FORMAT + " " + Sha256.of(digest);
  }

  private Artifact write(Archive archive) throws IOException, BakeException {
    MessageDigest digest = Sha256.newDigest();
    String what = "writing " + archive.file().getFileName();
    try (Progress.Task task = progress.begin(what, ArchiveWriter.size(archive.layers()))) {
      AtomicFile.write(
          archive.file(),
          out -> {
            OutputStream hashed =
                new BufferedOutputStream(new DigestOutputStream(out, digest), 1 << 18);
            new ArchiveWriter(hashed, archive.mtime(), task::advance)
                .write(archive.documents(), archive.layers());
            hashed.flush();
          });
    } catch (ArchiveWriter.DamagedLayerException e) {
      throw e.failure();
    }
    return new Artifact(archive.file(), new Size(Files.size(archive.file())), Sha256.of(digest));
  }
}
