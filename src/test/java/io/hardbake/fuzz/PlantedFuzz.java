package io.hardbake.fuzz;

/**
 * The negative control: a mistake that guessing does not find, but coverage leads to, in five steps
 * of one byte each. A search that calls this one clean proves nothing about the others.
 */
public final class PlantedFuzz {
  private static final byte[] WORD = {'b', 'a', 'k', 'e', 'd'};

  private PlantedFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 5
        && input[0] == WORD[0]
        && input[1] == WORD[1]
        && input[2] == WORD[2]
        && input[3] == WORD[3]
        && input[4] == WORD[4]) {
      throw new AssertionError("found");
    }
  }
}
