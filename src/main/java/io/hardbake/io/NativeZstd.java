package io.hardbake.io;

import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The native part of zstd. A bake has it in its store. By itself it unpacks itself into the
 * system's directory of temporary files at each start, 1 MB that stays there when the process is
 * killed; where that directory is full, or nothing may be executed from it, into a private one
 * elsewhere.
 */
public final class NativeZstd {
  /** What the library takes a path from, instead of unpacking itself. */
  private static final String PATH = "ZstdNativePath";

  private static Supplier<Optional<Path>> spare = Optional::empty;

  private NativeZstd() {}

  /** Where this process may try it instead: asked only when it has to; made when missing. */
  public static synchronized void spare(Supplier<Path> directory) {
    spare = () -> Optional.of(directory.get());
  }

  /** Where a store keeps the library. */
  @FunctionalInterface
  public interface Keeper {
    /** The file of this name, copied from {@code library} unless it is there. */
    Path keep(String name, InputStream library)
        throws IOException, BakeException, InterruptedException;
  }

  /**
   * Loads it from a store, unless it is loaded already; from elsewhere where the store's disk lets
   * nothing be executed, or the jar has no file for this machine.
   *
   * @throws HostException if it can be run from nowhere
   */
  public static synchronized void load(Keeper store)
      throws IOException, BakeException, InterruptedException {
    if (!Native.isLoaded() && System.getProperty(PATH) == null) {
      String name = resource();
      try (InputStream in = Native.class.getResourceAsStream(name)) {
        if (in != null) {
          loadFile(store.keep(name, in));
        }
      }
    }
    load();
  }

  private static void loadFile(Path file) {
    System.setProperty(PATH, file.toAbsolutePath().toString());
    try {
      Native.load();
    } catch (LinkageError e) {
      // A store from which nothing may be executed; elsewhere it may.
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

  /**
   * Loads it, unless it is loaded already.
   *
   * @throws HostException if it can be run from nowhere
   */
  public static synchronized void load() throws HostException {
    if (Native.isLoaded()) {
      return;
    }
    try {
      // Before any class of the library is used: one whose initializer failed is lost for good.
      Native.load();
    } catch (LinkageError e) {
      Optional<Path> other = spare.get();
      if (other.isEmpty() || !loadFrom(other.get())) {
        throw new HostException(
            "the zstd library can be unpacked and run neither in %s%s"
                .formatted(
                    System.getProperty("java.io.tmpdir"),
                    other.map(path -> " nor in " + path).orElse(" nor elsewhere")),
            "name a directory with 2 MiB of room from which programs may be run:"
                + " HARDBAKE_JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY",
            e);
      }
    }
  }

  /** What is loaded needs its file no more. */
  private static boolean loadFrom(Path directory) {
    try (ScratchDirectory own = ScratchDirectory.in(directory, "zstd")) {
      Native.load(own.path().toFile());
      return true;
    } catch (IOException | LinkageError e) {
      return Native.isLoaded();
    }
  }
}
