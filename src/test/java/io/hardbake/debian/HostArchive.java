package io.hardbake.debian;

import io.hardbake.failure.BakeException;
import io.hardbake.fetch.Fetcher;
import io.hardbake.image.Architecture;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Debian's archive from where this host has it, for tests that need real packages. */
public final class HostArchive {
  private HostArchive() {}

  public static ArchiveSettings settings(Architecture architecture) throws BakeException {
    Mirror mirror = Mirror.choose("bookworm", List.of(), List.of(), Path.of("/"));
    return ArchiveSettings.debian("bookworm", mirror, architecture);
  }

  public static DebianArchive open(Architecture architecture, Fetcher fetcher)
      throws BakeException, InterruptedException {
    return DebianArchive.open(settings(architecture), fetcher, Instant.now());
  }
}
