package io.hardbake.attestation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UsageException;
import io.hardbake.io.JsonText;
import io.hardbake.io.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnvelopeTest {
  @TempDir private Path directory;

  /** The example of the DSSE specification, protocol.md. */
  @Test
  void typeAndPayloadAreSignedTogether() {
    assertEquals(
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
        new String(
            Envelope.encoded("http://example.com/HelloWorld", "hello world".getBytes(UTF_8)),
            UTF_8));
  }

  @Test
  void theKeyThatSignedAcceptsAndNoOther() throws Exception {
    Keys other = Keys.ed25519(directory);
    for (Keys keys :
        List.of(
            Keys.ed25519(directory), Keys.ec(directory, "secp256r1"), Keys.rsa(directory, 2048))) {
      byte[] statement = statement().json();
      byte[] file = Envelope.sign(statement, SigningKey.read(keys.secret())).json();
      assertEquals(file.length - 1, new String(file, UTF_8).indexOf('\n'));
      Envelope read = Envelope.parse(file, "it");
      assertArrayEquals(statement, read.payload().toArray());
      assertTrue(read.isSignedBy(key(keys)));
      assertTrue(read.isSignedBy(SigningKey.read(keys.secret())));
      assertFalse(read.isSignedBy(key(other)));
      assertFalse(read.isSignedBy(SigningKey.read(other.secret())));
      Keys curve = Keys.ec(directory, "secp256r1");
      assertFalse(read.isSignedBy(SigningKey.read(curve.secret())));
    }
  }

  @Test
  void severalEnvelopesHaveALineEach() throws Exception {
    Keys keys = Keys.ed25519(directory);
    byte[] file = Envelope.sign(statement().json(), SigningKey.read(keys.secret())).json();
    String line = new String(file, UTF_8);
    Envelope one = Envelope.parse(file, "it");
    assertEquals(List.of(one, one), all(line + "\n" + line));
    assertEquals(List.of(one), all(line.replace(",", ",\n")));
    for (String garbage : List.of("{", line + "{", line + "[]\nx")) {
      assertThrows(IntegrityException.class, () -> all(garbage), garbage);
    }
    assertFalse(all("").get(0).isSignedBy(key(keys)));
  }

  private static List<Envelope> all(String file) throws IntegrityException {
    List<Envelope> envelopes = new ArrayList<>();
    for (byte[] document : JsonText.documents(file.getBytes(UTF_8))) {
      envelopes.add(Envelope.parse(document, "it"));
    }
    return envelopes;
  }

  /** Both are DSSE's. */
  @Test
  void theAlphabetForUrlsIsReadToo() throws Exception {
    byte[] payload = "{\"x\": \"\u00ff\u00fe???>>>\"}".getBytes(UTF_8);
    Keys keys = Keys.ed25519(directory);
    Envelope signed = Envelope.sign(payload, SigningKey.read(keys.secret()));
    String standard = new String(signed.json(), UTF_8);
    String other =
        standard.replaceFirst("application/", "TYPE").replace('+', '-').replace('/', '_');
    other = other.replaceFirst("TYPE", "application/").replace("in-toto-json", "in-toto+json");
    assertNotEquals(standard, other);
    assertEquals(signed, Envelope.parse(other.getBytes(UTF_8), "it"));
  }

  private static VerificationKey key(Keys keys) throws Exception {
    return VerificationKey.read(keys.open());
  }

  @Test
  void aChangedPayloadOrTypeIsRefused() throws Exception {
    Keys keys = Keys.ed25519(directory);
    Envelope whole = Envelope.sign(statement().json(), SigningKey.read(keys.secret()));
    VerificationKey key = VerificationKey.read(keys.open());
    byte[] changed = whole.payload().toArray();
    changed[changed.length / 2] ^= 1;
    Envelope other =
        new Envelope(whole.payloadType(), io.hardbake.io.Bytes.of(changed), whole.signatures());
    assertTrue(whole.isSignedBy(key));
    assertFalse(other.isSignedBy(key));
    Envelope odd = new Envelope("text/plain", whole.payload(), whole.signatures());
    assertFalse(odd.isSignedBy(key));
    Envelope unsigned = new Envelope(whole.payloadType(), whole.payload(), List.of());
    assertFalse(unsigned.isSignedBy(key));
    for (String empty : List.of("", "[]")) {
      assertFalse(Envelope.parse(empty.getBytes(UTF_8), "it").isSignedBy(key), empty);
    }
    for (String garbage : List.of("{\"payload\": \"*\"}", "{")) {
      assertThrows(
          IntegrityException.class, () -> Envelope.parse(garbage.getBytes(UTF_8), "it"), garbage);
    }
  }

  @Test
  void allButEllipticCurvesSignTheSameAgain() throws Exception {
    byte[] message = statement().json();
    for (Keys keys : List.of(Keys.ed25519(directory), Keys.rsa(directory, 2048))) {
      SigningKey key = SigningKey.read(keys.secret());
      assertEquals(Envelope.sign(message, key), Envelope.sign(message, key));
    }
    SigningKey curve = SigningKey.read(Keys.ec(directory, "secp256r1").secret());
    assertNotEquals(Envelope.sign(message, curve), Envelope.sign(message, curve));
  }

  @Test
  void keysThatWillNotDoSayWhy() throws Exception {
    refused("on another curve than P-256", Keys.ec(directory, "secp384r1").secret());
    refused("an RSA key of 1024 bits", Keys.rsa(directory, 1024).secret());
    Keys keys = Keys.ed25519(directory);
    refused("holds PUBLIC KEY instead of PRIVATE KEY", keys.open());
    String text = Files.readString(keys.secret());
    refused("holds ENCRYPTED PRIVATE KEY", file(text.replace("PRIVATE", "ENCRYPTED PRIVATE")));
    refused("no key in PEM form", file("not a key"));
    refused("neither Ed25519, EC nor RSA", file(text.replaceFirst("\n[A-Za-z0-9+/]{20}", "\n")));
    assertThrows(UsageException.class, () -> SigningKey.read(directory.resolve("nowhere")));
    assertThrows(UsageException.class, () -> VerificationKey.read(keys.secret()));
  }

  @Test
  void aStatementIsReadAsItWasWritten() throws Exception {
    byte[] json = statement().json();
    assertEquals(statement(), Statement.parse(json, "it"));
    String text = new String(json, UTF_8);
    for (String marker :
        List.of(Statement.TYPE, Statement.PREDICATE_TYPE, Statement.BUILD_TYPE, "\"digest\"")) {
      byte[] other = text.replace(marker, marker.replace("e", "x")).getBytes(UTF_8);
      assertThrows(IntegrityException.class, () -> Statement.parse(other, "it"), marker);
    }
  }

  private static Statement statement() {
    Sha256 digest = Sha256.of(new byte[0]);
    return new Statement(
        List.of(Resource.of("web-amd64.oci.tar", digest)),
        new TreeMap<>(Map.of("role", "web", "formats", List.of("oci"))),
        new TreeMap<>(Map.of("created", "2024-06-01T12:00:00Z")),
        List.of(
            new Resource(
                "web",
                Optional.of("pkg:deb/debian/web@1"),
                new TreeMap<>(Map.of("sha256", digest.hex())),
                new TreeMap<>(Map.of("path", "pool/w.deb")))),
        List.of(Resource.of("manifests/web-amd64.txt", digest)),
        "1");
  }

  private void refused(String why, Path key) {
    UsageException e = assertThrows(UsageException.class, () -> SigningKey.read(key));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e::toString);
    assertTrue(e.remedy().contains("openssl genpkey"), e::remedy);
  }

  private Path file(String text) throws Exception {
    return Files.writeString(Files.createTempFile(directory, "odd", ".pem"), text);
  }
}
