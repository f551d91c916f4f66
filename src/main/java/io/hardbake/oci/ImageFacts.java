package io.hardbake.oci;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an image's documents say, as names and values: {@code config.env.PATH}, {@code label.role}.
 */
final class ImageFacts {
  private static final String NAME_OF_HISTORY = "hardbake ";

  private final SortedMap<String, String> facts = new TreeMap<>();

  private ImageFacts() {}

  /**
   * The facts.
   *
   * @param descriptor the index's, of the manifest
   */
  static SortedMap<String, String> of(
      JsonNode descriptor, JsonNode manifest, JsonNode configuration) {
    ImageFacts facts = new ImageFacts();
    facts.put("manifest-digest", descriptor.path("digest"));
    facts.put("config-digest", manifest.at("/config/digest"));
    facts.putAll("annotation.", manifest.path("annotations"));
    facts.putAll("index-annotation.", descriptor.path("annotations"));
    for (String name : List.of("architecture", "variant", "os", "created", "author")) {
      facts.put(name, configuration.path(name));
    }
    JsonNode process = configuration.path("config");
    facts.put("config.entrypoint", process.path("Entrypoint"));
    facts.put("config.cmd", process.path("Cmd"));
    facts.put("config.stop-signal", process.path("StopSignal"));
    facts.put("config.user", process.path("User"));
    facts.put("config.working-dir", process.path("WorkingDir"));
    facts.names("config.exposed-ports", process.path("ExposedPorts"));
    facts.names("config.volumes", process.path("Volumes"));
    facts.putAll("label.", process.path("Labels"));
    for (JsonNode variable : process.path("Env")) {
      String[] parts = variable.asText().split("=", 2);
      facts.facts.put("config.env." + parts[0], parts.length == 2 ? parts[1] : "");
    }
    return facts.facts;
  }

  /** The layers' names as the history has them, without those of steps that left no layer. */
  static List<String> layerNames(JsonNode configuration) {
    List<String> names = new ArrayList<>();
    for (JsonNode step : configuration.path("history")) {
      if (!step.path("empty_layer").asBoolean()) {
        String name = step.path("created_by").asText();
        names.add(
            name.startsWith(NAME_OF_HISTORY) ? name.substring(NAME_OF_HISTORY.length()) : name);
      }
    }
    return names;
  }

  private void put(String name, JsonNode value) {
    String text = value.isTextual() ? value.textValue() : value.toString();
    if (!value.isNull() && !text.isEmpty()) {
      facts.put(name, text);
    }
  }

  private void putAll(String prefix, JsonNode map) {
    map.properties().forEach(field -> put(prefix + field.getKey(), field.getValue()));
  }

  private void names(String name, JsonNode map) {
    List<String> names = new ArrayList<>();
    map.fieldNames().forEachRemaining(names::add);
    if (!names.isEmpty()) {
      facts.put(name, String.join(" ", names.stream().sorted().toList()));
    }
  }
}
