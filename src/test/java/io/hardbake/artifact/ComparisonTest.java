package io.hardbake.artifact;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hardbake.artifact.Difference.Event;
import io.hardbake.artifact.Difference.PathChange;
import io.hardbake.artifact.Difference.ValueChange;
import io.hardbake.failure.UsageException;
import io.hardbake.image.Manifest;
import io.hardbake.io.Bytes;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ComparisonTest {
  private static final Bytes OTHER = Bytes.ofHex("02");

  @TempDir private Path directory;
  private SmallImages images = new SmallImages(Path.of(""));

  @BeforeEach
  void begin() {
    images = new SmallImages(directory);
  }

  static List<Arguments> changes() {
    Meta meta = SmallImages.META;
    return List.of(
        meta("/etc/conf", m -> m.withMode(0600), "mode"),
        meta("/etc/conf", m -> m.withMode(04644), "mode"),
        meta("/etc/conf", m -> m.withOwner(1, 0), "owner"),
        meta("/etc/conf", m -> m.withOwner(0, 70_000), "owner"),
        meta("/etc/conf", m -> m.withMtime(SmallImages.TIME + 1), "mtime"),
        meta("/etc/conf", m -> m.withXattr("user.new", OTHER), "xattr.user.new"),
        meta(
            "/bin/ping",
            m -> m.withXattr("security.capability", OTHER),
            "xattr.security.capability"),
        meta("/srv", m -> m.withMode(01777), "mode"),
        meta("/", m -> m.withMode(0700), "mode"),
        meta("/etc/link", m -> m.withOwner(7, 7), "owner"),
        meta("/dev/null", m -> m.withMode(0666), "mode"),
        entry("/etc/conf", new RegularFile(meta, Content.of("one\ntwo\nTHREE\n")), "sha256"),
        entry("/etc/conf", new RegularFile(meta, Content.of("one\n")), "size sha256"),
        entry("/etc/link", new Symlink(meta.withMode(0777), "conf2"), "target"),
        entry("/dev/null", new Device(meta, Device.Kind.CHARACTER, 1, 5), "device"),
        entry("/dev/null", new Device(meta, Device.Kind.BLOCK, 1, 3), "type"),
        entry("/srv", new RegularFile(meta.withMode(0755), Content.of("")), "type size sha256"),
        entry(
            "/bin/tool",
            new RegularFile(meta.withMode(0755), Content.of("tool")),
            "type mode owner size sha256 target mtime"));
  }

  private static Arguments meta(String path, UnaryOperator<Meta> change, String attributes) {
    Consumer<FileTree.Builder> edit =
        tree -> {
          Entry old = tree.get(AbsolutePath.of(path)).orElseThrow();
          tree.putExact(AbsolutePath.of(path), old.withMeta(change.apply(old.meta())));
        };
    return arguments(path, attributes, edit);
  }

  private static Arguments entry(String path, Entry entry, String attributes) {
    Consumer<FileTree.Builder> edit = tree -> tree.putExact(AbsolutePath.of(path), entry);
    return arguments(path, attributes, edit);
  }

  /** One attribute of one path changed, and just that is named. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("changes")
  void namesPathAndAttribute(String path, String attributes, Consumer<FileTree.Builder> edit)
      throws Exception {
    Difference difference = compare(images.archive(), images.archive(edit, Map.of()));
    assertEquals(1, difference.paths().size(), difference::toString);
    PathChange change = difference.paths().get(0);
    assertEquals(path, change.path().value());
    assertEquals(Event.CHANGED, change.event());
    assertEquals(Set.of(attributes.split(" ", -1)), change.attributes().keySet());
    assertEquals(List.of(), difference.packages());
    assertEquals(List.of(), difference.facts());
    assertEquals(List.of("packages:small"), names(difference.layers()));
  }

  @Test
  void findsNothingBetweenEqualOnes() throws Exception {
    assertTrue(compare(images.archive(), images.archive()).isEmpty());
  }

  @Test
  void namesWhatCameAndWent() throws Exception {
    Path after =
        images.archive(
            tree -> {
              tree.remove(AbsolutePath.of("/etc/link"));
              SmallImages.put(tree, "/opt/new", new Directory(SmallImages.META));
              SmallImages.put(
                  tree, "/bin/zz", new HardLink(SmallImages.META, AbsolutePath.of("/bin/same")));
            },
            Map.of());
    assertEquals(
        List.of("ADDED /bin/zz", "REMOVED /etc/link", "ADDED /opt", "ADDED /opt/new"),
        compare(images.archive(), after).paths().stream()
            .map(each -> each.event() + " " + each.path())
            .toList());
  }

  @Test
  void showsTheLinesOfSmallTexts() throws Exception {
    Path after =
        images.archive(
            tree ->
                tree.putExact(
                    AbsolutePath.of("/etc/conf"),
                    new RegularFile(SmallImages.META, Content.of("zero\none\n2\nthree"))),
            Map.of());
    assertEquals(
        List.of(
            "@@ -0,0 +1 @@",
            "+zero",
            "@@ -2 +3 @@",
            "-two",
            "+2",
            "@@ -3,0 +5 @@",
            "+\\ no newline at the end"),
        compare(images.archive(), after).paths().get(0).excerpt());
  }

  @Test
  void showsFewLinesOfManyAndNoneOfWhatIsNoText() throws Exception {
    List<String> many = Excerpt.of(Content.of("a\n".repeat(3000)), Content.of("b\n".repeat(3000)));
    assertEquals(25, many.size());
    assertEquals("… 5977 more lines", many.get(24));
    assertEquals(List.of(), Excerpt.of(Content.of("a"), Content.of("\0")));
    assertEquals(List.of(), Excerpt.of(Content.of("a"), Content.of(new byte[] {-1})));
    assertEquals(List.of(), Excerpt.of(Content.of("a"), Content.of("a".repeat(300_000))));
  }

  @Test
  void namesFactsAndPackages() throws Exception {
    Path after =
        images.archive(
            tree ->
                tree.putExact(
                    AbsolutePath.of("/var/lib/dpkg/status"),
                    new RegularFile(
                        SmallImages.META,
                        Content.of(
                            SmallImages.STATUS
                                .replace("Version: 1.0-1", "Version: 1.1-1")
                                .replace("Package: later", "Package: other")
                                .replace("Package: gone", "Package: lost")))),
            Map.of("added", "yes"));
    Difference difference = compare(images.archive(), after);
    assertEquals(List.of("label.added"), names(difference.facts()));
    assertEquals(
        List.of(
            "REMOVED later:amd64 4 (not configured)",
            "CHANGED small:all 1.0-1 1.1-1",
            "ADDED other:amd64 4 (not configured)"),
        difference.packages().stream().map(ComparisonTest::text).toList());
  }

  @Test
  void saysInWhichStructureBytesDifferThatMeanNothing() throws Exception {
    Path before = images.archive();
    Path after = images.archive();
    byte[] bytes = Files.readAllBytes(after);
    bytes[265] = 'r'; // the owner's name, of which nobody asks
    sum(bytes);
    Files.write(after, bytes);
    String place = compare(before, after).bytes().orElseThrow();
    assertTrue(place.matches("byte 1[45][0-9], in the tar header of oci-layout"), place);
  }

  /** The checksum of the first header (POSIX, ustar Interchange Format). */
  private static void sum(byte[] tar) {
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += i >= 148 && i < 156 ? ' ' : Byte.toUnsignedInt(tar[i]);
    }
    byte[] digits = "%06o\0 ".formatted(sum).getBytes(US_ASCII);
    System.arraycopy(digits, 0, tar, 148, 8);
  }

  @Test
  void comparesManifestsAndImagesWithTheirs() throws Exception {
    Path same = manifest("same.txt", SmallImages.tree());
    assertTrue(compare(same, same).isEmpty());
    assertTrue(compare(images.archive(), same).isEmpty());
    FileTree.Builder changed = SmallImages.tree().toBuilder();
    Entry conf = changed.get(AbsolutePath.of("/etc/conf")).orElseThrow();
    changed.putExact(
        AbsolutePath.of("/etc/conf"),
        conf.withMeta(conf.meta().withMode(0600).withProvenance(Provenance.ofRecipe("x"))));
    Path other = manifest("other.txt", changed.freeze());
    assertEquals(
        Set.of("mode", "provenance"), compare(same, other).paths().get(0).attributes().keySet());
    List<PathChange> changes = compare(images.archive(), other).paths();
    assertEquals(1, changes.size());
    assertEquals(Set.of("mode"), changes.get(0).attributes().keySet());
  }

  private Path manifest(String name, FileTree tree) throws Exception {
    Path file = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      Manifest.of(tree).write(out);
    }
    return file;
  }

  @Test
  void comparesJsonByWhatNamesItsElements() throws Exception {
    Path before =
        Files.writeString(
            directory.resolve("a.json"),
            """
            {"components": [{"name": "a", "version": "1"}, {"name": "b", "version": "1"}]}""");
    Path after =
        Files.writeString(
            directory.resolve("b.json"),
            """
            {"components": [{"name": "0"}, {"name": "a", "version": "1"}, {"name": "b", "version": "2"}]}""");
    assertEquals(
        List.of("CHANGED components[b].version 1 2", "ADDED components[0].name 0"),
        compare(before, after).facts().stream().map(ComparisonTest::text).toList());
    Path image = images.archive();
    assertThrows(UsageException.class, () -> compare(before, image));
  }

  private static String text(ValueChange each) {
    return each.event()
        + " "
        + each.name()
        + each.change().before().map(value -> " " + value).orElse("")
        + each.change().after().map(value -> " " + value).orElse("");
  }

  private static List<String> names(List<ValueChange> changes) {
    return changes.stream().map(ValueChange::name).toList();
  }

  private static Difference compare(Path before, Path after) throws Exception {
    return Comparison.of(before, after, Progress.silent());
  }
}
