package io.hardbake.attestation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;

/**
 * A signed payload.
 *
 * @param payloadType what the payload is
 * @param signatures any of them may be the one that a key accepts
 * @see <a href="https://github.com/secure-systems-lab/dsse/blob/master/envelope.md">DSSE v1.0</a>
 */
public record Envelope(String payloadType, Bytes payload, List<Bytes> signatures) {
  /** Of in-toto statements. */
  public static final String IN_TOTO = "application/vnd.in-toto+json";

  public Envelope {
    signatures = List.copyOf(signatures);
  }

  /** A statement with its signature. */
  public static Envelope sign(byte[] statement, SigningKey key) {
    Bytes signature = Bytes.of(key.sign(encoded(IN_TOTO, statement)));
    return new Envelope(IN_TOTO, Bytes.of(statement), List.of(signature));
  }

  /** Whether the payload is an in-toto statement, and the key accepts a signature of it. */
  public boolean isSignedBy(VerificationKey key) {
    return isSigned(key::accepts);
  }

  /** Whether the payload is an in-toto statement, and a signature of it is the key's own. */
  public boolean isSignedBy(SigningKey key) {
    return isSigned(key::made);
  }

  private boolean isSigned(BiPredicate<byte[], byte[]> accepted) {
    byte[] message = encoded(payloadType, payload.toArray());
    return payloadType.equals(IN_TOTO)
        && signatures.stream().anyMatch(each -> accepted.test(message, each.toArray()));
  }

  /** The envelope as one line, so that several make a JSON Lines file. */
  public byte[] json() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("payloadType", payloadType).put("payload", base64(payload));
    var array = root.putArray("signatures");
    signatures.forEach(signature -> array.addObject().put("sig", base64(signature)));
    return (root + "\n").getBytes(UTF_8);
  }

  /**
   * Reads one envelope; a file may have several, a line each.
   *
   * @param what where it is from, for messages
   * @throws IntegrityException if it is none
   */
  public static Envelope parse(byte[] json, String what) throws IntegrityException {
    try {
      JsonNode root = new ObjectMapper().readTree(json);
      List<Bytes> signatures = new ArrayList<>();
      root.path("signatures").forEach(each -> signatures.add(bytes(each.path("sig"))));
      return new Envelope(
          root.path("payloadType").asText(), bytes(root.path("payload")), signatures);
    } catch (IOException | IllegalArgumentException e) {
      throw new IntegrityException(
          what + " is no DSSE envelope: " + e.getMessage(),
          "bake again, or get the file that belongs to the artifact",
          e);
    }
  }

  /** What is signed: the pre-authentication encoding of type and payload. */
  static byte[] encoded(String type, byte[] payload) {
    byte[] typeBytes = type.getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        String.format(Locale.ROOT, "DSSEv1 %d %s %d ", typeBytes.length, type, payload.length)
            .getBytes(UTF_8));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }

  /** DSSE allows the standard alphabet and the one for URLs. */
  private static Bytes bytes(JsonNode text) {
    String standard = text.asText().replace('-', '+').replace('_', '/');
    return Bytes.of(Base64.getDecoder().decode(standard));
  }
}
