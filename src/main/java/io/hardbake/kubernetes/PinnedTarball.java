package io.hardbake.kubernetes;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.PinnedStream;
import io.hardbake.fetch.Store;
import io.hardbake.image.Architecture;
import io.hardbake.io.AtomicFile;
import io.hardbake.io.ScratchDirectory;
import io.hardbake.io.Sha256;
import io.hardbake.io.Sha512;
import io.hardbake.kubernetes.KubernetesPins.Pin;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What release and mirror have in common: a tarball that is known by its digest before it is
 * fetched, so that it does not matter who hands it over.
 */
final class PinnedTarball {
  private final Store store;
  private final Fetcher fetcher;
  private final Path scratch;
  private final KubernetesPins pins;

  PinnedTarball(Store store, Fetcher fetcher, Path scratch, KubernetesPins pins) {
    this.store = store;
    this.fetcher = fetcher;
    this.scratch = scratch;
    this.pins = pins;
  }

  /** Where the tarball may be had; asked only when the store does not have its binaries. */
  @FunctionalInterface
  interface Candidates {
    List<URI> find() throws IOException, BakeException, InterruptedException;
  }

  /** The tarball's path below a release host or a mirror. */
  static String path(KubernetesRequest request) {
    return request.version() + "/" + fileName(request.architecture());
  }

  static String fileName(Architecture architecture) {
    return "kubernetes-server-linux-" + architecture + ".tar.gz";
  }

  static UnreachableException offline() {
    return new UnreachableException(
        "it is not in the store, and this bake is offline", "bake once without --offline");
  }

  KubernetesBinaries obtain(KubernetesRequest request, Candidates candidates)
      throws IOException, BakeException, InterruptedException {
    Pin pin = pin(request);
    BinaryPack.Label label = label(request, pin.serverTarball());
    String key = BinaryPack.key(label.source(), label.architecture(), label.inputs());
    if (!store.isWritable() && store.known(BinaryPack.KIND, key).isEmpty()) {
      candidates.find(); // Where nobody has it, the store may still have what stands in for it.
    }
    return BinaryPack.open(
        store.derived(BinaryPack.KIND, key, out -> fill(out, label, pin, candidates.find())));
  }

  /** Whether the tarball's binaries are in the store. */
  boolean has(KubernetesRequest request) throws IOException, BakeException {
    BinaryPack.Label label = label(request, pin(request).serverTarball());
    String key = BinaryPack.key(label.source(), label.architecture(), label.inputs());
    return store.known(BinaryPack.KIND, key).isPresent();
  }

  /**
   * Brings the whole tarball to its place below {@code directory}; what is there and right stays.
   */
  Path copy(KubernetesRequest request, Candidates candidates, Path directory)
      throws IOException, BakeException, InterruptedException {
    Sha512 expected = pin(request).serverTarball();
    Path target = directory.resolve(path(request));
    if (Files.isRegularFile(target) && Sha512.of(target).equals(expected)) {
      return target;
    }
    String what = fileName(request.architecture()) + " " + request.version();
    List<URI> found = candidates.find();
    try (ScratchDirectory room = ScratchDirectory.in(scratch, "copy")) {
      Path body = room.path().resolve("body");
      fetcher.stream(
          new PinnedStream(what, found, ServerTarball.LIMIT, expected),
          in -> {
            ServerTarball.write(in, body);
            return body;
          });
      AtomicFile.write(target, out -> Files.copy(body, out));
    }
    return target;
  }

  private void fill(OutputStream out, BinaryPack.Label label, Pin pin, List<URI> candidates)
      throws IOException, BakeException, InterruptedException {
    String what = fileName(label.architecture()) + " " + label.version();
    try (ScratchDirectory directory = ScratchDirectory.in(scratch, "tarball")) {
      Path extracted =
          fetcher.stream(
              new PinnedStream(what, candidates, ServerTarball.LIMIT, pin.serverTarball()),
              in -> {
                ServerTarball.extract(in, what, directory.path());
                return directory.path();
              });
      BinaryCheck.requireMachine(extracted, label.architecture(), what);
      requireKubectl(extracted.resolve("kubectl"), pin.kubectl(), what);
      BinaryPack.write(out, label, extracted);
    }
  }

  private static void requireKubectl(Path kubectl, Optional<Sha256> pin, String what)
      throws IOException, IntegrityException {
    if (pin.isEmpty()) {
      return;
    }
    Sha256 actual = Sha256.of(kubectl);
    if (!actual.equals(pin.get())) {
      throw new IntegrityException(
          "kubectl in %s is not the one that others know:%n  expected %s%n  actual   %s"
              .formatted(what, pin.get(), actual),
          "do not use this tarball; report it");
    }
  }

  private static BinaryPack.Label label(KubernetesRequest request, Sha512 sha512) {
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put(path(request), "sha512:" + sha512);
    return new BinaryPack.Label(
        request.version(),
        request.architecture(),
        KubernetesRequest.Choice.RELEASE,
        "official release " + request.version(),
        inputs);
  }

  private Pin pin(KubernetesRequest request) throws RecipeException {
    Optional<Pin> known = pins.find(request.version(), request.architecture());
    // A digest given that is the known one, as a lock gives it, keeps what else is known.
    Optional<Pin> pin =
        request
            .pin()
            .map(
                given ->
                    known
                        .filter(own -> own.serverTarball().equals(given))
                        .orElse(new Pin(given, Optional.empty())))
            .or(() -> known);
    return pin.orElseThrow(
        () ->
            new RecipeException(
                "no digest is known for Kubernetes %s for %s, so nothing could be verified"
                    .formatted(request.version(), request.architecture()),
                ("give the SHA-512 of %s as CHANGELOG-%d.%d.md in kubernetes/kubernetes lists it"
                        + " (recipe: kubernetes.sha512.%s), or use a version that hardbake pins")
                    .formatted(
                        fileName(request.architecture()),
                        request.version().major(),
                        request.version().minor(),
                        request.architecture())));
  }
}
