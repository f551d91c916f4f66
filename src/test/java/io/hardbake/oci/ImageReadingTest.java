package io.hardbake.oci;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hardbake.debian.unpack.TarBuilder;
import io.hardbake.failure.IntegrityException;
import io.hardbake.image.Finding;
import io.hardbake.io.Size;
import io.hardbake.io.tar.TarIndex;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImageReadingTest {
  @TempDir private Path directory;

  @Test
  void readsBackWhatWasWritten() throws Exception {
    try (ImageReading image = read(ImageTools.archive(directory))) {
      assertEquals(List.of(), image.findings());
      assertSame(Specimen.container(), image.tree());
      assertEquals(
          List.of("packages:base", "packages:specimen", "container"),
          image.layers().stream().map(ImageLayer::name).toList());
      assertEquals(
          Specimen.image().layers().get(1).removals(), image.layers().get(1).content().removals());
      assertTrue(image.layers().get(1).content().removals().contains(AbsolutePath.of("/etc/gone")));
      assertEquals("[\"/sbin/init\"]", image.facts().get("config.cmd"));
      assertEquals("SIGRTMIN+3", image.facts().get("config.stop-signal"));
      assertEquals("docker", image.facts().get("config.env.container"));
      assertEquals("specimen", image.facts().get("label.role"));
      assertEquals("specimen", image.facts().get("annotation.io.hardbake.role"));
      assertEquals("amd64", image.facts().get("architecture"));
      assertEquals("2023-11-14T22:13:20Z", image.facts().get("created"));
      assertEquals(
          "hardbake/specimen:v1.18.6_x hardbake/specimen:latest", image.facts().get("names"));
    }
  }

  /** Equal in every path and attribute, bodies included. */
  private static void assertSame(FileTree expected, FileTree actual) throws IOException {
    assertEquals(expected.entries().keySet(), actual.entries().keySet());
    for (Map.Entry<AbsolutePath, Entry> each : expected.entries().entrySet()) {
      Entry read = actual.get(each.getKey()).orElseThrow();
      assertTrue(each.getValue().sameAs(read), () -> each.getKey() + ": " + read);
      if (each.getValue() instanceof Entry.RegularFile file
          && read instanceof Entry.RegularFile other) {
        assertTrue(Arrays.equals(file.content().bytes(), other.content().bytes()));
      }
    }
  }

  @Test
  void leavesNoNameBehindWhileItIsOpen() throws Exception {
    Path archive = ImageTools.archive(directory);
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    try (ImageReading image = ImageReading.of(archive, scratch, Progress.silent());
        Stream<Path> files = Files.list(scratch)) {
      assertEquals(0, files.count());
      assertEquals("su", text(image, "/bin/su"));
    }
  }

  static List<Arguments> damages() {
    return List.of(
        arguments("digest layer packages:base", (Damage) ImageReadingTest::touchGzipHeader),
        arguments("tar the archive", (Damage) ImageReadingTest::append),
        arguments(
            "index manifest.json",
            replace("manifest.json", "\"Layers\":[\"blobs", "\"Layers\":[\"blebs")),
        arguments("digest the configuration", replace("SIGRTMIN+3", "SIGRTMIN+4")),
        arguments("diff-id layer container", (Damage) ImageReadingTest::changeDiffId),
        arguments("size layer packages:base", (Damage) ImageReadingTest::changeSize));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void reportsDamageThatLeavesItReadable(String expected, Damage damage) throws Exception {
    Path archive = ImageTools.archive(directory);
    damage.apply(archive);
    try (ImageReading image = read(archive)) {
      List<String> found =
          image.findings().stream().map(each -> each.rule() + " " + each.where()).toList();
      assertTrue(found.contains(expected), image.findings()::toString);
      assertSame(Specimen.container(), image.tree());
    }
  }

  /** Turns an archive into a damaged one. */
  @FunctionalInterface
  interface Damage {
    void apply(Path archive) throws IOException;
  }

  private static Damage replace(String before, String after) {
    return archive -> replaceAll(archive, before, after);
  }

  private static Damage replace(String member, String before, String after) {
    return archive -> {
      Map<String, byte[]> members = members(archive);
      String text = new String(members.get(member), UTF_8);
      assertTrue(text.contains(before), text);
      members.put(member, text.replace(before, after).getBytes(UTF_8));
      HandmadeImage.write(archive, members);
    };
  }

  private static void replaceAll(Path archive, String before, String after) throws IOException {
    String text = Files.readString(archive, ISO_8859_1);
    assertTrue(text.contains(before));
    Files.writeString(archive, text.replace(before, after), ISO_8859_1);
  }

  private static void append(Path archive) throws IOException {
    Files.writeString(archive, Files.readString(archive, ISO_8859_1) + "more", ISO_8859_1);
  }

  /** The largest blob's header says when it was compressed, which changes nothing else. */
  private static void touchGzipHeader(Path archive) throws IOException {
    TarIndex.Member largest =
        TarIndex.of(archive).members().values().stream()
            .max(Comparator.comparing(TarIndex.Member::size))
            .orElseThrow();
    byte[] bytes = Files.readAllBytes(archive);
    bytes[(int) largest.offset() + 4] ^= 1;
    Files.write(archive, bytes);
  }

  private static void changeDiffId(Path archive) throws IOException {
    Map<String, byte[]> members = members(archive);
    for (Map.Entry<String, byte[]> each : members.entrySet()) {
      String text = new String(each.getValue(), ISO_8859_1);
      int end = text.indexOf("\"],\"type\":\"layers\"");
      if (end > 0) {
        char last = text.charAt(end - 1);
        String changed =
            text.substring(0, end - 1) + (last == '0' ? '1' : '0') + text.substring(end);
        each.setValue(changed.getBytes(ISO_8859_1));
      }
    }
    HandmadeImage.write(archive, members);
  }

  private static void changeSize(Path archive) throws IOException {
    Map<String, byte[]> members = members(archive);
    for (Map.Entry<String, byte[]> each : members.entrySet()) {
      String text = new String(each.getValue(), ISO_8859_1);
      int layers = text.indexOf("\"layers\":[{");
      if (layers > 0) {
        int size = text.indexOf("\"size\":", layers) + "\"size\":".length();
        each.setValue((text.substring(0, size) + "1" + text.substring(size)).getBytes(ISO_8859_1));
      }
    }
    HandmadeImage.write(archive, members);
  }

  private static Map<String, byte[]> members(Path archive) throws IOException {
    TarIndex tar = TarIndex.of(archive);
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String name : tar.members().keySet()) {
      members.put(name, tar.bytes(name, Size.mib(64)).toArray());
    }
    return members;
  }

  static List<Arguments> refusedLayers() {
    return List.of(
        arguments("..", new TarBuilder().file("../escape", "x")),
        arguments("..", new TarBuilder().file("a/../../escape", "x")),
        arguments("..", new TarBuilder().hardLink("a", "../escape")),
        arguments("/etc/passwd", new TarBuilder().file("/etc/passwd", "x")),
        arguments("twice", new TarBuilder().file("a", "x").file("./a", "y")),
        arguments("no file", new TarBuilder().hardLink("a", "nowhere")),
        arguments("no file", new TarBuilder().hardLink("a", "a")),
        arguments("no file", new TarBuilder().hardLink("a", "b").hardLink("b", "a")),
        arguments(
            "no file", new TarBuilder().hardLink("x", "a").hardLink("a", "b").hardLink("b", "a")),
        arguments("no file", new TarBuilder().directory("d/").hardLink("a", "d")),
        arguments("no directory", new TarBuilder().symlink("a", "/etc").file("a/passwd", "x")),
        arguments("no directory", new TarBuilder().file("a", "x").file("a/b", "x")),
        arguments("whiteout of nothing", new TarBuilder().file(".wh.", "")),
        arguments("whiteout of nothing", new TarBuilder().file("a/.wh...", "")),
        arguments("whiteout of nothing", new TarBuilder().file(".wh..wh.plnk", "")),
        arguments("root", new TarBuilder().file(".", "x")));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @MethodSource("refusedLayers")
  void refusesLayersOnWhichEnginesDisagree(String reason, TarBuilder tar) throws Exception {
    Path archive = HandmadeImage.of(tar.build()).write(directory.resolve("image.tar"));
    IntegrityException e = assertThrows(IntegrityException.class, () -> read(archive));
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains(archive.toString()), e.getMessage());
  }

  @Test
  void laysLayersOnEachOther() throws Exception {
    byte[] lower =
        new TarBuilder()
            .directory("./")
            .directory("a/")
            .file("a/one", "1")
            .file("a/two", "2")
            .directory("b/")
            .file("b/one", "1")
            .directory("c/")
            .file("c/file", "old")
            .hardLink("c/link", "c/file")
            .directory("d/")
            .file("d/inside", "x")
            .build();
    byte[] upper =
        new TarBuilder()
            .directory("./")
            .file("a/.wh.one", "")
            .file("b/.wh..wh..opq", "")
            .file("b/new", "n")
            .file("c/file", "new")
            .hardLink("late", "a/two")
            .symlink("d", "a")
            .build();
    try (ImageReading image =
        read(HandmadeImage.of(lower, upper).write(directory.resolve("image.tar")))) {
      assertEquals(
          List.of("/", "/a", "/a/two", "/b", "/b/new", "/c", "/c/file", "/c/link", "/d", "/late"),
          image.tree().entries().keySet().stream().map(AbsolutePath::value).toList());
      // As in a file system: a name that is replaced leaves the other name what it was.
      assertEquals("new", text(image, "/c/file"));
      assertEquals("old", text(image, "/c/link"));
      assertEquals(
          new HardLink(
              image.tree().get(AbsolutePath.of("/a/two")).orElseThrow().meta(),
              AbsolutePath.of("/a/two")),
          image.tree().entries().get(AbsolutePath.of("/late")));
      assertEquals(Set.of(AbsolutePath.of("/b")), image.layers().get(1).opaque());
      assertEquals(List.of(), image.findings());
    }
  }

  @Test
  void saysWhichParentsALayerLeavesOut() throws Exception {
    try (ImageReading image =
        read(
            HandmadeImage.of(new TarBuilder().file("a/b/c", "x").build())
                .write(directory.resolve("image.tar")))) {
      assertEquals("x", text(image, "/a/b/c"));
      assertEquals(
          List.of("layer", "layer"), image.findings().stream().map(Finding::rule).toList());
    }
  }

  @Test
  void boundsWhatALayerMayCost() throws Exception {
    byte[] bomb = new TarBuilder().directory("./").file("zeros", new byte[4 << 20]).build();
    Path archive = HandmadeImage.of(bomb).write(directory.resolve("image.tar"));
    assertTrue(Files.size(archive) < 20_000);
    assertEquals(
        List.of(),
        ImageReading.of(archive, directory, Progress.silent(), limits(8 << 20, 10, 1000))
            .findings());
    assertRefused(archive, limits(1 << 20, 10, 1000), "larger than the limit");
    assertRefused(archive, limits(8 << 20, 1, 1000), "more members");
    assertRefused(archive, limits(8 << 20, 10, 5), "longer names");
  }

  private static ReadLimits limits(long layer, long members, long names) {
    return new ReadLimits(new Size(layer), members, new Size(names));
  }

  private void assertRefused(Path archive, ReadLimits limits, String reason) {
    IntegrityException e =
        assertThrows(
            IntegrityException.class,
            () -> ImageReading.of(archive, directory, Progress.silent(), limits));
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
  }

  @Test
  void saysWhetherALayerThatCannotBeReadIsDamaged() throws Exception {
    byte[] tar = new TarBuilder().directory("./").file("a", "a").build();
    byte[] gzip = HandmadeImage.gzip(tar);
    for (byte[] blob :
        List.of(Arrays.copyOf(gzip, gzip.length - 9), HandmadeImage.utf8("no gzip"), new byte[0])) {
      Path archive = HandmadeImage.ofBlob(blob, tar).write(directory.resolve("image.tar"));
      IntegrityException e = assertThrows(IntegrityException.class, () -> read(archive));
      assertTrue(String.valueOf(e.getMessage()).contains("expected sha256 "), e.getMessage());
    }
    Path torn = HandmadeImage.of(Arrays.copyOf(tar, 700)).write(directory.resolve("image.tar"));
    IntegrityException e = assertThrows(IntegrityException.class, () -> read(torn));
    assertTrue(String.valueOf(e.getMessage()).contains("truncated"), e.getMessage());
    assertTrue(!String.valueOf(e.getMessage()).contains("expected"), e.getMessage());
  }

  private ImageReading read(Path archive) throws Exception {
    return ImageReading.of(archive, directory, Progress.silent());
  }

  private static String text(ImageReading image, String path) throws IOException {
    return image.tree().file(AbsolutePath.of(path)).orElseThrow().content().text();
  }
}
