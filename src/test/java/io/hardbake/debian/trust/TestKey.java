package io.hardbake.debian.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.crypto.generators.Ed25519KeyPairGenerator;
import org.bouncycastle.crypto.params.Ed25519KeyGenerationParameters;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPair;
import org.jspecify.annotations.Nullable;

/**
 * A key of a test's own, with what can be wrong with keys. Born 2024-01-01 unless said otherwise.
 */
@SuppressWarnings("JavaUtilDate") // Bouncy Castle asks for it.
public final class TestKey {
  public static final Instant BIRTH = Instant.parse("2024-01-01T00:00:00Z");

  private final PGPPublicKeyRing certificate;
  private final PGPKeyPair signer;

  private TestKey(PGPPublicKeyRing certificate, PGPKeyPair signer) {
    this.certificate = certificate;
    this.signer = signer;
  }

  /** A primary key that signs. */
  public static TestKey simple() throws PGPException {
    PGPKeyPair primary = pair();
    int flags = KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA;
    return new TestKey(ring(primary, flags, null).generatePublicKeyRing(), primary);
  }

  static TestKey expiring(Duration after) throws PGPException {
    PGPKeyPair primary = pair();
    int flags = KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA;
    return new TestKey(ring(primary, flags, after).generatePublicKeyRing(), primary);
  }

  /** A primary key that may certify only. */
  static TestKey certifyOnly() throws PGPException {
    PGPKeyPair primary = pair();
    PGPKeyRingGenerator ring = ring(primary, KeyFlags.CERTIFY_OTHER, null);
    return new TestKey(ring.generatePublicKeyRing(), primary);
  }

  /**
   * A signing subkey, with the signature by which it agrees to belong to its primary, or without.
   */
  static TestKey withSubkey(boolean agreed) throws PGPException, IOException {
    PGPKeyPair primary = pair();
    PGPKeyPair subkey = pair();
    PGPKeyRingGenerator ring = ring(primary, KeyFlags.CERTIFY_OTHER, null);
    PGPSignatureSubpacketGenerator hashed =
        new PGPSignatureSubpacketGenerator(subpackets(KeyFlags.SIGN_DATA, null));
    if (agreed) {
      hashed.addEmbeddedSignature(true, agreement(primary, subkey));
    }
    ring.addSubKey(subkey, hashed.generate(), null);
    return new TestKey(ring.generatePublicKeyRing(), subkey);
  }

  private static PGPSignature agreement(PGPKeyPair primary, PGPKeyPair subkey) throws PGPException {
    PGPPublicKey key = subkey.getPublicKey();
    PGPSignatureGenerator generator =
        new PGPSignatureGenerator(signerBuilder(subkey, HashAlgorithmTags.SHA512), key);
    generator.init(PGPSignature.PRIMARYKEY_BINDING, subkey.getPrivateKey());
    PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
    hashed.setSignatureCreationTime(true, Date.from(BIRTH));
    hashed.setIssuerFingerprint(false, key);
    generator.setHashedSubpackets(hashed.generate());
    return generator.generateCertification(primary.getPublicKey(), key);
  }

  /** The same key, revoked. */
  TestKey revoked() throws PGPException {
    PGPPublicKey primary = certificate.getPublicKey();
    PGPSignatureGenerator generator =
        new PGPSignatureGenerator(signerBuilder(signer, HashAlgorithmTags.SHA512), primary);
    generator.init(PGPSignature.KEY_REVOCATION, signer.getPrivateKey());
    PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
    hashed.setSignatureCreationTime(true, Date.from(BIRTH.plusSeconds(60)));
    hashed.setIssuerFingerprint(false, primary);
    generator.setHashedSubpackets(hashed.generate());
    PGPPublicKey revoked =
        PGPPublicKey.addCertification(primary, generator.generateCertification(primary));
    return new TestKey(PGPPublicKeyRing.insertPublicKey(certificate, revoked), signer);
  }

