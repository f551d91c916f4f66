package io.hardbake.kubernetes.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hardbake.fuzz.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A patch is refused, or changes files of its tree and no other. */
public final class UnifiedDiffFuzz {
  private static final byte[] TEXT = "a\nb\nc\nd\n".getBytes(UTF_8);
  private static final InputFile OUTSIDE = new InputFile("f");

  private UnifiedDiffFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Path outside = OUTSIDE.holding(TEXT);
    Path root = Files.createDirectory(outside.resolveSibling("tree"));
    Files.write(root.resolve("f"), TEXT);
    try {
      UnifiedDiff.parse("a patch", input).apply(root);
    } catch (IOException e) {
      // Not understood, or it does not fit.
    } finally {
      remove(root);
    }
    try (Stream<Path> left = Files.list(outside.resolveSibling("."))) {
      if (left.count() != 1 || !Arrays.equals(Files.readAllBytes(outside), TEXT)) {
        throw new AssertionError("something outside was changed");
      }
    }
  }

  private static void remove(Path root) throws IOException {
    List<Path> all;
    try (Stream<Path> below = Files.walk(root)) {
      all = below.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
