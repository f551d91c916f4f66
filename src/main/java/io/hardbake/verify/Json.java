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

  /** The document in a file. */
  static JsonNode read(Path file) throws IOException, IntegrityException {
    if (Files.size(file) > LIMIT.bytes()) {
      throw damaged(file, "it is larger than " + LIMIT, null);
    }
    return parse(file, Files.readAllBytes(file));
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
