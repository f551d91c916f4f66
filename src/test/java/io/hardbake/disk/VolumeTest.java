package io.hardbake.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.Content;
import io.hardbake.tree.FileSlice;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeTest {
  @TempDir private Path directory;

  @Test
  void readsFromAnyPlaceWhatAPlainArrayHolds() throws IOException {
    Random random = new Random(7);
    byte[] pack = new byte[5_000];
    random.nextBytes(pack);
    Path file = Files.write(directory.resolve("pack"), pack);
    byte[] expected = new byte[20_000];
    Volume.Builder builder = Volume.builder(new Size(expected.length));
    for (int at = 0; at < 19_000; at += 1 + random.nextInt(900)) {
      int from = random.nextInt(4_000);
      int length = 1 + random.nextInt(700);
      Content slice = new FileSlice(file, from, new Size(length), Sha256.of(new byte[0]));
      Content content =
          random.nextBoolean() ? slice : Content.of(Arrays.copyOfRange(pack, from, from + length));
      int skip = random.nextInt(length);
      builder.add(Segment.of(at, content, skip, length - skip));
      System.arraycopy(pack, from + skip, expected, at, length - skip);
      at += length;
    }
    Volume volume = builder.build();
    try (VolumeReader reader = volume.reader()) {
      for (int round = 0; round < 2_000; round++) {
        int from = random.nextInt(expected.length);
        int length = random.nextInt(Math.min(3_000, expected.length - from) + 1);
        ByteBuffer buffer = ByteBuffer.allocate(length);
        boolean met = reader.read(from, buffer);
        assertArrayEquals(Arrays.copyOfRange(expected, from, from + length), buffer.array());
        assertEquals(met, !volume.isHole(from, length));
      }
    }
  }

  @Test
  void neighboursInAFileAreReadAtOnce() throws IOException {
    Path file = Files.writeString(directory.resolve("pack"), "0123456789");
    Sha256 identity = Sha256.of(new byte[] {1});
    Volume.Builder builder = Volume.builder(new Size(100));
    builder.add(Segment.of(24, file, 4, 3, identity));
    builder.add(Segment.of(20, file, 0, 4, identity));
    builder.add(Segment.of(27, file, 8, 2, identity)); // not the next in the file
    builder.add(Segment.of(29, file, 0, 2, Sha256.of(new byte[] {2}))); // another thing there
    Volume volume = builder.build();
    assertEquals(
        List.of("20 7", "27 2", "29 2"),
        volume.segments().stream().map(s -> s.offset() + " " + s.body().length()).toList());
    ByteBuffer all = ByteBuffer.allocate(11);
    try (VolumeReader reader = volume.reader()) {
      reader.read(20, all);
    }
    assertArrayEquals(bytes("01234568901"), all.array());
  }

  @Test
  void aPartIsShifted() throws IOException {
    Volume part = Volume.builder(new Size(100)).add(10, bytes("part")).build();
    Volume whole = Volume.builder(new Size(300)).add(200, part).add(0, bytes("x")).build();
    assertEquals(new Size(5), whole.used());
    assertTrue(whole.isHole(1, 209));
    assertFalse(whole.isHole(1, 210));
    try (VolumeReader reader = whole.reader()) {
      ByteBuffer buffer = ByteBuffer.allocate(4);
      reader.read(210, buffer);
      assertArrayEquals(bytes("part"), buffer.array());
    }
    assertThrows(
        IllegalArgumentException.class, () -> Volume.builder(new Size(299)).add(200, part).build());
  }

  @Test
  void refusesOverlapAndOverflow() {
    List<Segment> overlapping = List.of(Segment.of(0, bytes("ab")), Segment.of(1, bytes("c")));
    assertThrows(IllegalArgumentException.class, () -> new Volume(new Size(10), overlapping));
    List<Segment> beyond = List.of(Segment.of(9, bytes("ab")));
    assertThrows(IllegalArgumentException.class, () -> new Volume(new Size(10), beyond));
    assertThrows(IllegalArgumentException.class, () -> Segment.of(0, new byte[0]));
  }

  @Test
  void aFileThatShrankIsAnError() throws IOException {
    Path file = Files.write(directory.resolve("pack"), new byte[10]);
    Content slice = new FileSlice(file, 5, new Size(10), Sha256.of(new byte[0]));
    Volume volume = Volume.builder(new Size(10)).add(Segment.of(0, slice, 0, 10)).build();
    try (VolumeReader reader = volume.reader()) {
      assertThrows(EOFException.class, () -> reader.read(0, ByteBuffer.allocate(10)));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
