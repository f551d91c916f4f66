package io.hardbake.kubernetes;

import io.hardbake.image.Architecture;
import io.hardbake.tree.Content;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The four binaries, checked.
 *
 * @param version what the binaries themselves say they are ({@code gitVersion}); it differs from
 *     what was asked for where debian-source stood in
 * @param source which source gave them; never {@link KubernetesRequest.Choice#AUTO}
 * @param origin where they come from, in words for manifest, lock and annotations
 * @param inputs what they were made of: file name to {@code sha512:…} or {@code sha256:…}
 * @param binaries by name: {@link #NAMES}
 */
public record KubernetesBinaries(
    KubernetesVersion version,
    Architecture architecture,
    KubernetesRequest.Choice source,
    String origin,
    SortedMap<String, String> inputs,
    SortedMap<String, Content> binaries) {

  /** What a controller needs, in the order of every listing. */
  public static final List<String> NAMES =
      List.of("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl");

  public KubernetesBinaries {
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    binaries = Collections.unmodifiableSortedMap(new TreeMap<>(binaries));
    if (!List.copyOf(binaries.keySet()).equals(NAMES)) {
      throw new IllegalArgumentException("not the four binaries: " + binaries.keySet());
    }
  }
}
