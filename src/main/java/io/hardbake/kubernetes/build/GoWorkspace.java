package io.hardbake.kubernetes.build;

import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a build happens, all below one scratch directory.
 *
 * <pre>
 *   go/lib/go-1.19/{bin,pkg}, go/share/go-1.19/src    Debian's toolchain, as its packages lay it out
 *   path/src/k8s.io/kubernetes                        the source, in GOPATH mode
 *   cache, home, tmp, tools, log
 * </pre>
 */
record GoWorkspace(Path root) {
  /** The import path of the repository, and its place below {@code $GOPATH/src}. */
  static final String IMPORT_PATH = "k8s.io/kubernetes";

  Path toolchain() {
    return root.resolve("go");
  }

  Path go() {
    return goRoot().resolve("bin/go");
  }

  Path source() {
    return goPath().resolve("src").resolve(IMPORT_PATH);
  }

  Path packaging() {
    return root.resolve("packaging");
  }

  /** Programs that the build itself runs. */
  Path tools() {
    return root.resolve("tools");
  }

  Path log() {
    return root.resolve("log");
  }

  /** What Go calls GOTMPDIR; it has to be there before Go runs. */
  Path temporary() {
    return root.resolve("tmp");
  }

  /**
   * Everything that Go looks at.
   *
   * @param target GOARCH
   */
  SortedMap<String, String> environment(String target) {
    SortedMap<String, String> environment = new TreeMap<>();
    environment.put("GOROOT", goRoot().toString());
    environment.put("GOPATH", goPath().toString());
    environment.put("GOCACHE", root.resolve("cache").toString());
    environment.put("GOTMPDIR", temporary().toString());
    environment.put("GOENV", "off");
    environment.put("GOFLAGS", "");
    environment.put("GO111MODULE", "off");
    environment.put("GOOS", "linux");
    environment.put("GOARCH", target);
    environment.put("CGO_ENABLED", "0");
    environment.put("HOME", root.resolve("home").toString());
    environment.put("TMPDIR", temporary().toString());
    environment.put("PATH", "");
    environment.put("LC_ALL", "C");
    environment.put("TZ", "UTC");
    return environment;
  }

  private Path goRoot() {
    return toolchain().resolve("lib/go-" + BuildInputs.GO_SERIES);
  }

  private Path goPath() {
    return root.resolve("path");
  }
}
