package io.hardbake.debian.unpack;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.io.tar.Compression;
import io.hardbake.io.tar.MalformedArchiveException;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packages that are refused, each with its reason. */
final class DebRefusalsTest {
  static Stream<Arguments> refusedTars() {
    String longName = "./" + "n".repeat(5000);
    return Stream.of(
        tar("dot-dot", t -> t.file("./../etc/passwd", "x"), "refused"),
        tar("dot-dot inside", t -> t.file("./a/../../x", "x"), "refused"),
        tar("absolute", t -> t.file("/etc/passwd", "x"), "refused"),
        tar("absolute after dot", t -> t.file(".//etc/passwd", "x"), "refused"),
        tar("single dot", t -> t.file("./a/./b", "x"), "refused"),
        tar("no name", t -> t.file("", "x"), "refused"),
        tar("newline", t -> t.file("./a\nb", "x"), "newline"),
        tar("NUL", t -> t.pax("path", "./a\0b").file("./cut", "x"), "refused"),
        tar(
            "NUL in a GNU name",
            t -> t.extension('L', "./a\0b\0".getBytes(StandardCharsets.UTF_8)).file("./c", "x"),
            "refused"),
        tar("file with a slash", t -> t.file("./a/", "x"), "refused"),
        tar(
            "name beyond PATH_MAX",
            t -> t.extension('L', longName.getBytes(StandardCharsets.UTF_8)).file("./c", "x"),
            "too long"),
        tar("write through a link", t -> t.symlink("./a", "/etc").file("./a/b", "x"), "through"),
        tar(
            "write deep through a link",
            t -> t.symlink("./a", "/etc").file("./a/b/c/d", "x"),
            "through"),
        tar("link over a parent", t -> t.file("./a/b", "x").symlink("./a", "/etc"), "below"),
        tar("below a file", t -> t.file("./a", "x").file("./a/b", "x"), "through"),
        tar("file twice", t -> t.file("./a", "x").file("./a", "x"), "twice"),
        tar("file twice, spelled", t -> t.file("./a", "x").file("a", "x"), "twice"),
        tar("link then file", t -> t.symlink("./a", "b").file("./a", "x"), "twice"),
        tar("other directory", t -> t.directory("./a/").mode(0700).directory("./a/"), "twice"),
        tar("root is a file", t -> t.file(".", "x"), "twice"),
        tar("device", t -> t.member('3', "./null", "", new byte[0], 0666), "device"),
        tar("block device", t -> t.member('4', "./sda", "", new byte[0], 0666), "device"),
        tar("FIFO", t -> t.member('6', "./fifo", "", new byte[0], 0666), "FIFO"),
        tar("sparse", t -> t.member('S', "./s", "", new byte[0], 0666), "sparse"),
        tar("unknown type", t -> t.member('Z', "./s", "", new byte[0], 0666), "unknown type"),
        tar("hard link to nothing", t -> t.hardLink("./a", "./b"), "no earlier file"),
        tar(
            "hard link forwards",
            t -> t.hardLink("./a", "./b").file("./b", "x"),
            "no earlier file"),
        tar("hard link outside", t -> t.hardLink("./a", "/etc/shadow"), "refused"),
        tar(
            "hard link to a link",
            t -> t.symlink("./b", "/etc/shadow").hardLink("./a", "./b"),
            "no earlier file"),
        tar("link without target", t -> t.symlink("./a", ""), "without target"),
        tar("link to NUL", t -> t.pax("linkpath", "a\0b").symlink("./a", "b"), "refused target"),
        tar("directory with a size", t -> t.member('5', "./d/", "", new byte[9], 0755), "size"),
        tar("negative size", t -> t.header('0', "./a", "", "\u007f", 0644), "no octal"),
        tar("size no number", t -> t.header('0', "./a", "", "-0000000001", 0644), "no octal"),
        tar("huge size", t -> t.header('0', "./a", "", "77777777777", 0644), "truncated"),
        tar("size of pax", t -> t.pax("size", "-1").file("./a", ""), "no number"),
        tar("unknown pax key", t -> t.pax("GNU.sparse.major", "1").file("./a", ""), "unknown"),
        tar("torn pax record", t -> t.extension('x', bytes("99 path=a\n")).file("./a", ""), "pax"),
        tar("endless extension", t -> t.header('x', "p", "", "77777777777", 0644), "larger"),
        tar("extension at the end", t -> t.pax("path", "./a"), "ends after"),
        tar(
            "global path",
            t -> t.extension('g', TarBuilder.paxRecord("path", bytes("b"))),
            "global"),
        tar("no end", TarBuilder::withoutEnd, "truncated"),
        tar("trailing", t -> t.raw(new byte[1024], false).raw(bytes("x"), true), "trailing"),
        tar("torn body", t -> t.header('0', "./a", "", "2000", 0644), "truncated"),
        tar("checksum", t -> t.raw(bytes("garbage"), true), "checksum"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusedTars")
  void refusesTars(String name, TarBuilder tar, String reason) {
    byte[] deb = DebBuilder.of("hello", "1").data(tar).build();
    MalformedArchiveException e =
        assertThrows(
            MalformedArchiveException.class,
            () -> DebPacker.pack(new ByteArrayInputStream(deb), OutputStream.nullOutputStream()),
            name);
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
  }

  @Test
  void refusesNegativeSizesInBase256() {
    TarBuilder tar = new TarBuilder().directory("./");
    byte[] block = Arrays.copyOf(new TarBuilder().file("./a", "").build(), 512);
    Arrays.fill(block, 124, 136, (byte) 0xff);
    TarBuilder.checksum(block);
    refuses(DebBuilder.of("hello", "1").data(tar.raw(block, true)).build(), "out of range");
  }

  @Test
  void refusesNamesThatAreNotUtf8() {
    byte[] block = Arrays.copyOf(new TarBuilder().file("./a", "").build(), 512);
    block[2] = (byte) 0xe9;
    TarBuilder.checksum(block);
    refuses(
        DebBuilder.of("hello", "1").data(new TarBuilder().directory("./").raw(block, true)).build(),
        "UTF-8");
  }

  static Stream<Arguments> refusedContainers() {
    byte[] valid = valid(Compression.XZ);
    return Stream.of(
        Arguments.of("empty", new byte[0], "not a Debian package"),
        Arguments.of("no ar", bytes("<!DOCTYPE html>"), "not a Debian package"),
        Arguments.of("only magic", bytes("!<arch>\n"), "missing"),
        Arguments.of("trailing garbage", append(valid, bytes("garbage")), "trailing"),
        Arguments.of("trailing newlines", append(valid, bytes("\n\n")), "trailing"),
        Arguments.of("torn", Arrays.copyOf(valid, valid.length - 40), "truncated"),
        Arguments.of("first", ar("control.tar", new byte[0]), "debian-binary"),
        Arguments.of("format", ar("debian-binary", bytes("3.0\n")), "2.x"),
        Arguments.of("format is long", ar("debian-binary", longFormat()), "left over"),
        Arguments.of("order", reordered(), "the member data.tar"),
        Arguments.of("bzip2", renamed("data.tar", "data.tar.bz2"), "data.tar.bz2"),
        Arguments.of("wrong suffix", renamed("data.tar", "data.tar.xz"), "decompressed"),
        Arguments.of("garbage in gzip", garbageIn(Compression.GZIP), "decompressed"),
        Arguments.of("garbage in xz", garbageIn(Compression.XZ), "decompressed"),
        Arguments.of("garbage in zstd", garbageIn(Compression.ZSTD), "decompressed"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusedContainers")
  void refusesContainers(String name, byte[] deb, String reason) {
    refuses(deb, reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Version: 1\nArchitecture: all\n",
        "Package: UPPER\nVersion: 1\nArchitecture: all\n",
        "Package: two words\nVersion: 1\nArchitecture: all\n",
        "Package: hello\nVersion: 1 2\nArchitecture: all\n",
        "Package: hello\nVersion: 1\nArchitecture: ../x\n",
        "Package: hello\nVersion: 1\nArchitecture: all\nInstalled-Size: -1\n",
        "Package: hello\nVersion: 1\nArchitecture: all\n\nPackage: again\n",
        "no field"
      })
  void refusesControlFiles(String control) {
    refuses(DebBuilder.withControl(control).build(), "");
  }

  @Test
  void refusesWhatIsNoPlainFileBesideTheControlFile() {
    DebBuilder link = DebBuilder.of("hello", "1");
    link.control().symlink("./postinst", "/bin/sh");
    refuses(link.build(), "refused");
    refuses(DebBuilder.of("hello", "1").controlFile("sub/postinst", "x").build(), "refused");
    refuses(DebBuilder.of("hello", "1").controlFile("control", "x").build(), "refused");
    refuses(DebBuilder.of("hello", "1").controlFile("a:b", "x").build(), "refused");
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void refusesMoreThanTheControlFileDeclares(Compression compression) {
    // One KiB is declared, some 64 MiB are granted.
    byte[] bomb =
        DebBuilder.withControl("Package: bomb\nVersion: 1\nArchitecture: all\nInstalled-Size: 1\n")
            .data(new TarBuilder().directory("./").file("./a", new byte[65 << 20]))
            .compressed(compression)
            .build();
    refuses(bomb, "larger than the limit");
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void refusesAControlArchiveBeyondItsLimit(Compression compression) {
    byte[] zeros = new byte[65 << 20];
    DebBuilder bomb = DebBuilder.of("bomb", "1").compressed(compression);
    bomb.control().raw(zeros, true);
    refuses(bomb.build(), "larger than the limit");
  }

  private void refuses(byte[] deb, String reason) {
    MalformedArchiveException e =
        assertThrows(
            MalformedArchiveException.class,
            () -> DebPacker.pack(new ByteArrayInputStream(deb), OutputStream.nullOutputStream()));
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
  }

  private static Arguments tar(String name, UnaryOperator<TarBuilder> flaw, String reason) {
    return Arguments.of(name, flaw.apply(new TarBuilder().directory("./")), reason);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] valid(Compression compression) {
    return DebBuilder.of("hello", "1").compressed(compression).build();
  }

  private static Map<String, byte[]> parts(TarBuilder data) {
    Map<String, byte[]> parts = new LinkedHashMap<>();
    parts.put("debian-binary", bytes("2.0\n"));
    parts.put("control.tar", DebBuilder.of("hello", "1").control().build());
    parts.put("data.tar", data.build());
    return parts;
  }

  private static byte[] longFormat() {
    return bytes("2.0\n" + "x".repeat(2000));
  }

  private static byte[] ar(String name, byte[] body) {
    return DebBuilder.ar(Map.of(name, body));
  }

  private static byte[] reordered() {
    Map<String, byte[]> parts = parts(new TarBuilder().directory("./"));
    parts.remove("control.tar");
    parts.put("control.tar", DebBuilder.of("hello", "1").control().build());
    return DebBuilder.ar(parts);
  }

  private static byte[] renamed(String from, String to) {
    Map<String, byte[]> parts = parts(new TarBuilder().directory("./"));
    Map<String, byte[]> renamed = new LinkedHashMap<>();
    parts.forEach((name, body) -> renamed.put(name.equals(from) ? to : name, body));
    return DebBuilder.ar(renamed);
  }

  private static byte[] garbageIn(Compression compression) {
    TarBuilder tar = new TarBuilder().directory("./");
    Map<String, byte[]> parts = parts(tar);
    byte[] data = DebBuilder.compress(tar.build(), compression);
    parts.remove("data.tar");
    String suffix =
        switch (compression) {
          case GZIP -> ".gz";
          case XZ -> ".xz";
          case ZSTD -> ".zst";
          case NONE -> throw new IllegalArgumentException("no compression");
        };
    parts.put("data.tar" + suffix, append(data, bytes("garbage!")));
    return DebBuilder.ar(parts);
  }

  private static byte[] append(byte[] head, byte[] tail) {
    byte[] whole = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, whole, head.length, tail.length);
    return whole;
  }
}
