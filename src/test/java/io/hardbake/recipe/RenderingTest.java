package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.image.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All text of both roles, as it was last reviewed; {@code make golden-templates} rewrites it. */
@Isolated("changes the default locale and time zone")
class RenderingTest {
  private static final Path GOLDEN = Path.of("src/test/resources/io/hardbake/recipe/golden");

  @ParameterizedTest
  @CsvSource({
    "controller, v1.18.6",
    "controller, v1.20.2",
    "loadbalancer, v1.18.6",
    "loadbalancer, v1.20.2"
  })
  void equalsWhatWasReviewed(String role, String version) throws Exception {
    Path golden = GOLDEN.resolve(role + "-" + version + ".txt");
    String now = describe(rendered(role, version));
    if ("rewrite".equals(System.getProperty("hardbake.golden"))) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, now);
    }
    assertEquals(Files.readString(golden), now);
  }

  @Test
  void doesNotDependOnTheHost() throws Exception {
    String expected = describe(rendered("controller", "v1.20.2"));
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      assertEquals(expected, describe(rendered("controller", "v1.20.2")));
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  /** Not one that was rendered before, perhaps with another locale. */
  private static RenderedRole rendered(String role, String version) throws Exception {
    return RenderedRole.of(role, version, Architecture.AMD64);
  }

  private static String describe(RenderedRole rendered) {
    StringBuilder text = new StringBuilder();
    for (Item item : rendered.role().items().values()) {
      text.append(heading(item)).append('\n');
      if (item instanceof Item.File file) {
        rendered
            .file(file.path().value())
            .lines()
            .forEach(line -> text.append(("    " + line).stripTrailing()).append('\n'));
      }
    }
    return text.toString();
  }

  private static String heading(Item item) {
    if (item instanceof Item.Directory directory) {
      return "directory %s 0%o %s".formatted(directory.path(), directory.mode(), directory.owner());
    }
    if (item instanceof Item.File file) {
      return "file %s 0%o %s %s"
          .formatted(file.path(), file.mode(), file.owner(), file.provenance());
    }
    if (item instanceof Item.Link link) {
      return "link %s -> %s".formatted(link.path(), link.target());
    }
    return "removed " + item.path();
  }
}
