package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.image.Architecture;
import io.hardbake.kubernetes.KubernetesVersion;
import io.hardbake.template.Templates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The role that docs/recipes.md shows is one as it stands there; RecipesDocIT boots it. */
class RecipesDocTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\w*\\n(.*?)^```$");

  @TempDir private Path project;

  @Test
  void theRoleOfTheDocumentIsOne() throws Exception {
    Path images = Files.createDirectories(project.resolve("images"));
    Path templates = Files.createDirectories(project.resolve("templates"));
    for (String name : List.of("base", "machine", "box")) {
      copy(name, images, templates);
    }
    writeRole(project);

    Role dns = RecipeBook.load(images).role("dns");
    assertEquals(
        "# dns on arm64\nbind-dynamic\nno-resolv\nserver=10.0.0.1\n",
        Templates.of(templates)
            .render(
                "dns/dnsmasq.conf.ftl",
                dns.model(KubernetesVersion.of("v1.18.6"), Architecture.ARM64))
            .text());
  }

  /** Writes the document's recipe and its template into a project with images and templates. */
  static void writeRole(Path project) throws IOException {
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(Path.of("docs/recipes.md")))
            .results()
            .map(block -> block.group(1))
            .toList();
    Files.writeString(project.resolve("images/dns.yaml"), blocks.get(0));
    Path template = project.resolve("templates/dns/dnsmasq.conf.ftl");
    Files.createDirectories(template.getParent());
    Files.writeString(template, blocks.get(1));
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
