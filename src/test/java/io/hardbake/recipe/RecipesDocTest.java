package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.image.Architecture;
import io.hardbake.kubernetes.KubernetesVersion;
import io.hardbake.template.Templates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/recipes.md shows works as it stands there. */
class RecipesDocTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\w*\\n(.*?)^```$");

  @TempDir private Path project;

  @Test
  void theRoleOfTheDocumentIsOne() throws Exception {
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(Path.of("docs/recipes.md")))
            .results()
            .map(block -> block.group(1))
            .toList();
    Path images = Files.createDirectories(project.resolve("images"));
    Path templates = Files.createDirectories(project.resolve("templates"));
    Files.createDirectories(templates.resolve("dns"));
    for (String name : List.of("base", "machine", "box")) {
      copy(name, images, templates);
    }
    Files.writeString(images.resolve("dns.yaml"), blocks.get(0));
    Files.writeString(templates.resolve("dns/dnsmasq.conf.ftl"), blocks.get(1));

    Role dns = RecipeBook.load(images).role("dns");
    assertEquals(
        "# dns on arm64\nserver=10.0.0.1\n",
        Templates.of(templates)
            .render(
                "dns/dnsmasq.conf.ftl",
                dns.model(KubernetesVersion.of("v1.18.6"), Architecture.ARM64))
            .text());
  }

  /** A recipe of the project, with the templates that it names. */
  private static void copy(String name, Path images, Path templates) throws Exception {
    String recipe = Files.readString(Path.of("images", name + ".yaml"));
    Files.writeString(images.resolve(name + ".yaml"), recipe);
    Matcher template = Pattern.compile("template: (.*)").matcher(recipe);
    while (template.find()) {
      Path copy = templates.resolve(template.group(1));
      Files.createDirectories(copy.getParent());
      Files.copy(Path.of("templates", template.group(1)), copy);
    }
  }
}
