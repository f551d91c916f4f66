package io.hardbake.debian.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPSignature;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyringTest {
  private static final String TEXT = "Suite: test\nDash:\n- item\n-----BEGIN PGP\nEnd: \t\n";
  private static final Instant SIGNED = TestKey.BIRTH.plus(Duration.ofDays(30));
  private static final Instant NOW = TestKey.BIRTH.plus(Duration.ofDays(31));

  @TempDir Path directory;
  private TestKey key;
  private Keyring keyring;

  @BeforeEach
  void makeKey() throws Exception {
    key = TestKey.simple();
    keyring = key.keyring(directory);
  }

  @Test
  void givesTheTextWithoutDashesAndTrailingBlanks() throws Exception {
    byte[] text = keyring.open(key.clearSign(TEXT, SIGNED), "test", NOW);
    assertEquals("Suite: test\nDash:\n- item\n-----BEGIN PGP\nEnd:\n", new String(text, UTF_8));
  }

  @Test
  void acceptsCarriageReturnsAtTheEndsOfLines() throws Exception {
    String file = TestKey.asText(key.clearSign(TEXT, SIGNED)).replace("\n", "\r\n");
    byte[] text = keyring.open(file.getBytes(US_ASCII), "test", NOW);
    assertArrayEquals(keyring.open(key.clearSign(TEXT, SIGNED), "test", NOW), text);
  }

  @Test
  void oneGoodSignatureAmongOthersIsEnough() throws Exception {
    TestKey stranger = TestKey.simple();
    byte[] file =
        TestKey.frame(
            TEXT,
            List.of(
                stranger.signature(TEXT, SIGNED, HashAlgorithmTags.SHA512),
                key.signature(TEXT, SIGNED, HashAlgorithmTags.SHA256)));
    keyring.open(file, "test", NOW);
    IntegrityException refused =
        assertThrows(
            IntegrityException.class,
            () -> stranger.revoked().keyring(directory).open(file, "test", NOW));
    assertEquals(2, refused.toString().lines().filter(line -> line.contains("by key")).count());
  }

  @Test
  void believesASubkeyThatAgreedToItsPrimary() throws Exception {
    TestKey subkey = TestKey.withSubkey(true);
    subkey.keyring(directory).open(subkey.clearSign(TEXT, SIGNED), "test", NOW);
  }

  @Test
  void refusesASubkeyThatDidNot() throws Exception {
    TestKey subkey = TestKey.withSubkey(false);
    assertRefused(subkey.keyring(directory), subkey.clearSign(TEXT, SIGNED), "may not sign");
  }

  @Test
  void refusesAStranger() throws Exception {
    assertRefused(keyring, TestKey.simple().clearSign(TEXT, SIGNED), "not in the keyring");
  }

  @Test
  void refusesARevokedKey() throws Exception {
    assertRefused(key.revoked().keyring(directory), key.clearSign(TEXT, SIGNED), "may not sign");
  }

  @Test
  void refusesAnExpiredKey() throws Exception {
    TestKey expiring = TestKey.expiring(Duration.ofDays(30).plusHours(12));
    Keyring ring = expiring.keyring(directory);
    byte[] file = expiring.clearSign(TEXT, SIGNED);
    ring.open(file, "test", SIGNED);
    assertRefused(ring, file, "may not sign");
  }

  @Test
  void refusesAKeyThatMayOnlyCertify() throws Exception {
    TestKey certifier = TestKey.certifyOnly();
    assertRefused(certifier.keyring(directory), certifier.clearSign(TEXT, SIGNED), "may not sign");
  }

  @ParameterizedTest
  @MethodSource("weakDigests")
  void refusesWeakDigests(int digest) throws Exception {
    byte[] file = TestKey.frame(TEXT, List.of(key.signature(TEXT, SIGNED, digest)));
    assertRefused(keyring, file, "weak");
  }

  static Stream<Integer> weakDigests() {
    return Stream.of(HashAlgorithmTags.MD5, HashAlgorithmTags.SHA1, HashAlgorithmTags.RIPEMD160);
  }

  @Test
  void refusesABinarySignature() throws Exception {
    byte[] binary =
        key.signature(TEXT, SIGNED, HashAlgorithmTags.SHA512, PGPSignature.BINARY_DOCUMENT);
    assertRefused(keyring, TestKey.frame(TEXT, List.of(binary)), "not a text signature");
  }

  @Test
  void refusesASignatureOfTheFuture() throws Exception {
    assertRefused(keyring, key.clearSign(TEXT, NOW.plus(Duration.ofDays(1))), "future");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bypasses")
  void refusesWhatIsNotCovered(String name, UnaryOperator<String> change) throws Exception {
    String file = TestKey.asText(key.clearSign(TEXT, SIGNED));
    String changed = change.apply(file);
    assertTrue(!changed.equals(file), "the change must change something");
    assertRefused(keyring, changed.getBytes(US_ASCII), "");
  }

  static Stream<Arguments> bypasses() {
    String begin = "-----BEGIN PGP SIGNED MESSAGE-----\n";
    return Stream.of(
        bypass("text before", file -> "Suite: evil\n" + file),
        bypass("an empty line before", file -> "\n" + file),
        bypass("text after", file -> file + "Suite: evil\n"),
        bypass("an empty line after", file -> file + "\n"),
        bypass("two messages", file -> file + file),
        bypass("a message inside", file -> file.replace("Suite", begin + "Suite")),
        bypass("a field as header", file -> file.replace("Hash: SHA512\n", "Suite: evil\n")),
        bypass(
            "a field behind the hash", file -> file.replace("SHA512\n", "SHA512\nSuite: evil\n")),
        bypass("a return in the header", file -> file.replace("SHA512\n", "SHA512\rSuite: evil\n")),
        bypass("a header of blanks", file -> file.replace("SHA512\n\n", "SHA512\n \nSuite: e\n\n")),
        bypass("no end of headers", file -> file.replace("SHA512\n\n", "SHA512\n")),
        bypass("a changed text", file -> file.replace("Suite: test", "Suite: evil")),
        bypass("an unescaped dash", file -> file.replace("- - item", "-item")),
        bypass("a lone return", file -> file.replace("Suite: test", "Suite: te\rst")),
        bypass("a NUL", file -> file.replace("Suite: test", "Suite: te\0st")),
        bypass(
            "two signature blocks",
            file -> file + file.substring(file.indexOf("-----BEGIN PGP SIGNATURE"))),
        bypass("no signature", file -> file.substring(0, file.indexOf("-----BEGIN PGP SIGNA"))),
        bypass("no end", file -> file.replace("-----END PGP SIGNATURE-----\n", "")),
        bypass("a longer first line", file -> file.replace(begin, begin.trim() + " \n")),
        bypass("nothing at all", file -> ""));
  }

  private static Arguments bypass(String name, UnaryOperator<String> change) {
    return Arguments.of(name, change);
  }

  @Test
  void anyDamageIsRefusedAndNeverABug() throws Exception {
    byte[] file = key.clearSign("Suite: test\n", SIGNED);
    Random random = new Random(20240601);
    byte[] good = keyring.open(file, "test", NOW);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = file.clone();
      int at = random.nextInt(damaged.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      try {
        assertArrayEquals(good, keyring.open(damaged, "test", NOW), "damage at byte " + at);
      } catch (IntegrityException expected) {
        assertEquals(5, expected.exitCode());
      }
    }
  }

  @Test
  void garbageIsNoKeyring() throws Exception {
    Path file = Files.writeString(directory.resolve("bad.gpg"), "not a key");
    assertThrows(HostException.class, () -> Keyring.read(file));
    assertThrows(HostException.class, () -> Keyring.read(directory.resolve("absent.gpg")));
  }

  @Test
  void everyArmouredBlockOfAFileCounts() throws Exception {
    TestKey second = TestKey.simple();
    String both = "Two keys:\n\n" + armoured(key) + "\n" + armoured(second);
    for (String text : List.of(both, both.replace("\n", "\r\n"))) {
      Keyring ring = Keyring.read(Files.writeString(directory.resolve("two.asc"), text));
      ring.open(key.clearSign(TEXT, SIGNED), "test", NOW);
      ring.open(second.clearSign(TEXT, SIGNED), "test", NOW);
    }
  }

  @Test
  void whatIsNoBlockIsNotPassedOver() throws Exception {
    String one = armoured(key);
    String damaged = armoured(TestKey.simple()).replace("-----BEGIN", "----BEGIN");
    for (String text : List.of(one + damaged, damaged + one, one + damaged + one, one + "x")) {
      Path file = Files.writeString(directory.resolve("damaged.asc"), text);
      HostException refused = assertThrows(HostException.class, () -> Keyring.read(file));
      assertTrue(refused.toString().contains("something else "), refused.toString());
    }
  }

  private static String armoured(TestKey key) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ArmoredOutputStream armour = ArmoredOutputStream.builder().build(bytes)) {
      armour.write(key.certificate());
    }
    return bytes.toString(US_ASCII);
  }

  @Test
  void debiansKeysAreEmbedded() {
    assertEquals(64, Keyring.debian().digest().hex().length());
  }

  private static void assertRefused(Keyring keyring, byte[] file, String because) {
    IntegrityException refused =
        assertThrows(IntegrityException.class, () -> keyring.open(file, "test", NOW));
    assertEquals(5, refused.exitCode());
    assertTrue(refused.toString().contains(because), refused.toString());
    assertTrue(!refused.remedy().isBlank());
  }
}
