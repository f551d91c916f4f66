package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A project whose base is right, and whose role web has the mistake that a test is about. */
abstract class WrongRecipe {
  private static final String BASE =
      """
      abstract: true
      debian: {suite: bookworm}
      kubernetes: {version: v1.18.6}
      container: {command: [/sbin/init], stopSignal: SIGRTMIN+3}
      """;

  @TempDir protected Path project;
  protected Path images;

  @BeforeEach
  void writeBase() throws Exception {
    images = Files.createDirectories(project.resolve("images"));
    Files.createDirectories(project.resolve("templates/web"));
    Files.writeString(project.resolve("templates/web/site.ftl"), "x\n");
    write("base", BASE);
  }

  protected void refused(String yaml, int line, String problem, @Nullable String remedy) {
    BakeException e = assertThrows(RecipeException.class, () -> load(yaml));
    String expected = file("web") + ":" + line + ": " + problem;
    if (remedy == null) {
      assertTrue(message(e).startsWith(expected), message(e));
    } else {
      assertEquals(expected, e.getMessage());
      assertEquals(remedy, e.remedy());
    }
  }

  protected static String message(BakeException e) {
    return String.valueOf(e.getMessage());
  }

  protected RecipeBook load(String yaml) throws Exception {
    write("web", yaml);
    return RecipeBook.load(images);
  }

  protected String file(String recipe) {
    return images.resolve(recipe + ".yaml").toString();
  }

  protected void write(String recipe, String yaml) throws Exception {
    Files.writeString(images.resolve(recipe + ".yaml"), yaml);
  }
}
