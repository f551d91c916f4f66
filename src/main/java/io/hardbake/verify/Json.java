package io.hardbake.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.JsonText;
import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads documents strictly: no key twice, nothing behind the end, no larger than documents are. */
final class Json {
  /** An SBOM of a large role has some hundred kilobytes. */
  static final Size LIMIT = Size.mib(64);

  private Json() {}

  /** The document in a file; of a file of statements, which may have several, the first. */
  static JsonNode read(Path file) throws IOException, IntegrityException {
    byte[] bytes = bytes(file);
    return parse(file, Neighbours.isStatement(file) ? JsonText.documents(bytes).get(0) : bytes);
  }

  /**
   * All of a document, JSON or not.
   *
   * @throws IntegrityException if it is larger than documents are
   */
  static byte[] bytes(Path file) throws IOException, IntegrityException {
    if (isTooLarge(file)) {
      throw damaged(file, "it is larger than " + LIMIT, null);
    }
    return Files.readAllBytes(file);
  }

  static boolean isTooLarge(Path file) throws IOException {
    return Files.size(file) > LIMIT.bytes();
  }

  /** A document that comes from within {@code file}. */
  static JsonNode parse(Path file, byte[] bytes) throws IOException, IntegrityException {
    try {
      JsonNode root = JsonText.parse(bytes);
      if (root == null || !root.isObject()) {
        throw damaged(file, "it is no JSON object", null);
      }
      return root;
    } catch (JsonProcessingException e) {
      throw damaged(file, "it is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static IntegrityException damaged(
      Path file, String how, @org.jspecify.annotations.Nullable Throwable cause) {
    String problem = file + " cannot be read: " + how;
    return cause == null
        ? new IntegrityException(problem, Check.V09.remedy())
        : new IntegrityException(problem, Check.V09.remedy(), cause);
  }
}
