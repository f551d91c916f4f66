package io.hardbake.kubernetes.build;

import io.hardbake.failure.IntegrityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a source tree says of itself. {@code git archive} wrote the tag and the commit into two
 * files when the tarball was made (gitattributes(5), export-subst).
 *
 * @param gitVersion the tag: {@code v1.20.2}
 * @param gitCommit 40 hexadecimal digits
 * @param published the newest file's time, which stands in for the build date
 */
public record SourceIdentity(String gitVersion, String gitCommit, Instant published) {
  private static final Pattern TAG =
      Pattern.compile("'[^'\\n]*\\btag: (v[0-9]+\\.[0-9]+\\.[0-9]+[-.0-9A-Za-z]*)[^'\\n]*' =~");
  private static final Pattern COMMIT = Pattern.compile("\\bgitCommit\\s*=\\s*\"([0-9a-f]{40})\"");

  static SourceIdentity read(Path tree, Instant published) throws IOException, IntegrityException {
    return new SourceIdentity(
        find(TAG, tree.resolve("hack/lib/version.sh")),
        find(COMMIT, tree.resolve("staging/src/k8s.io/component-base/version/base.go")),
        published);
  }

  /** {@code 1} of {@code v1.20.2}. */
  String major() {
    return gitVersion.substring(1, gitVersion.indexOf('.'));
  }

  /** {@code 20} of {@code v1.20.2}. */
  String minor() {
    int dot = gitVersion.indexOf('.');
    return gitVersion.substring(dot + 1, gitVersion.indexOf('.', dot + 1));
  }

  private static String find(Pattern pattern, Path file) throws IOException, IntegrityException {
    Matcher m = pattern.matcher(Files.isRegularFile(file) ? Files.readString(file) : "");
    if (!m.find()) {
      throw new IntegrityException(
          "the Kubernetes source does not say which version it is: " + file.getFileName(),
          "use the official release through --kubernetes-mirror, and report this");
    }
    return m.group(1);
  }
}
