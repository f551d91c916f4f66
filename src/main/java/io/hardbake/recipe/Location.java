package io.hardbake.recipe;

/**
 * A place in a recipe.
 *
 * @param file as the user would name it: {@code images/controller.yaml}
 * @param line counted from 1
 */
public record Location(String file, int line) implements Comparable<Location> {

  @Override
  public int compareTo(Location other) {
    int byFile = file.compareTo(other.file);
    return byFile != 0 ? byFile : Integer.compare(line, other.line);
  }

  /** {@code images/controller.yaml:12}, which editors and terminals can jump to. */
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