  /** The public half. */
  public byte[] certificate() throws IOException {
    return certificate.getEncoded();
  }

  public Keyring keyring(Path directory) throws Exception {
    Path file = directory.resolve("keyring-" + Long.toHexString(signer.getKeyID()) + ".gpg");
    Files.write(file, certificate());
    return Keyring.read(file);
  }

  /** The text clear-signed with SHA-512. */
  public byte[] clearSign(String text, Instant at) throws IOException, PGPException {
    return frame(text, List.of(signature(text, at, HashAlgorithmTags.SHA512)));
  }

  /** A signature packet over the text as RFC 9580 makes it canonical. */
  byte[] signature(String text, Instant at, int digest) throws IOException, PGPException {
    return signature(text, at, digest, PGPSignature.CANONICAL_TEXT_DOCUMENT);
  }

  byte[] signature(String text, Instant at, int digest, int type) throws IOException, PGPException {
    PGPSignatureGenerator generator =
        new PGPSignatureGenerator(signerBuilder(signer, digest), signer.getPublicKey());
    generator.init(type, signer.getPrivateKey());
    PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
    hashed.setSignatureCreationTime(true, Date.from(at));
    hashed.setIssuerFingerprint(false, signer.getPublicKey());
    generator.setHashedSubpackets(hashed.generate());
    List<String> lines = new ArrayList<>();
    text.lines().forEach(line -> lines.add(line.replaceAll("[ \t]+$", "")));
    generator.update(String.join("\r\n", lines).getBytes(UTF_8));
    return generator.generate().getEncoded();
  }

  /** A clear-signed file of that text and these signature packets. */
  static byte[] frame(String text, List<byte[]> signatures) {
    ByteArrayOutputStream packets = new ByteArrayOutputStream();
    signatures.forEach(packets::writeBytes);
    StringBuilder file = new StringBuilder("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n");
    text.lines()
        .forEach(line -> file.append(line.startsWith("-") ? "- " : "").append(line).append('\n'));
    file.append("-----BEGIN PGP SIGNATURE-----\n\n");
    file.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(packets.toByteArray()));
    return file.append("\n-----END PGP SIGNATURE-----\n").toString().getBytes(UTF_8);
  }

  static String asText(byte[] file) {
    return new String(file, US_ASCII);
  }

  private static PGPKeyRingGenerator ring(PGPKeyPair primary, int flags, @Nullable Duration expiry)
      throws PGPException {
    return new PGPKeyRingGenerator(
        PGPSignature.POSITIVE_CERTIFICATION,
        primary,
        "Test <test@example.org>",
        new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1),
        subpackets(flags, expiry),
        null,
        signerBuilder(primary, HashAlgorithmTags.SHA512),
        null);
  }

  private static PGPSignatureSubpacketVector subpackets(int flags, @Nullable Duration expiry) {
    PGPSignatureSubpacketGenerator subpackets = new PGPSignatureSubpacketGenerator();
    subpackets.setSignatureCreationTime(true, Date.from(BIRTH));
    subpackets.setKeyFlags(true, flags);
    if (expiry != null) {
      subpackets.setKeyExpirationTime(true, expiry.toSeconds());
    }
    return subpackets.generate();
  }

  private static BcPGPContentSignerBuilder signerBuilder(PGPKeyPair key, int digest) {
    return new BcPGPContentSignerBuilder(key.getPublicKey().getAlgorithm(), digest);
  }

  private static PGPKeyPair pair() throws PGPException {
    Ed25519KeyPairGenerator generator = new Ed25519KeyPairGenerator();
    generator.init(new Ed25519KeyGenerationParameters(new SecureRandom()));
    return new BcPGPKeyPair(
        PublicKeyPacket.VERSION_4,
        PublicKeyAlgorithmTags.EDDSA_LEGACY,
        generator.generateKeyPair(),
        Date.from(BIRTH));
  }
}
