package io.hardbake.artifact;

import io.hardbake.io.Size;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines in which two small texts differ, as diff -U0 shows them: at most {@value #SHOWN}, and
 * none of bodies that are large or no text.
 */
final class Excerpt {
  private static final Size LIMIT = Size.kib(256);
  private static final int SHOWN = 24;
  private static final int WIDTH = 160;

  /** Cells of the table of common subsequences: 4 MiB of memory. */
  private static final int CELLS = 1 << 20;

  private final List<String> before;
  private final List<String> after;
  private final List<String> shown = new ArrayList<>();
  private int hidden;

  private Excerpt(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
  }

  static List<String> of(Content before, Content after) throws IOException {
    Optional<List<String>> a = lines(before);
    Optional<List<String>> b = lines(after);
    return a.isEmpty() || b.isEmpty() ? List.of() : new Excerpt(a.get(), b.get()).compare();
  }

  private static Optional<List<String>> lines(Content content) throws IOException {
    if (content.size().compareTo(LIMIT) > 0) {
      return Optional.empty();
    }
    byte[] bytes = content.bytes();
    for (byte b : bytes) {
      if (b == 0) {
        return Optional.empty();
      }
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
      if (lines.get(lines.size() - 1).isEmpty()) {
        lines.remove(lines.size() - 1);
      } else {
        lines.add("\\ no newline at the end");
      }
      return Optional.of(lines);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private List<String> compare() {
    int start = 0;
    int shorter = Math.min(before.size(), after.size());
    while (start < shorter && before.get(start).equals(after.get(start))) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
      end++;
    }
    int rows = before.size() - end - start;
    int columns = after.size() - end - start;
    if ((long) (rows + 1) * (columns + 1) > CELLS) {
      hunk(start, start + rows, start, start + columns);
    } else {
      hunks(start, rows, columns);
    }
    if (hidden > 0) {
      shown.add("… %d more lines".formatted(hidden));
    }
    return shown;
  }

  /** Between {@code start} and the common end, along a longest common subsequence. */
  private void hunks(int start, int rows, int columns) {
    int[][] common = new int[rows + 1][columns + 1];
    for (int i = rows - 1; i >= 0; i--) {
      for (int j = columns - 1; j >= 0; j--) {
        common[i][j] =
            before.get(start + i).equals(after.get(start + j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < rows || j < columns) {
      int fromI = i;
      int fromJ = j;
      while (i < rows || j < columns) {
        if (i < rows && j < columns && before.get(start + i).equals(after.get(start + j))) {
          break;
        }
        if (j == columns || (i < rows && common[i + 1][j] >= common[i][j + 1])) {
          i++;
        } else {
          j++;
        }
      }
      if (i > fromI || j > fromJ) {
        hunk(start + fromI, start + i, start + fromJ, start + j);
      }
      while (i < rows && j < columns && before.get(start + i).equals(after.get(start + j))) {
        i++;
        j++;
      }
    }
  }

  private void hunk(int fromBefore, int toBefore, int fromAfter, int toAfter) {
    show("@@ -%s +%s @@".formatted(range(fromBefore, toBefore), range(fromAfter, toAfter)));
    before.subList(fromBefore, toBefore).forEach(line -> show("-" + line));
    after.subList(fromAfter, toAfter).forEach(line -> show("+" + line));
  }

  private static String range(int from, int to) {
    int count = to - from;
    return count == 1 ? Integer.toString(from + 1) : (count == 0 ? from : from + 1) + "," + count;
  }

  private void show(String line) {
    if (shown.size() == SHOWN) {
      hidden++;
    } else {
      shown.add(line.length() <= WIDTH ? line : line.substring(0, WIDTH) + "…");
    }
  }
}
