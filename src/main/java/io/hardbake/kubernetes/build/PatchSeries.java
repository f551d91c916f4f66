package io.hardbake.kubernetes.build;

import io.hardbake.failure.IntegrityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Debian's patches in their order ({@code debian/patches/series}, dpkg-source(1)). They are what
 * makes the source package Debian's: among them are security fixes that upstream never made for so
 * old a version.
 */
final class PatchSeries {
  private PatchSeries() {}

  /**
   * Applies all patches.
   *
   * @param packaging holds {@code debian/patches}
   * @return the patches' names
   */
  static List<String> apply(Path packaging, Path source) throws IOException, IntegrityException {
    Path patches = packaging.resolve("debian/patches");
    Path series = patches.resolve("series");
    List<String> applied = new ArrayList<>();
    if (!Files.isRegularFile(series)) {
      return applied;
    }
    try {
      for (String line : Files.readAllLines(series)) {
        String name = line.replaceFirst("(^|\\s)#.*", "").strip();
        if (!patches.resolve(name).normalize().startsWith(patches)) {
          throw new UnifiedDiff.PatchException(name + " lies outside of debian/patches");
        }
        if (!name.isEmpty()) {
          UnifiedDiff.parse(name, Files.readAllBytes(patches.resolve(name))).apply(source);
          applied.add(name);
        }
      }
    } catch (UnifiedDiff.PatchException e) {
      throw new IntegrityException(
          "a patch of Debian's kubernetes source package does not apply: " + e.getMessage(),
          "use the official release through --kubernetes-mirror, and report this",
          e);
    }
    return applied;
  }
}
