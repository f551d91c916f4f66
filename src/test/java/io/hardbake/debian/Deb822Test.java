package io.hardbake.debian;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Deb822Test {
  private static final String SAMPLE =
      """
      Package: hello
      Version: 1:2.10-3
      Architecture: amd64
      Depends: libc6 (>= 2.34), a | b (<< 2) | c:any
      Conflicts: d [amd64 !arm64], e <!nocheck>
      Provides: f (= 1), g
      Filename: pool/main/h/hello_2.10-3_amd64.deb
      Size: 53132
      SHA256: 52b0cad2e741dd722c3e2e16a0aae57b4e4c4f4a1f5f5f5f5f5f5f5f5f5f5f5f
      Description: größer
       more
      \t.
      """;

  private static List<Paragraph> read(String text) throws MalformedControlException {
    return Deb822.all(text.getBytes(UTF_8));
  }

  @Test
  void readsFieldsInOrderAndContinuations() throws Exception {
    Paragraph hello = read(SAMPLE).get(0);
    assertEquals("Package", hello.fields().keySet().iterator().next());
    assertEquals("größer\n more\n\t.", hello.get("description").orElseThrow());
    assertEquals("hello", hello.get("PACKAGE").orElseThrow());
  }

  /** As dpkg does. */
  @Test
  void trimsAValueAtItsEndsOnly() throws Exception {
    Paragraph read = read("A:  1 \t\nB:\t2 \n more \n last \t\nC:  \n more\n").get(0);
    assertEquals("1", read.get("A").orElseThrow());
    assertEquals("2 \n more \n last", read.get("B").orElseThrow());
    assertEquals("\n more", read.get("C").orElseThrow());
  }

  @Test
  void separatesParagraphsByAnyNumberOfEmptyLines() throws Exception {
    assertEquals(3, read("\n\nA: 1\n\nB: 2\n\n\n\nC:\t3 ").size());
    assertEquals("3", read("C:\t3 ").get(0).get("C").orElseThrow());
    assertEquals(List.of(), read(""));
    assertEquals(List.of(), read("\n\n"));
  }

  @Test
  void slicesAreTheParagraphsAgain() throws Exception {
    byte[] text = ("\n" + SAMPLE + "\n\n" + SAMPLE.replace("hello", "other")).getBytes(UTF_8);
    List<Paragraph> whole = Deb822.all(text);
    List<Paragraph> slices = new java.util.ArrayList<>();
    new IndexText(text, new Origin("test", List.of(), 500))
        .forEach((paragraph, slice) -> slices.add(slice.paragraph()));
    assertEquals(whole, slices);
  }

  @Test
  void commentsStandOnlyInPeoplesFiles() throws Exception {
    byte[] text = "# a\nA: 1\n# b\n c\n#\n\n# d\n".getBytes(UTF_8);
    Deb822 reader = Deb822.withComments(new ByteArrayInputStream(text));
    assertEquals("{A=1\n c}", String.valueOf(reader.next()));
    assertEquals(null, reader.next());
    assertThrows(MalformedControlException.class, () -> Deb822.all(text));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void saysOnWhichLineItIsMalformed(String text, long line) {
    MalformedControlException refused =
        assertThrows(MalformedControlException.class, () -> Deb822.all(text.getBytes(ISO_8859_1)));
    assertEquals(line, refused.line(), refused.getMessage());
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("A: 1\nB\n", 2),
        Arguments.of(" A: 1\n", 1),
        Arguments.of("A: 1\n\n continued\n", 3),
        Arguments.of("A: 1\n \nB: 2\n", 2),
        Arguments.of("A: 1\na: 2\n", 2),
        Arguments.of(": 1\n", 1),
        Arguments.of("-A: 1\n", 1),
        Arguments.of("A B: 1\n", 1),
        Arguments.of("A: 1\r\n", 1),
        Arguments.of("A: 1\0\n", 1),
        Arguments.of("A: 1\nB: \u00ff\n", 2),
        Arguments.of("\u00e9: 1\n".repeat(1), 1),
        Arguments.of("A: 1\nB: 1\nC: \u007f\n", 3));
  }

  @Test
  void boundsLinesAndParagraphs() {
    String longLine = "A: " + "x".repeat(9 << 20);
    assertThrows(MalformedControlException.class, () -> read(longLine));
    String manyLines = "A: 1\n" + (" " + "x".repeat(1 << 20) + "\n").repeat(9);
    assertThrows(MalformedControlException.class, () -> read(manyLines));
  }

  /** Whatever comes in: paragraphs, packages, or the one checked failure; never a bug. */
  @Test
  void mutationsAreReadOrRefused() {
    Random random = new Random(822);
    byte[] seed = (SAMPLE + "\n" + SAMPLE).getBytes(UTF_8);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] mutant = seed.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        mutant[random.nextInt(mutant.length)] =
            (byte)
                (random.nextBoolean()
                    ? " \n\t:|,()[]<>=#-~".charAt(random.nextInt(16))
                    : random.nextInt(256));
      }
      try {
        for (Paragraph paragraph : Deb822.all(mutant)) {
          BinaryPackage.of(paragraph, new Origin("test", List.of(), 500));
        }
      } catch (MalformedControlException e) {
        refused++;
      }
    }
    assertTrue(refused > 1000 && refused < 20_000, "refused " + refused);
  }
}
