package io.hardbake.recipe;

import io.hardbake.failure.RecipeException;
import io.hardbake.recipe.Node.Field;
import io.hardbake.recipe.Node.Mapping;
import io.hardbake.recipe.Node.Scalar;
import io.hardbake.recipe.Node.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The keys of one section, typed. Unknown and missing keys are refused before any is read. */
final class Fields {
  private static final String TEXT = "text";

  private final Section section;
  private final Mapping mapping;

  private Fields(Section section, Mapping mapping) {
    this.section = section;
    this.mapping = mapping;
  }

  static Fields of(Node node, Section section) throws RecipeException {
    Mapping mapping = mapping(node, section.words());
    for (Map.Entry<String, Field> field : mapping.fields().entrySet()) {
      if (!section.keys().contains(field.getKey())) {
        throw Problem.at(
            field.getValue().at(),
            "unknown key \"" + field.getKey() + "\" in " + section.words(),
            Suggestion.among(section.keys(), field.getKey())
                + "the keys here are "
                + String.join(", ", section.keys()));
      }
    }
    for (String key : section.required()) {
      if (!mapping.fields().containsKey(key)) {
        throw Problem.at(
            mapping.at(), section.words() + " needs a " + key, "add `" + key + ": …` here");
      }
    }
    return new Fields(section, mapping);
  }

  static Mapping mapping(Node node, String what) throws RecipeException {
    if (node instanceof Mapping mapping) {
      return mapping;
    }
    throw mistyped(node, what, "a group of keys");
  }

  Location at() {
    return mapping.at();
  }

  /** The keys that are there, in the order of the file. */
  Map<String, Field> all() {
    return Collections.unmodifiableMap(mapping.fields());
  }

  Optional<Node> node(String key) {
    if (!section.keys().contains(key)) {
      throw new IllegalArgumentException(key + " is no key of " + section);
    }
    return Optional.ofNullable(mapping.fields().get(key)).map(Field::value);
  }

  /** Where the key's value stands, or the section if there is none. */
  Location at(String key) {
    return node(key).map(Node::at).orElse(at());
  }

  Optional<String> text(String key, Form form) throws RecipeException {
    Optional<Node> node = node(key);
    return node.isEmpty() ? Optional.empty() : Optional.of(text(node.get(), key, form));
  }

  String requiredText(String key, Form form) throws RecipeException {
    return text(node(key).orElseThrow(), key, form);
  }

  boolean flag(String key) throws RecipeException {
    Optional<Node> node = node(key);
    if (node.isEmpty()) {
      return false;
    }
    if (node.get() instanceof Scalar scalar && scalar.type() == Scalar.Type.BOOLEAN) {
      return Boolean.parseBoolean(scalar.text());
    }
    throw mistyped(node.get(), key, "true or false");
  }

  /** The items of a list; none if the key is not there. */
  List<Node> list(String key) throws RecipeException {
    Optional<Node> node = node(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof Sequence sequence) {
      return sequence.items();
    }
    throw mistyped(node.get(), key, "a list");
  }

  /** A list of texts in the order of the file. */
  List<String> texts(String key, Form form) throws RecipeException {
    List<String> texts = new ArrayList<>();
    for (Node item : list(key)) {
      texts.add(text(item, key, form));
    }
    return texts;
  }

  /** A list of texts that are all different. */
  SortedSet<String> distinctTexts(String key, Form form) throws RecipeException {
    SortedSet<String> texts = new TreeSet<>();
    for (Node item : list(key)) {
      String text = text(item, key, form);
      if (!texts.add(text)) {
        throw Problem.at(item.at(), text + " stands twice under " + key, "remove one of the two");
      }
    }
    return texts;
  }

  /** A group of freely chosen names with texts. */
  Map<String, String> textMap(String key, Form names) throws RecipeException {
    Map<String, String> texts = new TreeMap<>();
    Optional<Node> node = node(key);
    if (node.isPresent()) {
      for (Map.Entry<String, Field> field : mapping(node.get(), key).fields().entrySet()) {
        check(field.getValue().at(), field.getKey(), names);
        texts.put(field.getKey(), text(field.getValue().value(), field.getKey(), Form.ANY));
      }
    }
    return texts;
  }

  static String text(Node node, String what, Form form) throws RecipeException {
    if (!(node instanceof Scalar scalar)) {
      throw mistyped(node, what, TEXT);
    }
    if (scalar.type() == Scalar.Type.NOTHING) {
      throw mistyped(node, what, TEXT);
    }
    if (scalar.type() != Scalar.Type.TEXT) {
      throw Problem.at(
          scalar.at(),
          "%s should be %s, but YAML reads %s as %s"
              .formatted(what, form.words(), scalar.text(), scalar.kind()),
          "put it in quotes: \"" + scalar.text() + "\"");
    }
    check(scalar.at(), scalar.text(), form);
    return scalar.text();
  }

  static void check(Location at, String text, Form form) throws RecipeException {
    if (!form.matches(text)) {
      throw Problem.at(at, "\"" + text + "\" is not " + form.words(), form.remedy());
    }
  }

  static RecipeException mistyped(Node node, String what, String wanted) {
    String remedy =
        node instanceof Scalar scalar && scalar.type() == Scalar.Type.NOTHING
            ? "give it a value, or leave the key out"
            : "write " + wanted + " here";
    return Problem.at(
        node.at(), "%s should be %s, but it is %s".formatted(what, wanted, node.kind()), remedy);
  }
}
