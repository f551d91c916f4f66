package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConsoleTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private void play(Console.Style style) {
    try (Console console = Console.of(style, new PrintWriter(out), new PrintWriter(err))) {
      Progress.Task step = console.begin("settling", Size.ZERO);
      Progress.Task download = console.begin("fetching 3 files", Size.mib(9));
      download.advance(Size.mib(4).bytes());
      download.close();
      step.close();
      console.note("a note");
      console.warn("a problem", "a remedy\nof two lines");
      console.result("the result");
    }
  }

  @Test
  void plainLinesNameStepsAndLargeDownloads() {
    play(Console.Style.PLAIN);
    assertTrue(err.toString().contains("settling: 0."), err::toString);
    assertTrue(err.toString().contains("fetching 3 files (9.0 MiB): 0."), err::toString);
    assertTrue(err.toString().contains("a note\n"), err::toString);
    assertTrue(
        err.toString().contains("warning: a problem\n  remedy: a remedy\n          of two lines\n"),
        err::toString);
    assertEquals("the result\n", out.toString());
  }

  @Test
  void noWarningWritesToATerminal() {
    PrintWriter writer = new PrintWriter(err);
    try (Console console = Console.of(Console.Style.PLAIN, writer, writer)) {
      console.warn("\033[2J is there\r\nin two lines", "none\007");
    }
    assertEquals("warning: \\033[2J is there\nin two lines\n  remedy: none\\007\n", err.toString());
  }

  @Test
  void quietKeepsWarningsAndResults() {
    play(Console.Style.QUIET);
    assertFalse(err.toString().contains("settling"), err::toString);
    assertFalse(err.toString().contains("a note"), err::toString);
    assertTrue(err.toString().contains("warning: a problem"), err::toString);
    assertEquals("the result\n", out.toString());
  }

  @Test
  void jsonIsOneObjectALine() throws Exception {
    play(Console.Style.JSON);
    assertEquals("", err.toString());
    ObjectMapper mapper = new ObjectMapper();
    String[] events = {"begin", "begin", "end", "end", "note", "warning", "result"};
    String[] lines = out.toString().split("\n", -1);
    for (int i = 0; i < events.length; i++) {
      assertEquals(events[i], mapper.readTree(lines[i]).get("event").asText(), lines[i]);
    }
    JsonNode begin = mapper.readTree(lines[1]);
    assertEquals(Size.mib(9).bytes(), begin.get("bytes").asLong());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 40, 80, 200})
  void noBarTakesTwoLines(int columns) {
    String name = "fetching a package with a name that is a good deal longer than others, 1.0-1";
    try (Console console =
        new TerminalConsole(new PrintWriter(out), new PrintWriter(err), columns)) {
      console.begin(name, Size.mib(1023)).advance(Size.mib(1000).bytes());
      console.note("a note that is longer than the line: " + name + name);
    }
    List<String> bars =
        err.toString()
            .lines()
            .filter(line -> line.contains("fetching a ") && !line.contains("note"))
            .toList();
    assertFalse(bars.isEmpty());
    int limit = columns == 0 ? 80 : columns;
    for (String bar : bars) {
      assertTrue(bar.contains("\033[?7l"), bar);
      assertTrue(bar.endsWith("\033[?7h"), bar);
      String shown = bar.replaceAll("\033\\[[?0-9]*[a-zA-Z]|\r", "");
      assertTrue(shown.length() < limit, shown.length() + ": " + shown);
      assertTrue(limit < 80 || shown.endsWith(" of 1023.0 MiB"), shown);
    }
  }

  @Test
  void barsAreTakenAwayBeforeLinesAreWritten() {
    play(Console.Style.TERMINAL);
    String shown = err.toString();
    assertTrue(shown.contains("settling"), shown);
    assertTrue(shown.contains("a note\n"), shown);
    // As many lines erased as bars drawn: the screen ends clean.
    int erased = shown.split("\033\\[1A", -1).length - 1;
    long drawn =
        shown.lines().filter(line -> line.matches(".*(settling +0|\\[[#-]+\\] ).*")).count();
    assertEquals(drawn, erased, shown);
    assertEquals("the result\n", out.toString());
  }
}
