package io.hardbake.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.io.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A JSON document as names and values: {@code components[pkg:deb/debian/zlib1g].version}. Elements
 * of arrays go by what names them, so that one that is put in between does not change all after it.
 */
final class JsonFacts {
  private static final List<String> NAMES = List.of("bom-ref", "ref", "name", "file", "uri");

  private final SortedMap<String, String> facts = new TreeMap<>();

  private JsonFacts() {}

  static SortedMap<String, String> of(Path file) throws IOException {
    JsonFacts facts = new JsonFacts();
    facts.add("", JsonText.parse(Files.readAllBytes(file)));
    return facts.facts;
  }

  private void add(String at, JsonNode node) {
    if (node.isObject() && !node.isEmpty()) {
      node.properties()
          .forEach(e -> add(at.isEmpty() ? e.getKey() : at + "." + e.getKey(), e.getValue()));
    } else if (node.isArray() && !node.isEmpty()) {
      int index = 0;
      for (JsonNode element : node) {
        add(at + "[" + key(element, index++) + "]", element);
      }
    } else {
      String name = at;
      for (int i = 2; facts.containsKey(name); i++) {
        name = at + "#" + i;
      }
      facts.put(name, node.isTextual() ? node.textValue() : node.toString());
    }
  }

  private static String key(JsonNode element, int index) {
    for (String name : NAMES) {
      JsonNode value = element.path(name);
      if (value.isTextual()) {
        return value.textValue();
      }
    }
    return element.isTextual() ? element.textValue() : Integer.toString(index);
  }
}
