package io.hardbake.recipe;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.hardbake.failure.RecipeException;
import io.hardbake.recipe.Node.Field;
import io.hardbake.recipe.Node.Mapping;
import io.hardbake.recipe.Node.Scalar;
import io.hardbake.recipe.Node.Sequence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the plain part of YAML: one document of mappings, lists and scalars. Anchors, aliases, tags
 * and duplicate keys are refused: a recipe is to be read by people, and none of these can then blow
 * it up.
 */
final class YamlTree {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 20;

  private final String file;
  private final int[] characters;
  private final YAMLParser parser;

  private YamlTree(String file, String text, YAMLParser parser) {
    this.file = file;
    this.characters = text.codePoints().toArray();
    this.parser = parser;
  }

  /** What {@link #read} takes. */
  static byte[] content(Path path) throws RecipeException, IOException {
    if (Files.size(path) > MAX_BYTES) {
      throw Problem.at(
          new Location(path.toString(), 1),
          "the file is larger than " + MAX_BYTES + " bytes",
          "move long content to a template");
    }
    return Files.readAllBytes(path);
  }

  static Node read(Path path, byte[] content) throws RecipeException, IOException {
    String file = path.toString();
    Location top = new Location(file, 1);
    String text = utf8(top, content);
    try (YAMLParser parser = YAMLFactory.builder().build().createParser(text)) {
      YamlTree tree = new YamlTree(file, text, parser);
      if (parser.nextToken() == null) {
        throw Problem.at(top, "the file is empty", "begin with `from: base`");
      }
      Node node = tree.node(0);
      if (parser.nextToken() != null) {
        throw Problem.at(
            tree.here(), "a second YAML document begins", "give each recipe its own file");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw notYaml(file, e);
    }
  }

  private static String utf8(Location top, byte[] bytes) throws RecipeException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new RecipeException(top + ": the file is not UTF-8", "save it as UTF-8", e);
    }
  }

  private Node node(int depth) throws RecipeException, IOException {
    Location at = here();
    if (depth > MAX_DEPTH) {
      throw Problem.at(
          at, "more than " + MAX_DEPTH + " levels of nesting", "no recipe needs so many");
    }
    refuseReferences(at);
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> mapping(at, depth);
      case START_ARRAY -> sequence(at, depth);
      case VALUE_STRING -> text(at);
      case VALUE_NUMBER_INT -> new Scalar(at, Scalar.Type.INTEGER, parser.getText());
      case VALUE_NUMBER_FLOAT -> new Scalar(at, Scalar.Type.DECIMAL, parser.getText());
      case VALUE_TRUE, VALUE_FALSE -> new Scalar(at, Scalar.Type.BOOLEAN, parser.getText());
      case VALUE_NULL -> new Scalar(at, Scalar.Type.NOTHING, "");
      default -> throw new IllegalStateException("unexpected " + token + " at " + at);
    };
  }

  private Mapping mapping(Location at, int depth) throws RecipeException, IOException {
    Map<String, Field> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Location keyAt = here();
      refuseReferences(keyAt);
      String key = parser.currentName();
      parser.nextToken();
      Field earlier = fields.put(key, new Field(keyAt, node(depth + 1)));
      if (earlier != null) {
        throw Problem.at(
            keyAt,
            "the key \"" + key + "\" stood already on line " + earlier.at().line(),
            "join the two, or remove one");
      }
    }
    return new Mapping(at, fields);
  }

  private Sequence sequence(Location at, int depth) throws RecipeException, IOException {
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(depth + 1));
    }
    return new Sequence(at, items);
  }

  /** Nothing at all reads like empty text, but only text has quotes or a block to begin with. */
  private Scalar text(Location at) throws IOException {
    boolean nothing = parser.getText().isEmpty() && "'\"|>".indexOf(firstCharacter()) < 0;
    return new Scalar(at, nothing ? Scalar.Type.NOTHING : Scalar.Type.TEXT, parser.getText());
  }

  /**
   * What a token begins with tells them apart: no plain text can begin so, and Jackson does not
   * report the anchors of scalars.
   */
  private void refuseReferences(Location at) throws RecipeException {
    int first = firstCharacter();
    if (first == '&' || first == '*') {
      throw Problem.at(
          at,
          "anchors and aliases (& and *) are not understood here",
          "write the value out, or inherit it with `from:`; quote text that begins with & or *");
    }
    if (first == '!') {
      throw Problem.at(
          at,
          "tags (!) are not understood here",
          "remove the tag; quote text that begins with an exclamation mark");
    }
  }

  private int firstCharacter() {
    // SnakeYAML counts code points.
    int offset = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
    return offset < characters.length ? characters[offset] : -1;
  }

  private Location here() {
    return new Location(file, parser.currentTokenLocation().getLineNr());
  }

  private static RecipeException notYaml(String file, JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String place = at == null ? file + ":1" : file + ":" + at.getLineNr() + ":" + at.getColumnNr();
    return new RecipeException(
        place + ": this is not YAML: " + reason(e),
        "check indentation, colons and quotes there and on the line before",
        e);
  }

  /** The scanner's message, without the excerpts of the file that it repeats. */
  private static String reason(JsonProcessingException e) {
    return e.getOriginalMessage()
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .reduce((first, second) -> second)
        .orElse("it cannot be read");
  }
}
