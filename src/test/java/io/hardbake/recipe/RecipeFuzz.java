package io.hardbake.recipe;

import io.hardbake.failure.RecipeException;
import io.hardbake.fuzz.InputFile;
import java.io.IOException;
import java.nio.file.Path;

/** A recipe is refused, at a line that it has and with a remedy, or read. */
public final class RecipeFuzz {
  private static final InputFile FILE = new InputFile("loadbalancer.yaml");
  private static final Path TEMPLATES = Path.of("templates").toAbsolutePath();

  private RecipeFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Path file = FILE.holding(input);
    try {
      Recipe recipe = RecipeReader.read(file, YamlTree.content(file), "loadbalancer", TEMPLATES);
      if (!recipe.name().equals("loadbalancer")) {
        throw new AssertionError("another name: " + recipe.name());
      }
    } catch (RecipeException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.startsWith(file + ":") || e.remedy().isEmpty()) {
        throw new AssertionError("says neither where nor what to do: " + message, e);
      }
    }
  }
}
