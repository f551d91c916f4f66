package io.hardbake.io;

import com.github.luben.zstd.util.Native;
import io.hardbake.failure.HostException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The native part of zstd for a process that has no store at hand. It unpacks itself into the
 * system's directory of temporary files; where that one is full, or nothing may be executed from
 * it, into a private directory elsewhere.
 */
public final class NativeZstd {
  private static Supplier<Optional<Path>> spare = Optional::empty;

  private NativeZstd() {}

  /** Where this process may try it instead: asked only when it has to; made when missing. */
  public static synchronized void spare(Supplier<Path> directory) {
    spare = () -> Optional.of(directory.get());
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
