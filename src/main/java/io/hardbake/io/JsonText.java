package io.hardbake.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * JSON that comes from outside. It is UTF-8 (RFC 8259, section 8.1): no other encoding is guessed
 * from the bytes, a key stands once, nothing follows, and what is wrong is said in one way.
 */
public final class JsonText {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonText() {}

  /**
   * Reads a document; a missing node where there is none.
   *
   * @throws JsonProcessingException if it is no JSON
   */
  public static JsonNode parse(byte[] document) throws JsonProcessingException {
    return MAPPER.readTree(new String(document, UTF_8));
  }

  /**
   * The documents of a file that may have one on each line (JSON Lines): itself where it is one,
   * over however many lines; else its lines, without those that are blank. What is in them is yet
   * to be read.
   */
  public static List<byte[]> documents(byte[] file) {
    try {
      parse(file);
      return List.of(file);
    } catch (JsonProcessingException e) {
      List<byte[]> lines =
          new String(file, UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .map(line -> line.getBytes(UTF_8))
              .toList();
      return lines.isEmpty() ? List.of(file) : lines;
    }
  }
}
