package io.hardbake.debian.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.IntegrityException;
import io.hardbake.fetch.Store;
import io.hardbake.io.Sha256;
import io.hardbake.tree.Entry;
import io.hardbake.tree.FileSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackerTest {
  @TempDir Path directory;
  private Path root;
  private Unpacker unpacker;

  @BeforeEach
  void openStore() throws IOException {
    root = directory.resolve("store");
    unpacker = new Unpacker(Store.open(root));
  }

  @Test
  void readsAPackageFromItsPackOnceItHasOne() throws Exception {
    Path deb = hello().writeTo(directory.resolve("hello.deb"));
    Sha256 digest = Sha256.of(deb);
    UnpackedPackage first = unpacker.unpack(deb, digest);
    Files.delete(deb);
    UnpackedPackage second = unpacker.unpack(deb, digest);

    assertEquals(first, second);
    assertEquals("text", body(second).content().text());
  }

  @Test
  void refusesAnotherDigestBeforeAnythingIsParsed() throws Exception {
    Path deb = Files.writeString(directory.resolve("hello.deb"), "no package at all");
    Sha256 other = Sha256.of(new byte[0]);
    IntegrityException e =
        assertThrows(IntegrityException.class, () -> unpacker.unpack(deb, other));
    String problem = String.valueOf(e.getMessage());
    assertTrue(problem.contains(other.hex()) && problem.contains(Sha256.of(deb).hex()), problem);
    assertStoreIsEmpty();
  }

  @Test
  void aRefusedPackageLeavesNothingInTheStore() throws Exception {
    // The flaw comes last, after bodies were written.
    TarBuilder tar =
        new TarBuilder()
            .directory("./")
            .file("./large", new byte[1 << 20])
            .symlink("./link", "/etc")
            .file("./link/passwd", "x");
    Path deb = DebBuilder.of("evil", "1").data(tar).writeTo(directory.resolve("evil.deb"));
    IntegrityException e =
        assertThrows(IntegrityException.class, () -> unpacker.unpack(deb, Sha256.of(deb)));
    assertEquals(
        "evil.deb is refused: /link/passwd would be written through /link, which is no directory in"
            + " this archive",
        e.getMessage());
    assertStoreIsEmpty();
  }

  @Test
  void aDamagedPackIsMadeAgain() throws Exception {
    Path deb = hello().writeTo(directory.resolve("hello.deb"));
    Sha256 digest = Sha256.of(deb);
    UnpackedPackage whole = unpacker.unpack(deb, digest);
    Path pack = ((FileSlice) body(whole).content()).file();
    byte[] bytes = Files.readAllBytes(pack);

    for (int at : new int[] {0, bytes.length / 2, bytes.length - 1}) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      replaceUnnoticed(pack, damaged);
      assertEquals(whole, unpacker.unpack(deb, digest), "damaged at " + at);
      assertEquals("text", body(whole).content().text());
    }
    Files.delete(pack);
    assertEquals(whole, unpacker.unpack(deb, digest));
  }

  @Test
  void packsAreReadNeitherShortNorDamaged() throws Exception {
    Path deb = hello().writeTo(directory.resolve("hello.deb"));
    UnpackedPackage whole = unpacker.unpack(deb, Sha256.of(deb));
    byte[] bytes = Files.readAllBytes(((FileSlice) body(whole).content()).file());
    Path copy = directory.resolve("copy");
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= (byte) 0x80;
      Files.write(copy, damaged);
      assertThrows(DamagedPackException.class, () -> PackReader.read(copy), "damaged at " + at);
      Files.write(copy, Arrays.copyOf(bytes, at));
      assertThrows(DamagedPackException.class, () -> PackReader.read(copy), "cut at " + at);
    }
  }

  @Test
  void manyThreadsMayUnpackAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<UnpackedPackage>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String name = "hello" + i % 10;
        Path deb = directory.resolve(name + ".deb");
        if (i < 10) {
          DebBuilder.of(name, "1").data(data()).writeTo(deb);
        }
        results.add(threads.submit(() -> unpacker.unpack(deb, Sha256.of(deb))));
      }
      for (int i = 0; i < results.size(); i++) {
        assertEquals("hello" + i % 10, results.get(i).get().name());
        assertEquals("text", body(results.get(i).get()).content().text());
      }
    } finally {
      threads.shutdown();
    }
  }

  /** As a failing disk would: same size, same time, other bytes. */
  private static void replaceUnnoticed(Path file, byte[] bytes) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(file, bytes);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    Files.setLastModifiedTime(file, time);
  }

  private void assertStoreIsEmpty() throws IOException {
    for (String room : List.of("sha256", "derived", "partial", "tmp")) {
      try (Stream<Path> files = Files.walk(root.resolve(room))) {
        List<Path> left = files.filter(Files::isRegularFile).filter(f -> !isEmptyFile(f)).toList();
        assertEquals(List.of(), left);
      }
    }
  }

  private static boolean isEmptyFile(Path file) {
    return file.toFile().length() == 0;
  }

  private static DebBuilder hello() {
    return DebBuilder.of("hello", "1").controlFile("md5sums", "").data(data());
  }

  private static TarBuilder data() {
    return new TarBuilder().directory("./").file("./a", "text").symlink("./b", "a");
  }

  private static Entry.RegularFile body(UnpackedPackage read) {
    return read.members().stream()
        .map(UnpackedPackage.Member::entry)
        .filter(Entry.RegularFile.class::isInstance)
        .map(Entry.RegularFile.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
