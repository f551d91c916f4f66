package io.hardbake.attestation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.Oracle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** openssl makes the keys and judges the signatures. */
final class EnvelopeIT {
  private static final byte[] STATEMENT = "{\"_type\": \"any\"}\n".getBytes(UTF_8);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-algorithm ed25519",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        "-algorithm RSA -pkeyopt rsa_keygen_bits:3072"
      })
  void opensslAcceptsTheSignatureAndNoOther(String kind) throws Exception {
    Oracle.require("openssl");
    Path secret = directory.resolve("key.pem");
    Path open = directory.resolve("pub.pem");
    List<String> generate =
        new ArrayList<>(List.of("openssl", "genpkey", "-out", secret.toString()));
    generate.addAll(List.of(kind.split(" ", -1)));
    Oracle.run(generate.toArray(String[]::new)).succeeded();
    Oracle.run("openssl", "pkey", "-pubout", "-in", secret.toString(), "-out", open.toString())
        .succeeded();
    Envelope envelope = Envelope.sign(STATEMENT, SigningKey.read(secret));
    assertTrue(envelope.isSignedBy(VerificationKey.read(open)));
    assertTrue(envelope.isSignedBy(SigningKey.read(secret)));

    // What openssl judges is taken from the file's text, as somebody without hardbake would.
    JsonNode file = new ObjectMapper().readTree(envelope.json());
    byte[] payload = Base64.getDecoder().decode(file.get("payload").asText());
    assertArrayEquals(STATEMENT, payload);
    String type = file.get("payloadType").asText();
    String head = "DSSEv1 %d %s %d ".formatted(type.length(), type, payload.length);
    Path signature = directory.resolve("signature");
    Files.write(signature, Base64.getDecoder().decode(file.at("/signatures/0/sig").asText()));
    judge(kind, open, signature, head + new String(payload, UTF_8)).succeeded();
    judge(kind, open, signature, head + new String(payload, UTF_8) + " ").refused();
  }

  private Oracle.Result judge(String kind, Path open, Path signature, String message)
      throws Exception {
    Path file = Files.writeString(directory.resolve("message"), message);
    return kind.contains("ed25519")
        ? Oracle.run(
            "openssl",
            "pkeyutl",
            "-verify",
            "-rawin",
            "-pubin",
            "-inkey",
            open.toString(),
            "-sigfile",
            signature.toString(),
            "-in",
            file.toString())
        : Oracle.run(
            "openssl",
            "dgst",
            "-sha256",
            "-verify",
            open.toString(),
            "-signature",
            signature.toString(),
            file.toString());
  }
}
