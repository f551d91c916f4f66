package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What is no YAML, or YAML that recipes do without, is reported with its line. */
class RecipeYamlTest extends WrongRecipe {
  @Test
  void aKeyTwice() {
    refused(
        "from: base\npackages: [nginx]\nfrom: base\n",
        3,
        "the key \"from\" stood already on line 1",
        "join the two, or remove one");
  }

  @Test
  void anchorsAliasesAndTags() {
    refused("from: &x base\n", 1, "anchors and aliases (& and *) are not understood here", null);
    refused("from: base\nunits: &x\n  mask: []\n", 2, "anchors and aliases", null);
    refused("from: base\n# ≠ 𝄞\nunits: {&x mask: []}\n", 3, "anchors and aliases", null);
    refused("from: base\ndescription: *x\n", 2, "anchors and aliases", null);
    refused("from: base\ndescription: ! x\n", 2, "tags (!)", null);
    refused("from: base\npackages: !!set {a, b}\n", 2, "tags (!) are not understood here", null);
  }

  @Test
  void aBombOfAliases() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    refused(bomb.toString(), 1, "anchors and aliases", null);
  }

  @Test
  void tooDeepAndTooLarge() throws Exception {
    refused("from: " + "[".repeat(500) + "]".repeat(500) + "\n", 1, "more than 20 levels", null);
    refused("# " + "x".repeat(1 << 20) + "\n", 1, "the file is larger than", null);
  }

  @Test
  void twoDocuments() {
    refused(
        "from: base\n---\nfrom: base\n",
        3,
        "a second YAML document begins",
        "give each recipe its own file");
  }

  @Test
  void whatIsNoYaml() throws Exception {
    BakeException e =
        assertThrows(RecipeException.class, () -> load("from: base\npackages:\n  - a\n b: [\n"));
    assertTrue(message(e).matches(".*/web\\.yaml:4:\\d+: this is not YAML: .*"), message(e));
    refused("", 1, "the file is empty", "begin with `from: base`");
    Files.write(
        images.resolve("web.yaml"), "description: é\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        file("web") + ":1: the file is not UTF-8",
        assertThrows(RecipeException.class, () -> RecipeBook.load(images)).getMessage());
  }
}
