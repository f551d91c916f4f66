package io.hardbake.recipe;

import io.hardbake.failure.RecipeException;

/** Words a mistake so that editors can jump to it: {@code images/controller.yaml:12: …}. */
final class Problem {
  private Problem() {}

  static RecipeException at(Location location, String problem, String remedy) {
    return new RecipeException(location + ": " + problem, remedy);
  }
}
