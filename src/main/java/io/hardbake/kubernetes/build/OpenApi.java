package io.hardbake.kubernetes.build;

import io.hardbake.failure.HostException;
import io.hardbake.kubernetes.build.HostProgram.FailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Generates {@code pkg/generated/openapi/zz_generated.openapi.go}, the one file that the API server
 * needs and the tarball lacks. The rules are those of {@code build/root/Makefile.generated_files}:
 * every package with the tag, staging packages under their vendor names, without the generator's
 * own examples and the sample API server.
 */
final class OpenApi {
  private static final String TAG = "+k8s:openapi-gen=true";
  private static final List<String> ROOTS = List.of("cmd", "pkg", "plugin", "staging/src");
  private static final String STAGING = "staging/src/";
  private static final List<String> LEFT_OUT =
      List.of("staging/src/k8s.io/code-generator/", "staging/src/k8s.io/sample-apiserver/");

  private OpenApi() {}

  /** Runs the generator, which was built before. */
  static void generate(Path generator, GoWorkspace workspace, HostProgram host)
      throws IOException, HostException, InterruptedException, FailedException {
    Path source = workspace.source();
    Path violations = workspace.root().resolve("violations");
    host.run(
        List.of(
            generator.toString(),
            "--logtostderr",
            "-i",
            String.join(",", taggedPackages(source)),
            "-p",
            GoWorkspace.IMPORT_PATH + "/pkg/generated/openapi",
            "-O",
            "zz_generated.openapi",
            "-h",
            "vendor/k8s.io/code-generator/hack/boilerplate.go.txt",
            "-r",
            violations.toString()),
        line -> {});
    // Upstream compares these too: a package forgotten or one too many shows here.
    Path known = source.resolve("api/api-rules/violation_exceptions.list");
    if (Files.mismatch(violations, known) >= 0) {
      throw new FailedException("the generated OpenAPI differs from what upstream expects");
    }
  }

  /** Import paths, in the order of their text. */
  private static SortedSet<String> taggedPackages(Path source) throws IOException {
    SortedSet<String> packages = new TreeSet<>();
    for (String root : ROOTS) {
      try (Stream<Path> files = Files.walk(source.resolve(root))) {
        for (Path file : (Iterable<Path>) files::iterator) {
          String name = source.relativize(file).toString();
          if (name.endsWith(".go")
              && !name.endsWith("_test.go")
              && LEFT_OUT.stream().noneMatch(name::startsWith)
              && Files.readString(file, StandardCharsets.ISO_8859_1).contains(TAG)) {
            packages.add(importPath(name.substring(0, name.lastIndexOf('/'))));
          }
        }
      }
    }
    return packages;
  }

  private static String importPath(String directory) {
    String below =
        directory.startsWith(STAGING)
            ? "vendor/" + directory.substring(STAGING.length())
            : directory;
    return GoWorkspace.IMPORT_PATH + "/" + below;
  }
}
