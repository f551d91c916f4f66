package io.hardbake.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.image.Artifact;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeFileTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4096, 1 << 18, 3_000_000, 9_999_871})
  void bothWaysWriteTheVolume(long size) throws IOException {
    Volume volume = SampleVolume.make(directory, new Size(size), 3);
    ByteBuffer expected = ByteBuffer.allocate(Math.toIntExact(size));
    try (VolumeReader reader = volume.reader()) {
      reader.read(0, expected);
    }
    Path sparse = directory.resolve("sparse");
    SparseWriter.write(volume, sparse);
    assertArrayEquals(expected.array(), Files.readAllBytes(sparse));
    Artifact whole = VolumeFile.write(volume, directory.resolve("whole"));
    assertArrayEquals(expected.array(), Files.readAllBytes(whole.file()));
    assertEquals(new Artifact(whole.file(), new Size(size), Sha256.of(whole.file())), whole);
  }

  @Test
  void holesAndZerosTakeNoSpace() throws IOException {
    Volume volume =
        Volume.builder(Size.gib(10))
            .add(4096, new byte[] {1})
            .add(Size.gib(1).bytes(), new byte[1 << 20])
            .add(Size.gib(10).bytes() - 1, new byte[] {2})
            .build();
    Path file = directory.resolve("disk");
    SparseWriter.write(volume, file);
    assertEquals(Size.gib(10).bytes(), Files.size(file));
    assertTrue(allocated(file) <= 64 << 10);
  }

  @Test
  void whatFailsLeavesWhatWasThere() throws IOException {
    Path pack = Files.write(directory.resolve("pack"), new byte[10]);
    Volume volume =
        Volume.builder(new Size(100))
            .add(Segment.of(0, pack, 5, 50, Sha256.of(new byte[0])))
            .build();
    Path file = Files.writeString(directory.resolve("disk"), "before");
    assertThrows(EOFException.class, () -> VolumeFile.write(volume, file));
    assertEquals("before", Files.readString(file));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(2, left.count());
    }
  }

  /** What cannot be read is a directory here; the file that is written is not to blame. */
  @Test
  void aFailureToReadIsNotOneToWrite() throws IOException {
    Volume volume =
        Volume.builder(new Size(100))
            .add(Segment.of(0, directory, 0, 50, Sha256.of(new byte[0])))
            .build();
    IOException e =
        assertThrows(IOException.class, () -> VolumeFile.write(volume, directory.resolve("disk")));
    assertEquals(IOException.class, e.getClass());
  }

  @Test
  void identityFollowsTheBytesAndReadsNoFile() throws IOException {
    Path absent = directory.resolve("absent");
    Sha256 digest = Sha256.of(new byte[] {1});
    Volume volume = stored(0, absent, 0, digest);
    Sha256 identity = volume.identity(0, 4096);
    assertEquals(identity, stored(0, directory.resolve("elsewhere"), 0, digest).identity(0, 4096));
    assertEquals(identity, stored(512, absent, 0, digest).identity(512, 4096));
    assertNotEquals(identity, stored(512, absent, 0, digest).identity(0, 4096));
    assertNotEquals(identity, stored(0, absent, 1, digest).identity(0, 4096));
    assertNotEquals(identity, stored(0, absent, 0, Sha256.of(new byte[0])).identity(0, 4096));
    assertNotEquals(identity, volume.identity(0, 4097));
    Volume memory = Volume.builder(new Size(10)).add(2, new byte[] {1, 2, 3}).build();
    Volume other = Volume.builder(new Size(10)).add(2, new byte[] {1, 2, 4}).build();
    assertEquals(memory.identity(0, 4), other.identity(0, 4));
    assertNotEquals(memory.identity(0, 5), other.identity(0, 5));
  }

  private static Volume stored(long offset, Path file, long from, Sha256 digest) {
    return Volume.builder(new Size(8192)).add(Segment.of(offset, file, from, 3000, digest)).build();
  }

  /** Bytes that the file takes on its file system. */
  private static long allocated(Path file) {
    String said = Oracle.run("du", "--block-size=1", file.toString()).succeeded().stdout();
    return Long.parseLong(said.split("\t", -1)[0]);
  }
}
