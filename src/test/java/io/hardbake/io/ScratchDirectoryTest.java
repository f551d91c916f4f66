package io.hardbake.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScratchDirectoryTest {
  private static final Path LOCKS = Path.of("/proc/locks");

  @TempDir Path parent;

  @Test
  void isGoneWithAllThatIsInIt() throws IOException {
    Path outside = Files.writeString(parent.resolve("outside"), "stays");
    try (ScratchDirectory scratch = ScratchDirectory.in(parent, "work")) {
      Files.createDirectories(scratch.path().resolve("a/b"));
      Files.writeString(scratch.path().resolve("a/b/c"), "x");
      Files.createSymbolicLink(scratch.path().resolve("a/link"), outside);
      Files.createSymbolicLink(scratch.path().resolve("up"), parent);
    }
    assertEquals(List.of(outside), files());
  }

  @Test
  void sweepsWhatTheDeadLeft() throws IOException {
    Path dead = Files.createDirectory(parent.resolve("work-1"));
    Files.writeString(dead.resolve("file"), "x");
    Files.createFile(parent.resolve("work-1.lock"));
    Path other = Files.createDirectory(parent.resolve("other-1"));
    Files.createFile(parent.resolve("other-1.lock"));
    try (ScratchDirectory scratch = ScratchDirectory.in(parent, "work")) {
      assertFalse(Files.exists(dead));
      assertTrue(Files.exists(other));
      assertTrue(Files.exists(scratch.path()));
    }
  }

  /** Its process was killed before it made the directory, or after it had removed it. */
  @Test
  void sweepsALockWithoutADirectory() throws IOException {
    Files.createFile(parent.resolve("work-1.lock"));
    ScratchDirectory.in(parent, "work").close();
    assertEquals(List.of(), files());
  }

  /** Linux forgets a process's lock when any of its channels to the file is closed. */
  @Test
  void keepsItsLockWhenAnotherIsMade() throws IOException {
    Oracle.require(Files.exists(LOCKS), "there is no " + LOCKS + ": run this on Linux");
    try (ScratchDirectory first = ScratchDirectory.in(parent, "work")) {
      String lock = ":" + Files.getAttribute(Path.of(first.path() + ".lock"), "unix:ino") + " ";
      assertTrue(Files.readString(LOCKS).contains(lock), lock);
      ScratchDirectory.in(parent, "work").close();
      assertTrue(Files.readString(LOCKS).contains(lock), lock);
    }
  }

  @Test
  void leavesTheLivingAlone() throws IOException {
    try (ScratchDirectory first = ScratchDirectory.in(parent, "work");
        ScratchDirectory second = ScratchDirectory.in(parent, "work")) {
      assertTrue(Files.exists(first.path()));
      assertTrue(Files.exists(second.path()));
    }
    assertEquals(List.of(), files());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.sorted().toList();
    }
  }
}
