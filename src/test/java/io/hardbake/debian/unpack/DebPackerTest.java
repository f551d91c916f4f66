package io.hardbake.debian.unpack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.hardbake.debian.unpack.UnpackedPackage.Member;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.tar.Compression;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DebPackerTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Compression.class)
  void readsEveryCompressionOfDeb5(Compression compression) throws IOException {
    UnpackedPackage read =
        unpack(
            DebBuilder.of("hello", "1:2.3-4")
                .controlFile("postinst", "#!/bin/sh\n")
                .data(new TarBuilder().directory("./").file("./a", "text"))
                .compressed(compression)
                .build());

    assertEquals("hello", read.name());
    assertEquals("1:2.3-4", read.version());
    assertEquals(List.of("postinst"), List.copyOf(read.controlFiles().keySet()));
    assertEquals("#!/bin/sh\n", read.controlFiles().values().iterator().next().text());
    assertEquals(List.of("/", "/a"), read.members().stream().map(m -> m.path().value()).toList());
    assertEquals("text", file(read, "/a").content().text());
  }

  @Test
  void keepsWhatAnInodeKnowsAndTheOrder() throws IOException {
    Bytes capability = Bytes.ofHex("010000020020000000000000000000000000ff80");
    UnpackedPackage read =
        unpack(
            DebBuilder.of("hello", "1")
                .data(
                    new TarBuilder()
                        .directory("./")
                        .owner(0, 50)
                        .mode(02775)
                        .directory("./local/")
                        .owner(0, 42)
                        .mode(04755)
                        .mtime(1_234_567_890)
                        .file("./z", "z")
                        .xattrs(new TreeMap<>(Map.of("security.capability", capability)))
                        .file("./ping", "ping")
                        .symlink("./a", "../nowhere")
                        .hardLink("./y", "./z")
                        .hardLink("./x", "y"))
                .build());

    assertEquals(
        List.of("/", "/local", "/z", "/ping", "/a", "/y", "/x"),
        read.members().stream().map(m -> m.path().value()).toList());
    assertEquals(02775, entry(read, "/local").meta().mode());
    assertEquals(50, entry(read, "/local").meta().gid());
    assertEquals(04755, entry(read, "/z").meta().mode());
    assertEquals(42, entry(read, "/z").meta().gid());
    assertEquals(1_234_567_890, entry(read, "/z").meta().mtime());
    assertEquals("package:hello=1", entry(read, "/z").meta().provenance().value());
    assertEquals(Map.of("security.capability", capability), entry(read, "/ping").meta().xattrs());
    assertEquals("../nowhere", ((Entry.Symlink) entry(read, "/a")).target());
    assertEquals(AbsolutePath.of("/z"), ((Entry.HardLink) entry(read, "/y")).target());
    assertEquals(AbsolutePath.of("/z"), ((Entry.HardLink) entry(read, "/x")).target());
  }

  @Test
  void readsLongNamesOfEveryDialect() throws IOException {
    String component = "n".repeat(99);
    String longName = "./" + component + "/" + component + "/" + component;
    String target = "t".repeat(300);
    UnpackedPackage read =
        unpack(
            DebBuilder.of("hello", "1")
                .data(
                    new TarBuilder()
                        .directory("./")
                        .extension('L', (longName + "\0").getBytes(StandardCharsets.UTF_8))
                        .file("./cut", "gnu")
                        .extension('K', (target + "\0").getBytes(StandardCharsets.UTF_8))
                        .symlink("./gnu-link", "cut")
                        .pax("path", "./pax-" + component + component)
                        .file("./cut", "pax")
                        .pax("linkpath", target)
                        .symlink("./pax-link", "cut"))
                .build());

    assertEquals("gnu", file(read, longName.substring(1)).content().text());
    assertEquals("pax", file(read, "/pax-" + component + component).content().text());
    assertEquals(target, ((Entry.Symlink) entry(read, "/gnu-link")).target());
    assertEquals(target, ((Entry.Symlink) entry(read, "/pax-link")).target());
  }

  @Test
  void takesADirectoryTwiceWhenItIsTheSame() throws IOException {
    UnpackedPackage read =
        unpack(
            DebBuilder.of("hello", "1")
                .data(new TarBuilder().directory("./").directory("./a/").directory("./a/"))
                .build());
    assertEquals(2, read.members().size());
  }

  @Test
  void ignoresTheMembersThatDeb5WantsIgnored() throws IOException {
    Map<String, byte[]> more = new LinkedHashMap<>();
    more.put("debian-binary", "2.1\nfurther lines\n".getBytes(StandardCharsets.US_ASCII));
    more.put("_odd", new byte[3]);
    more.put("control.tar", DebBuilder.of("hello", "1").control().build());
    more.put("_", new byte[0]);
    more.put("data.tar", new TarBuilder().directory("./").build());
    more.put("_gpgorigin", new byte[5]);
    assertEquals(1, unpack(DebBuilder.ar(more)).members().size());
  }

  @Test
  void slicesOpenAgainAndKnowTheirSizeAndDigest() throws IOException {
    byte[] large = new byte[300_000];
    Arrays.fill(large, (byte) 7);
    UnpackedPackage read =
        unpack(
            DebBuilder.of("hello", "1")
                .data(
                    new TarBuilder()
                        .directory("./")
                        .file("./before", "b")
                        .file("./large", large)
                        .file("./empty", "")
                        .file("./after", "a"))
                .build());

    for (int i = 0; i < 2; i++) {
      assertArrayEquals(large, file(read, "/large").content().bytes());
    }
    assertEquals(large.length, file(read, "/large").content().size().bytes());
    assertEquals(Sha256.of(large), file(read, "/large").content().sha256());
    assertEquals(0, file(read, "/empty").content().bytes().length);
    assertEquals(Sha256.of(new byte[0]), file(read, "/empty").content().sha256());
    try (InputStream in = file(read, "/large").content().open()) {
      assertEquals(large.length, in.available());
      assertEquals(large.length - 1L, in.skip(large.length - 1L));
      assertEquals(7, in.read());
      assertEquals(-1, in.read());
      assertEquals(0, in.skip(1));
    }
  }

  private UnpackedPackage unpack(byte[] deb) throws IOException {
    Path pack = directory.resolve("pack");
    try (OutputStream out = Files.newOutputStream(pack)) {
      DebPacker.pack(new ByteArrayInputStream(deb), out);
    }
    return PackReader.read(pack);
  }

  private static Entry entry(UnpackedPackage read, String path) {
    return read.members().stream()
        .filter(m -> m.path().value().equals(path))
        .map(Member::entry)
        .findFirst()
        .orElseThrow();
  }

  private static Entry.RegularFile file(UnpackedPackage read, String path) {
    return assertInstanceOf(Entry.RegularFile.class, entry(read, path));
  }
}
