package io.hardbake.debian;

import io.hardbake.failure.BakeException;
import io.hardbake.fetch.Fetcher;
import io.hardbake.image.Architecture;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Debian's archive from where this host has it, for tests that need real packages. */
public final class HostArchive {
  private static final Map<Architecture, SoftReference<DebianArchive>> OPENED =
      new EnumMap<>(Architecture.class);

  private HostArchive() {}

  public static ArchiveSettings settings(Architecture architecture) throws BakeException {
    Mirror mirror = Mirror.choose("bookworm", List.of(), List.of(), Path.of("/"));
    return ArchiveSettings.debian("bookworm", mirror, architecture);
  }

  /** Each once for all tests, as long as there is memory for it: reading one takes seconds. */
  public static DebianArchive open(Architecture architecture, Fetcher fetcher)
      throws BakeException, InterruptedException {
    synchronized (OPENED) {
      SoftReference<DebianArchive> kept = OPENED.get(architecture);
      DebianArchive archive = kept == null ? null : kept.get();
      if (archive == null) {
        archive = DebianArchive.open(settings(architecture), fetcher, Instant.now());
        OPENED.put(architecture, new SoftReference<>(archive));
      }
      return archive;
    }
  }
}
