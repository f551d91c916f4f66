package io.hardbake.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PartialFileTest {
  /** As a process that was killed leaves it: nobody has a lock on it. */
  private static final String ABANDONED = ".disk.qcow2.0123456789abcdef-00000000000000ff.part";

  @TempDir Path directory;

  @Test
  void writingSweepsWhatKilledProcessesLeft() throws Exception {
    Path abandoned = Files.writeString(directory.resolve(ABANDONED), "half");
    Path users = Files.writeString(directory.resolve(".disk.qcow2.part"), "a user's");
    AtomicFile.write(directory.resolve("other"), new byte[] {1});
    assertFalse(Files.exists(abandoned));
    assertEquals("a user's", Files.readString(users));
  }

  @Test
  void aFileThatIsBeingWrittenIsNotSwept() throws Exception {
    try (PartialFile partial = PartialFile.beside(directory.resolve("disk.qcow2"))) {
      assertEquals(
          PosixFilePermissions.fromString("rw-------"),
          Files.getPosixFilePermissions(partial.path()));
      AtomicFile.sweep(directory);
      assertTrue(Files.exists(partial.path()));
    }
    assertEquals(List.of(), names());
  }

  /** A lock is the whole process's, which Java says with an exception of its own. */
  @Test
  void whatAnotherThreadSweepsIsLeftToIt() throws Exception {
    Path abandoned = Files.writeString(directory.resolve(ABANDONED), "half");
    try (FileChannel other = FileChannel.open(abandoned, StandardOpenOption.WRITE)) {
      other.lock();
      AtomicFile.write(directory.resolve("other"), new byte[] {1});
      assertTrue(Files.exists(abandoned));
    }
    AtomicFile.write(directory.resolve("other"), new byte[] {2});
    assertEquals(List.of("other"), names());
  }

  @Test
  void aDirectoryThatIsNotThereNeedsNoSweeping() throws Exception {
    AtomicFile.sweep(directory.resolve("none"));
    AtomicFile.sweep(Files.writeString(directory.resolve("file"), ""));
    assertEquals(List.of("file"), names());
  }

  @Test
  void aFailureToWriteNamesTheFile() throws Exception {
    Path target = directory.resolve("disk.qcow2");
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    IOException e =
        assertThrows(IOException.class, () -> WriteFailure.naming(target, full).write(1));
    assertEquals(target + ": No space left on device", e.getMessage());
  }

  /** What cannot be read is not the fault of the file that is written. */
  @Test
  void aFailureOfWhatGivesTheContentStaysItsOwnAndLeavesNothing() throws Exception {
    Path target = Files.writeString(directory.resolve("disk.qcow2"), "whole");
    IOException own = new IOException("Input/output error");
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    target,
                    out -> {
                      throw own;
                    }));
    assertSame(own, thrown);
    assertEquals(List.of("disk.qcow2"), names());
    assertEquals("whole", Files.readString(target));
  }

  @Test
  void aFileThatHoldsTheSameAlreadyKeepsItsTime() throws Exception {
    Path target = directory.resolve("list.txt");
    AtomicFile.write(target, new byte[] {1, 2});
    FileTime old = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(target, old);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
    AtomicFile.write(target, new byte[] {1, 2});
    assertEquals(old, Files.getLastModifiedTime(target));
    assertEquals(
        PosixFilePermissions.fromString("rw-r--r--"), Files.getPosixFilePermissions(target));
    AtomicFile.write(target, new byte[] {1, 3});
    assertArrayEquals(new byte[] {1, 3}, Files.readAllBytes(target));
  }

  @Test
  void aLinkToAFileThatHoldsTheSameIsReplaced() throws Exception {
    Path elsewhere = Files.write(directory.resolve("elsewhere"), new byte[] {1});
    Path target = Files.createSymbolicLink(directory.resolve("list.txt"), elsewhere);
    AtomicFile.write(target, new byte[] {1});
    assertTrue(Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
