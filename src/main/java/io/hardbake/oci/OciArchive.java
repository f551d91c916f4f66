package io.hardbake.oci;

import io.hardbake.failure.BakeException;
import io.hardbake.image.Artifact;
import io.hardbake.image.Emitter;
import io.hardbake.image.Image;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code <role>-<arch>.oci.tar}: one archive that is an OCI image layout and a docker image
 * archive at once, so that {@code docker load}, {@code podman load}, containerd and skopeo's {@code
 * oci-archive:} and {@code docker-archive:} all read it. Docker's manifest.json points into the
 * layout's blobs, as docker's own archives do since version 25; older ones follow it all the same.
 */
public final class OciArchive implements Emitter {
  private static final String KIND = "archive";

  /** Raise it when the same documents and layers would give other bytes than before. */
  private static final int FORMAT = 1;

  private final LayerCache cache;
  private final Progress progress;
  private final int jobs;

  /** {@code jobs} threads compress; the bytes do not depend on how many. */
  public OciArchive(LayerCache cache, Progress progress, int jobs) {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs: " + jobs);
    }
    this.cache = cache;
    this.progress = progress;
    this.jobs = jobs;
  }

  @Override
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
    AtomicReference<@Nullable Written> fresh = new AtomicReference<>();
    Path note =
        cache.derived(
            KIND,
            key(archive),
            out -> {
              Written now = write(archive);
              fresh.set(now);
              out.write(now.encode());
            });
    Written written = fresh.get();
    if (written == null) {
      Optional<Written> earlier = Written.decode(Files.readAllBytes(note));
      written =
          earlier.isPresent() && earlier.get().standsIn(file) ? earlier.get() : write(archive);
    }
    return new Artifact(file, written.size(), written.sha256());
  }

  /** What is to be written, and where. */
  private record Archive(
      Path file, ImageDocuments documents, List<CompressedLayer> layers, long mtime) {}

  /** All that an archive's bytes follow from: its documents name everything else by digest. */
  private static String key(Archive archive) {
    MessageDigest digest = Sha256.newDigest();
    digest.update((byte) FORMAT);
    digest.update(archive.documents().index().toArray());
    digest.update(archive.documents().dockerManifest().toArray());
    digest.update(Long.toString(archive.mtime()).getBytes(StandardCharsets.US_ASCII));
    return Sha256.of(digest).hex();
  }

  private Written write(Archive archive) throws IOException, BakeException {
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
    return new Written(new Size(Files.size(archive.file())), Sha256.of(digest));
  }

  /**
   * The result of an earlier writing of the same archive, kept in the cache: an archive that is
   * there already is read once instead of being written again.
   */
  private record Written(Size size, Sha256 sha256) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}) ([0-9a-f]{64})\n");

    byte[] encode() {
      return "%d %s\n".formatted(size.bytes(), sha256).getBytes(StandardCharsets.US_ASCII);
    }

    static Optional<Written> decode(byte[] note) {
      Matcher matcher = FORM.matcher(new String(note, StandardCharsets.US_ASCII));
      return matcher.matches()
          ? Optional.of(
              new Written(new Size(Long.parseLong(matcher.group(1))), new Sha256(matcher.group(2))))
          : Optional.empty();
    }

    /** Whether the file is what was written then, to the last byte. */
    boolean standsIn(Path file) throws IOException {
      return Files.isRegularFile(file)
          && Files.size(file) == size.bytes()
          && Sha256.of(file).equals(sha256);
    }
  }
}
