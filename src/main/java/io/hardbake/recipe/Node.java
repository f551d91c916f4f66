package io.hardbake.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of YAML that remembers where it stood. */
sealed interface Node {
  Location at();

  /** What a person would call it: {@code a list}, {@code a number}. */
  String kind();

  /**
   * A single value.
   *
   * @param text as written, before YAML makes a number or a truth value of it
   */
  record Scalar(Location at, Type type, String text) implements Node {
    /** The types of the YAML core schema. */
    enum Type {
      TEXT("text"),
      INTEGER("a number"),
      DECIMAL("a decimal number"),
      BOOLEAN("true or false"),
      NOTHING("nothing");

      private final String words;

      Type(String words) {
        this.words = words;
      }
    }

    @Override
    public String kind() {
      return type.words;
    }
  }

  record Sequence(Location at, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /**
   * A group of keys.
   *
   * @param fields in the order of the file
   */
  record Mapping(Location at, Map<String, Field> fields) implements Node {
    public Mapping {
      fields = new LinkedHashMap<>(fields);
    }

    @Override
    public String kind() {
      return "a group of keys";
    }
  }

  /**
   * A key's value.
   *
   * @param at where the key stands
   */
  record Field(Location at, Node value) {}
}
