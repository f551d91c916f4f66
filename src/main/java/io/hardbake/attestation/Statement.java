package io.hardbake.attestation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hardbake.failure.IntegrityException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How artifacts came about: an in-toto Statement whose predicate is SLSA Provenance. It says
 * nothing of when a bake ran or how long: the bytes are those of any bake of the same inputs, so
 * that whoever bakes again can compare the statement too.
 *
 * @param subjects the artifacts, by file name
 * @param parameters what was asked for
 * @param facts what followed from the inputs: the lock's date, the true version of Kubernetes
 * @param materials all that went in
 * @param byproducts what was written beside the artifacts
 * @param version of hardbake
 * @see <a href="https://slsa.dev/spec/v1.0/provenance">SLSA Provenance v1</a>
 */
public record Statement(
    List<Resource> subjects,
    SortedMap<String, Object> parameters,
    SortedMap<String, String> facts,
    List<Resource> materials,
    List<Resource> byproducts,
    String version) {
  public static final String TYPE = "https://in-toto.io/Statement/v1";
  public static final String PREDICATE_TYPE = "https://slsa.dev/provenance/v1";

  /** Names what the parameters mean; docs/provenance.md tells it. */
  public static final String BUILD_TYPE = "urn:hardbake:bake:1";

  /** Whoever runs hardbake; who that is, only a signature says. */
  public static final String BUILDER = "urn:hardbake:builder";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  public Statement {
    subjects = List.copyOf(subjects);
    materials = List.copyOf(materials);
    byproducts = List.copyOf(byproducts);
    parameters = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    facts = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  /** The file's bytes, which are also the payload that is signed. */
  public byte[] json() {
    ObjectNode root = JSON.createObjectNode().put("_type", TYPE);
    add(root.putArray("subject"), subjects);
    root.put("predicateType", PREDICATE_TYPE);
    ObjectNode predicate = root.putObject("predicate");
    ObjectNode definition = predicate.putObject("buildDefinition");
    definition.put("buildType", BUILD_TYPE);
    definition.set("externalParameters", JSON.valueToTree(parameters));
    definition.set("internalParameters", JSON.valueToTree(facts));
    add(definition.putArray("resolvedDependencies"), materials);
    ObjectNode details = predicate.putObject("runDetails");
    ObjectNode builder = details.putObject("builder").put("id", BUILDER);
    builder.putObject("version").put("hardbake", version);
    add(details.putArray("byproducts"), byproducts);
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
    try {
      return (JSON.writer(printer).writeValueAsString(root) + "\n").getBytes(UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(ArrayNode array, List<Resource> resources) {
    for (Resource resource : resources) {
      ObjectNode node = array.addObject().put("name", resource.name());
      resource.uri().ifPresent(uri -> node.put("uri", uri));
      ObjectNode digest = node.putObject("digest");
      resource.digest().forEach(digest::put);
      if (!resource.annotations().isEmpty()) {
        ObjectNode annotations = node.putObject("annotations");
        resource.annotations().forEach(annotations::put);
      }
    }
  }

  /**
   * Reads a statement of hardbake's.
   *
   * @param what where it is from, for messages
   * @throws IntegrityException if it is none
   */
  public static Statement parse(byte[] json, String what) throws IntegrityException {
    try {
      JsonNode root = JSON.readTree(json);
      JsonNode definition = root.at("/predicate/buildDefinition");
      require(root.path("_type").asText(), TYPE);
      require(root.path("predicateType").asText(), PREDICATE_TYPE);
      require(definition.path("buildType").asText(), BUILD_TYPE);
      SortedMap<String, Object> parameters = new TreeMap<>();
      definition
          .path("externalParameters")
          .properties()
          .forEach(e -> parameters.put(e.getKey(), JSON.convertValue(e.getValue(), Object.class)));
      return new Statement(
          resources(root.path("subject")),
          parameters,
          words(definition.path("internalParameters")),
          resources(definition.path("resolvedDependencies")),
          resources(root.at("/predicate/runDetails/byproducts")),
          root.at("/predicate/runDetails/builder/version/hardbake").asText());
    } catch (IOException | IllegalArgumentException e) {
      throw new IntegrityException(
          what + " is no provenance statement of hardbake's: " + e.getMessage(),
          "bake again, or get the file that belongs to the artifact",
          e);
    }
  }

  private static void require(String found, String expected) {
    if (!found.equals(expected)) {
      throw new IllegalArgumentException("\"%s\" instead of %s".formatted(found, expected));
    }
  }

  private static List<Resource> resources(JsonNode array) {
    List<Resource> resources = new ArrayList<>();
    for (JsonNode node : array) {
      resources.add(
          new Resource(
              node.path("name").asText(),
              Optional.ofNullable(node.get("uri")).map(JsonNode::asText),
              words(node.path("digest")),
              words(node.path("annotations"))));
    }
    return resources;
  }

  private static SortedMap<String, String> words(JsonNode node) {
    SortedMap<String, String> words = new TreeMap<>();
    node.properties().forEach(e -> words.put(e.getKey(), e.getValue().asText()));
    return words;
  }
}
