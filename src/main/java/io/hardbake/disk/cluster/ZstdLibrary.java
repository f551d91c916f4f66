package io.hardbake.disk.cluster;

import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import io.hardbake.failure.BakeException;
import io.hardbake.io.NativeZstd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The native part of zstd, loaded from the cache. By itself it would unpack itself into the
 * system's directory of temporary files at each start: 1 MB that stays there when the process is
 * killed, and that fails where that directory is full or nothing may be executed from it.
 */
final class ZstdLibrary {
  /** What the library takes a path from, instead of unpacking itself. */
  private static final String PATH = "ZstdNativePath";

  private ZstdLibrary() {}

  /** Loads it, unless it is loaded already. What the jar has no file for, it has to find itself. */
  static void load(ClusterCache cache) throws IOException, BakeException, InterruptedException {
    if (Native.isLoaded() || System.getProperty(PATH) != null) {
      return;
    }
    String resource = resource();
    try (InputStream in = Native.class.getResourceAsStream(resource)) {
      if (in != null) {
        loadFrom(cache.derived("native", resource, in::transferTo));
      }
    }
    NativeZstd.load();
  }

  private static synchronized void loadFrom(Path file) {
    System.setProperty(PATH, file.toAbsolutePath().toString());
    try {
      Native.load();
    } catch (LinkageError e) {
      // A cache from which nothing may be executed; elsewhere it may.
    } finally {
      System.clearProperty(PATH);
    }
  }

  /** Such as {@code /linux/amd64/libzstd-jni-1.5.7-28.so}. */
  private static String resource() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "");
    boolean mac = system.startsWith("mac");
    return "/%s/%s/libzstd-jni-%s.%s"
        .formatted(
            mac ? "darwin" : system,
            mac && machine.equals("amd64") ? "x86_64" : machine,
            ZstdVersion.VERSION,
            mac ? "dylib" : "so");
  }
}
