package io.hardbake.kubernetes;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.fetch.Store;
import io.hardbake.image.Architecture;
import io.hardbake.io.ScratchDirectory;
import io.hardbake.kubernetes.build.BuildInputs;
import io.hardbake.kubernetes.build.SourceIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Debian's {@code kubernetes} source package, compiled. The version is the one that Debian has,
 * v1.20.2 in bookworm, and the label says so whatever was asked for.
 */
final class DebianSource implements KubernetesSource {
  private final Store store;
  private final Path scratch;
  private final KubernetesSources.Ingredients ingredients;
  private final Compiler compiler;

  DebianSource(
      Store store, Path scratch, KubernetesSources.Ingredients ingredients, Compiler compiler) {
    this.store = store;
    this.scratch = scratch;
    this.ingredients = ingredients;
    this.compiler = compiler;
  }

  /** Leaves the programs in a directory; see {@code DebianBuild.compile}. */
  @FunctionalInterface
  interface Compiler {
    SourceIdentity compile(
        BuildInputs inputs, Architecture target, List<String> programs, Path results)
        throws IOException, BakeException, InterruptedException;
  }

  @Override
  public KubernetesBinaries obtain(KubernetesRequest request)
      throws IOException, BakeException, InterruptedException {
    BuildInputs inputs = ingredients.find();
    Path pack =
        store.derived(
            BinaryPack.KIND,
            key(request, inputs),
            out -> fill(out, inputs, request.architecture()));
    return BinaryPack.open(pack);
  }

  @Override
  public boolean has(KubernetesRequest request)
      throws IOException, BakeException, InterruptedException {
    return store.known(BinaryPack.KIND, key(request, ingredients.find())).isPresent();
  }

  private static String key(KubernetesRequest request, BuildInputs inputs) {
    return BinaryPack.key(
        KubernetesRequest.Choice.DEBIAN_SOURCE, request.architecture(), inputs.digests());
  }

  private void fill(OutputStream out, BuildInputs inputs, Architecture architecture)
      throws IOException, BakeException, InterruptedException {
    try (ScratchDirectory directory = ScratchDirectory.in(scratch, "compiled")) {
      SourceIdentity identity =
          compiler.compile(inputs, architecture, KubernetesBinaries.NAMES, directory.path());
      String origin =
          "Debian source package kubernetes %s, compiled with Go %s"
              .formatted(inputs.sourceVersion(), inputs.compilerVersion());
      BinaryCheck.requireMachine(directory.path(), architecture, origin);
      BinaryPack.write(
          out,
          new BinaryPack.Label(
              version(identity),
              architecture,
              KubernetesRequest.Choice.DEBIAN_SOURCE,
              origin,
              inputs.digests()),
          directory.path());
    }
  }

  private static KubernetesVersion version(SourceIdentity identity) throws IntegrityException {
    return KubernetesVersion.parse(identity.gitVersion())
        .orElseThrow(
            () ->
                new IntegrityException(
                    "the Kubernetes source calls itself " + identity.gitVersion(),
                    "use the official release through --kubernetes-mirror, and report this"));
  }
}
