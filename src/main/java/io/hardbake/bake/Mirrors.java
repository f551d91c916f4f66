package io.hardbake.bake;

import io.hardbake.debian.Mirror;
import io.hardbake.debian.Origin;
import io.hardbake.failure.UsageException;
import io.hardbake.fetch.Download;
import io.hardbake.io.DirectoryOrUrl;
import io.hardbake.io.DirectoryOrUrl.CredentialsException;
import io.hardbake.lock.LockedFile;
import io.hardbake.lock.LockedPackage;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the files of a lock can be had: from the mirrors, and when those have moved on, from the
 * snapshot archive, where one is named, as it stood when the lock was made.
 */
final class Mirrors {
  static final String MAIN = "debian";
  static final String SECURITY = "debian-security";

  /** Names a snapshot archive in the environment; below it are {@code debian/TIME/…}. */
  private static final String SNAPSHOTS = "HARDBAKE_SNAPSHOTS";

  private static final DateTimeFormatter SNAPSHOT_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Mirror mirror;
  private final Optional<String> snapshots;

  /** Mirrors, and the snapshot archive that the environment names, if it does. */
  Mirrors(Mirror mirror, Map<String, String> environment) throws UsageException {
    this.mirror = mirror;
    this.snapshots =
        Optional.ofNullable(environment.get(SNAPSHOTS)).filter(base -> !base.isEmpty());
    if (snapshots.isPresent()) {
      try {
        DirectoryOrUrl.refuseCredentials(snapshots.get());
      } catch (CredentialsException e) {
        throw new UsageException(
            SNAPSHOTS + " is " + e.problem(), "name an archive that asks for none, or unset it", e);
      }
    }
    if (snapshots.isPresent() && !isDirectory(snapshots.get())) {
      throw new UsageException(
          SNAPSHOTS + " is no address of a directory: " + snapshots.get(),
          "write one that begins with https:// and ends with a slash, or unset it");
    }
  }

  private static boolean isDirectory(String address) {
    try {
      new URI(address);
      return address.matches("https?://[^?#]+/");
    } catch (URISyntaxException e) {
      return false;
    }
  }

  Mirror mirror() {
    return mirror;
  }

  /** The word by which a lock names the archive that a suite belongs to. */
  static String archiveOf(Origin origin) {
    return archiveOf(origin.suite());
  }

  /** The same for a suite's codename. */
  static String archiveOf(String suite) {
    return suite.endsWith("-security") ? SECURITY : MAIN;
  }

  /** {@code date} is the lock's: the moment at which the snapshot archive had the file. */
  Download download(LockedPackage locked, Instant date) {
    return download(locked.file(), date);
  }

  Download download(LockedFile file, Instant date) {
    List<URI> bases =
        new ArrayList<>(file.archive().equals(SECURITY) ? mirror.security() : mirror.main());
    // It answers with what it took in last before a moment, which is later than the moment at which
    // something was published: what was new then is there a day later.
    if (snapshots.isPresent()) {
      String archive = snapshots.get() + file.archive() + "/";
      for (Instant moment : List.of(date, date.plus(1, ChronoUnit.DAYS))) {
        bases.add(URI.create(archive + SNAPSHOT_TIME.format(moment) + "/"));
      }
    }
    String path = file.path();
    return new Download(
        path.substring(path.lastIndexOf('/') + 1),
        new Origin(file.archive(), bases, Origin.DEFAULT_PRIORITY).candidates(path),
        file.size(),
        file.sha256());
  }
}
