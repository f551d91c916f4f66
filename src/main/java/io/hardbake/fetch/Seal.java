package io.hardbake.fetch;

import io.hardbake.io.FileViews;
import io.hardbake.io.Removal;
import io.hardbake.io.WriteFailure;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * What the file system said of a stored file when it was last hashed, kept beside it. While it
 * still says so, the file counts as whole without being read; otherwise it is hashed again. This is
 * how git's index trusts a work tree. A disk that decays silently is {@code Store.verify}'s
 * business.
 *
 * <p>Like git, it does not see a change within the clock tick, a few milliseconds, in which the
 * seal was set. The modification time of the seal itself is when the file was last used.
 *
 * @param text size, times and identity, in one line
 */
record Seal(String text) {
  private static final Duration TOUCH_AFTER = Duration.ofHours(1);

  private static final String BASIC = "size,lastModifiedTime,fileKey";

  /** The seal that {@code file} would get now; nothing when it is not there. */
  static Optional<Seal> of(Path file) throws IOException {
    try {
      // The change time cannot be set back, which the modification time can.
      Map<String, Object> said =
          Files.readAttributes(file, FileViews.hasStat(file) ? "unix:" + BASIC + ",ctime" : BASIC);
      return Optional.of(
          new Seal(
              "1 "
                  + said.get("size")
                  + " "
                  + said.get("lastModifiedTime")
                  + " "
                  + said.getOrDefault("ctime", "-")
                  + " "
                  + said.get("fileKey")
                  + "\n"));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static Path pathFor(Path file) {
    return file.resolveSibling(file.getFileName() + ".seal");
  }

  /** Whether {@code file} was sealed so. */
  boolean isSetOn(Path file) throws IOException {
    try {
      byte[] sealed = Files.readAllBytes(pathFor(file));
      return Arrays.equals(sealed, text.getBytes(StandardCharsets.UTF_8));
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      return false; // None, or nothing that can be read: the file is hashed.
    }
  }

  /** Not synced: a seal that is lost or torn costs one more hashing. */
  void set(Path file, Path temporary) throws IOException {
    Path seal = pathFor(file);
    try {
      Files.writeString(temporary, text);
      if (Files.isDirectory(seal)) {
        Removal.of(seal);
      }
      Files.move(
          temporary, seal, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw WriteFailure.of(temporary, e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Notes that {@code file} is in use, once in a while. */
  static void touch(Path file, Instant now) throws IOException {
    if (Duration.between(lastUse(file), now).compareTo(TOUCH_AFTER) > 0) {
      try {
        Files.setLastModifiedTime(pathFor(file), FileTime.from(now));
      } catch (FileSystemException e) {
        // Pruned a moment ago by somebody else, or somebody else's file.
      }
    }
  }

  /** When {@code file} was last used, to the hour; without a seal, when it was written. */
  static Instant lastUse(Path file) throws IOException {
    for (Path witness : new Path[] {pathFor(file), file}) {
      try {
        return Files.getLastModifiedTime(witness).toInstant();
      } catch (NoSuchFileException e) {
        // The next one.
      }
    }
    return Instant.EPOCH;
  }
}
