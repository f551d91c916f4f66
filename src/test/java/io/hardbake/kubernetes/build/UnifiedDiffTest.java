package io.hardbake.kubernetes.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.kubernetes.build.UnifiedDiff.PatchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnifiedDiffTest {
  private static final String CHANGE =
      """
      From: somebody
      Subject: b becomes B
      ---
       f | 2 +-
      diff --git a/f b/f
      index 111..222 100644
      --- a/f
      +++ b/f
      @@ -1,3 +1,3 @@
       a
      -b
      +B
       c
      """;

  @TempDir Path root;

  @Test
  void changesTheLine() throws Exception {
    write("f", "a\nb\nc\nd\n");
    apply(CHANGE);
    assertEquals("a\nB\nc\nd\n", read("f"));
  }

  @Test
  void followsAHunkThatMoved() throws Exception {
    write("f", "new\nlines\n\na\nb\nc\n");
    apply(CHANGE);
    assertEquals("new\nlines\n\na\nB\nc\n", read("f"));
  }

  @Test
  void keepsTheNearestOfSeveralPlaces() throws Exception {
    write("f", "a\nb\nc\na\nb\nc\n");
    apply(CHANGE.replace("@@ -1,3 +1,3 @@", "@@ -4,3 +4,3 @@ func f() {"));
    assertEquals("a\nb\nc\na\nB\nc\n", read("f"));
  }

  @Test
  void refusesAHunkWhoseContextIsAnother() throws Exception {
    write("f", "a\nb\nX\n");
    PatchException e = assertThrows(PatchException.class, () -> apply(CHANGE));
    assertTrue(String.valueOf(e.getMessage()).contains("near line 1"));
    assertEquals("a\nb\nX\n", read("f"));
  }

  @Test
  void carriesOneHunksShiftToTheNext() throws Exception {
    write("f", "a\nb\n\nsame\n\nsame\n");
    apply(
        """
        --- a/f
        +++ b/f
        @@ -1,2 +1,4 @@
         a
        +1
        +2
         b
        @@ -6 +8 @@
        -same
        +other
        """);
    assertEquals("a\n1\n2\nb\n\nsame\n\nother\n", read("f"));
  }

  @Test
  void makesAndDeletesFiles() throws Exception {
    write("old", "x\n");
    apply(
        """
        --- /dev/null
        +++ b/dir/new
        @@ -0,0 +1,2 @@
        +one
        +
        --- a/old
        +++ /dev/null
        @@ -1 +0,0 @@
        -x
        """);
    assertEquals("one\n\n", read("dir/new"));
    assertFalse(Files.exists(root.resolve("old")));
  }

  @Test
  void keepsBytesThatAreNoUtf8() throws Exception {
    byte[] latin = {'a', '\n', 'b', '\n', (byte) 0xe4, '\n'};
    Files.write(root.resolve("f"), latin);
    apply("--- a/f\n+++ b/f\n@@ -2 +2 @@\n-b\n+c\n");
    assertEquals((byte) 0xe4, Files.readAllBytes(root.resolve("f"))[4]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../f", "x/../../f", "/f", "link/f", "link"})
  void refusesToLeaveTheTree(String name) throws Exception {
    Path inside = Files.createDirectory(root.resolve("inside"));
    Files.writeString(root.resolve("f"), "a\n");
    Files.createSymbolicLink(inside.resolve("link"), Path.of(".."));
    String patch = "--- a/%s\n+++ b/%s\n@@ -1 +1 @@\n-a\n+b\n".formatted(name, name);
    UnifiedDiff diff = UnifiedDiff.parse("evil", patch.getBytes(StandardCharsets.UTF_8));
    assertThrows(PatchException.class, () -> diff.apply(inside));
    assertEquals("a\n", read("f"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--- a/f\n+++ b/f\n@@ -1,2 +1 @@\n-a\n",
        "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n*b\n",
        "--- a/f\n+++ b/f\nno hunk\n",
        "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n",
        "diff --git a/f b/g\nrename from f\nrename to g\n",
        "GIT binary patch\n"
      })
  void refusesWhatItDoesNotUnderstand(String patch) {
    assertThrows(
        PatchException.class,
        () -> UnifiedDiff.parse("odd", patch.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void refusesToMakeWhatIsThereAndToChangeWhatIsNot() throws Exception {
    write("f", "a\n");
    assertThrows(PatchException.class, () -> apply("--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+x\n"));
    assertThrows(PatchException.class, () -> apply("--- a/g\n+++ b/g\n@@ -1 +1 @@\n-a\n+x\n"));
  }

  private void apply(String patch) throws IOException {
    UnifiedDiff.parse("a.patch", patch.getBytes(StandardCharsets.UTF_8)).apply(root);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(root.resolve(name), text);
  }

  private String read(String name) throws IOException {
    return Files.readString(root.resolve(name));
  }
}
