package io.hardbake.recipe;

import java.util.Collection;
import java.util.Comparator;
import java.util.TreeSet;

/** Guesses what somebody meant to write. */
public final class Suggestion {
  private Suggestion() {}

  /** {@code did you mean packages? } with the space after it, or nothing if no word is near. */
  public static String among(Collection<String> known, String written) {
    int bearable = Math.max(1, written.length() / 3);
    return new TreeSet<>(known)
        .stream()
            .min(Comparator.comparingInt(word -> distance(word, written)))
            .filter(word -> distance(word, written) <= bearable)
            .map(word -> "did you mean " + word + "? ")
            .orElse("");
  }

  /**
   * Letters to insert, delete, replace or swap with their neighbour (optimal string alignment),
   * case aside.
   */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replace = same(a, i, b, j) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + replace, Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1));
        if (i > 1 && j > 1 && same(a, i, b, j - 1) && same(a, i - 1, b, j)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  private static boolean same(String a, int i, String b, int j) {
    return Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
  }
}
