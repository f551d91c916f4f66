package io.hardbake.recipe;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.hardbake.failure.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema that editors read and the parser that bakes agree, key by key and form by form. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // The schema is compiled once.
class SchemaTest {
  private static final Path SCHEMA = Path.of("images/recipe.schema.json");
  private static final Path FULL = Path.of("src/test/resources/io/hardbake/recipe/full.yaml");

  /** Where each section stands in {@code full.yaml}. */
  private static final Map<Section, String> PLACES =
      Map.ofEntries(
          entry(Section.RECIPE, ""),
          entry(Section.DEBIAN, "/debian"),
          entry(Section.KUBERNETES, "/kubernetes"),
          entry(Section.PINS, "/kubernetes/sha512"),
          entry(Section.DIRECTORY, "/directories/0"),
          entry(Section.FILE, "/files/0"),
          entry(Section.LINK, "/links/0"),
          entry(Section.USER, "/users/0"),
          entry(Section.UNITS, "/units"),
          entry(Section.BOOT, "/boot"),
          entry(Section.HARDWARE, "/hardware"),
          entry(Section.CONTAINER, "/container"));

  @TempDir private Path project;

  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Files.readString(SCHEMA), InputFormat.JSON);
  private final JsonNode definitions =
      new ObjectMapper().readTree(Files.readString(SCHEMA)).get("$defs");

  SchemaTest() throws IOException {}

  @ParameterizedTest
  @EnumSource
  void sectionsHaveTheSameKeys(Section section) {
    JsonNode definition = definitions.get(section.definition());
    assertEquals(section.keys(), names(definition.get("properties")));
    Set<String> required = new TreeSet<>();
    definition.path("required").forEach(key -> required.add(key.asText()));
    assertEquals(section.required(), required);
    assertFalse(definition.get("additionalProperties").asBoolean(true));
  }

  @ParameterizedTest
  @EnumSource
  void formsHaveTheSamePattern(Form form) {
    assertEquals(form.anchored(), definitions.get(form.definition()).get("pattern").asText());
  }

  @Test
  void theSchemaDefinesNothingElse() throws Exception {
    Set<String> known = new TreeSet<>();
    Stream.of(Section.values()).map(Section::definition).forEach(known::add);
    Stream.of(Form.values()).map(Form::definition).forEach(known::add);
    assertEquals(known, names(definitions));

    String text = Files.readString(SCHEMA);
    known.forEach(
        name -> assertTrue(text.contains("\"#/$defs/" + name + "\""), name + " is unused"));
  }

  @Test
  void bothAcceptEverythingAtOnce() throws Exception {
    assertAccepted(Files.readString(FULL));
    JsonNode full = full();
    for (Section section : Section.values()) {
      Set<String> missing = new TreeSet<>(section.keys());
      missing.removeAll(names(full.at(PLACES.get(section))));
      missing.removeAll(Set.of("source", "content"));
      assertEquals(Set.of(), missing, "full.yaml leaves out keys of " + section);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "controller", "loadbalancer", "machine", "box"})
  void theSchemaAcceptsTheProjectsRecipes(String recipe) throws Exception {
    String yaml = Files.readString(Path.of("images", recipe + ".yaml"));
    assertEquals(List.of(), errors(yaml));
    assertTrue(yaml.startsWith("# yaml-language-server: $schema=recipe.schema.json\n"));
  }

  /**
   * A decimal number is right nowhere, so a key that gets away with it is one that nobody reads.
   */
  @ParameterizedTest
  @MethodSource("keys")
  void bothReadEveryKey(Section section, String key) throws Exception {
    ObjectNode full = full();
    ObjectNode group = (ObjectNode) full.at(PLACES.get(section));
    if (Set.of("template", "source", "content").contains(key)) {
      group.remove(List.of("template", "source", "content"));
    }
    group.put(key, 1.5);
    assertRefused(full.toString());
  }

  @ParameterizedTest
  @EnumSource
  void bothRefuseUnknownKeys(Section section) throws Exception {
    ObjectNode full = full();
    ((ObjectNode) full.at(PLACES.get(section))).put("nonsense", "x");
    assertRefused(full.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "packages: [Nginx]",
        "packages: [nginx, nginx]",
        "directories: [{path: etc/x}]",
        "directories: [{path: /etc/../x}]",
        "directories: [{path: /x, mode: 644}]",
        "directories: [{path: /x, mode: '644'}]",
        "directories: [{path: /x, owner: 'root:'}]",
        "directories: [{mode: '0644'}]",
        "files: [{path: /x}]",
        "files: [{path: /x, content: a, source: web/site.ftl}]",
        "files: [{path: /x, template: ../site.ftl}]",
        "files: [{path: /x, template: /web/site.ftl}]",
        "files: [{path: /x, template: web/site}]",
        "links: [{path: /x, target: ''}]",
        "users: [{name: app, id: 0}]",
        "users: [{name: app, id: 60000}]",
        "users: [{name: app, id: '400'}]",
        "units: {enable: [nginx]}",
        "units: {enable: [a.service, a.service]}",
        "kubernetes: {version: '1.18'}",
        "kubernetes: {version: 1.18.6}",
        "kubernetes: {binaries: [kubelet]}",
        "kubernetes: {sha512: {riscv64: x}}",
        "debian: {suite: Bookworm}",
        "debian: {mirror: 'ftp://example.org'}",
        "debian: {mirror: 'https://example.org/a]'}",
        "variables: {kubernetes: x}",
        "variables: {a-b: x}",
        "variables: {a: {b: c}}",
        "variables: {a: [[b]]}",
        "variables: {a: -1}",
        "container: {ports: [0]}",
        "container: {ports: [65536]}",
        "container: {ports: ['80']}",
        "container: {environment: {A: 1}}",
        "container: {environment: {a-b: x}}",
        "container: {stopSignal: TERM}",
        "container: {labels: [x]}",
        "abstract: 'true'",
        "machine: Machine",
        "box: Box",
        "hardware: {disk: 10GB}",
        "hardware: {disk: 0GiB}",
        "hardware: {disk: 010GiB}",
        "hardware: {disk: 2049GiB}",
        "hardware: {disk: 2100GiB}",
        "hardware: {disk: 10240GiB}",
        "hardware: {memory: 0MiB}",
        "hardware: {processors: 0}",
        "boot: {kernel: Linux}",
        "boot: {commandLine: ['a b']}",
        "boot: {commandLine: quiet}",
        "from: Base",
        "description:",
      })
  void bothRefuse(String yaml) throws Exception {
    assertRefused(yaml);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 10, 999, 1000, 1999, 2000, 2039, 2040, 2048})
  void bothAcceptDisksUpTo2TiB(int gibibytes) throws Exception {
    assertAccepted("hardware: {disk: %dGiB}".formatted(gibibytes));
  }

  static Stream<Object[]> keys() {
    List<Object[]> keys = new ArrayList<>();
    for (Section section : Section.values()) {
      section.keys().forEach(key -> keys.add(new Object[] {section, key}));
    }
    return keys.stream();
  }

  private void assertAccepted(String yaml) throws Exception {
    assertEquals(List.of(), errors(yaml));
    parse(yaml);
  }

  private void assertRefused(String yaml) throws Exception {
    assertFalse(errors(yaml).isEmpty(), "the schema accepts " + yaml);
    assertThrows(RecipeException.class, () -> parse(yaml), () -> "the parser accepts " + yaml);
  }

  private List<Error> errors(String yaml) {
    return schema.validate(yaml, InputFormat.YAML);
  }

  private void parse(String yaml) throws Exception {
    Path template = project.resolve("templates/web/site.ftl");
    Files.createDirectories(template.getParent());
    Files.writeString(template, "x\n");
    Path file = project.resolve("recipe.yaml");
    Files.writeString(file, yaml);
    RecipeReader.read(file, YamlTree.content(file), "recipe", project.resolve("templates"));
  }

  private static ObjectNode full() throws Exception {
    return (ObjectNode) new YAMLMapper().readTree(Files.readString(FULL));
  }

  private static Set<String> names(JsonNode node) {
    Set<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
