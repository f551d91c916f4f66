package io.hardbake.vagrant;

import io.hardbake.image.Architecture;
import io.hardbake.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The list of a role's boxes that {@code vagrant box add} reads: one version, no other. */
public final class Catalog {
  // Vagrant before 2.4 takes a provider's last entry, whatever its architecture: amd64.
  private static final Comparator<Box> ORDER =
      Comparator.comparing(Box::provider)
          .thenComparing(box -> box.settings().architecture(), Comparator.reverseOrder());

  private Catalog() {}

  /**
   * Writes {@code <role>.json} beside the boxes and gives their version.
   *
   * @param kubernetes the version that was baked, such as {@code v1.18.6}
   * @param date of the lock
   * @param boxes of one role, at least one, each for another provider or architecture
   */
  public static String write(Path directory, String kubernetes, Instant date, List<Box> boxes)
      throws IOException {
    List<Box> sorted = boxes.stream().sorted(ORDER).toList();
    String role = sorted.get(0).settings().role();
    BoxVersion version = BoxVersion.of(kubernetes, date, sorted);
    List<Map<String, Object>> providers = new ArrayList<>();
    for (Box box : sorted) {
      if (!box.settings().role().equals(role)) {
        throw new IllegalArgumentException("boxes of " + role + " and " + box.settings().role());
      }
      providers.add(provider(box));
    }
    Map<String, Object> catalog = new LinkedHashMap<>();
    catalog.put("name", BoxSettings.boxName(role));
    catalog.put("description", "Kubernetes the Hard Way: " + role + ", Kubernetes " + kubernetes);
    Map<String, Object> only = new LinkedHashMap<>();
    only.put("version", version.text());
    only.put("providers", providers);
    catalog.put("versions", List.of(only));
    AtomicFile.write(
        directory.resolve(role + ".json"),
        Documents.json(catalog).getBytes(StandardCharsets.UTF_8));
    return version.text();
  }

  private static Map<String, Object> provider(Box box) {
    Architecture architecture = box.settings().architecture();
    Map<String, Object> provider = new LinkedHashMap<>();
    provider.put("name", box.provider().toString());
    provider.put("architecture", architecture.debianName());
    provider.put("default_architecture", architecture == Architecture.AMD64);
    provider.put("url", box.settings().fileName(box.provider()));
    provider.put("checksum_type", "sha256");
    provider.put("checksum", box.file().sha256().hex());
    return provider;
  }
}
