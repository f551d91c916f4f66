package io.hardbake.debian.trust;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.KeyIdentifier;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.api.OpenPGPDefaultPolicy;
import org.bouncycastle.openpgp.api.OpenPGPImplementation;
import org.bouncycastle.openpgp.api.OpenPGPPolicy;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPImplementation;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/**
 * The certificates of a keyring, parsed, and the verification of signatures by them. All that meets
 * Bouncy Castle is in here: loading it takes as long as the rest of a bake's beginning, and most
 * bakes verify no signature.
 */
final class Certificates {
  private static final Set<Integer> STRONG_DIGESTS =
      Set.of(HashAlgorithmTags.SHA256, HashAlgorithmTags.SHA384, HashAlgorithmTags.SHA512);

  /** How far a signer's clock may be ahead of ours. */
  private static final Duration SKEW = Duration.ofMinutes(10);

  /** An armoured block, with the lines that begin and end it. */
  private static final Pattern BLOCK =
      Pattern.compile(
          "^-----BEGIN PGP ([A-Z ]+)-----[ \t]*$.*?^-----END PGP \\1-----[ \t]*$",
          Pattern.MULTILINE | Pattern.DOTALL);

  private static final String DASHES = "-----";

  private final Sha256 keyring;
  private final OpenPGPPolicy policy = new OpenPGPDefaultPolicy();
  private final List<OpenPGPCertificate> certificates;

  private Certificates(Sha256 keyring, List<OpenPGPCertificate> certificates) {
    this.keyring = keyring;
    this.certificates = List.copyOf(certificates);
  }

  /**
   * Parses OpenPGP certificates, binary or armoured; armour may come in any number of blocks, with
   * a text before the first.
   *
   * @throws IOException if they are malformed, or armour is followed by something else
   */
  static Certificates of(byte[] bytes) throws IOException {
    try {
      OpenPGPImplementation implementation = new BcOpenPGPImplementation();
      List<OpenPGPCertificate> certificates = new ArrayList<>();
      for (byte[] block : blocks(bytes)) {
        InputStream unarmoured = PGPUtil.getDecoderStream(new ByteArrayInputStream(block));
        for (PGPPublicKeyRing ring :
            new PGPPublicKeyRingCollection(unarmoured, new BcKeyFingerprintCalculator())) {
          certificates.add(new OpenPGPCertificate(ring, implementation));
        }
      }
      return new Certificates(Sha256.of(bytes), certificates);
    } catch (PGPException | RuntimeException e) {
      // Bouncy Castle meets malformed packets with unchecked exceptions of several kinds.
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Bouncy Castle stops at the end of the first armoured block. */
  private static List<byte[]> blocks(byte[] bytes) throws IOException {
    String text = new String(bytes, ISO_8859_1);
    Matcher block = BLOCK.matcher(text);
    List<byte[]> blocks = new ArrayList<>();
    int end = 0;
    while (block.find()) {
      String between = text.substring(end, block.start());
      if (end == 0 ? between.contains(DASHES) : !between.isBlank()) {
        throw new IOException(
            "something else stands before armoured block %d".formatted(blocks.size() + 1));
      }
      blocks.add(block.group().getBytes(ISO_8859_1));
      end = block.end();
    }
    if (!blocks.isEmpty() && !text.substring(end).isBlank()) {
      throw new IOException("something else follows armoured block %d".formatted(blocks.size()));
    }
    return blocks.isEmpty() ? List.of(bytes) : blocks;
  }

  boolean isEmpty() {
    return certificates.isEmpty();
  }

  /** See {@link Keyring#open}. */
  byte[] open(byte[] clearSigned, String what, Instant now) throws IntegrityException {
    ClearSigned message;
    List<PGPSignature> signatures;
    try {
      message = ClearSigned.parse(clearSigned);
      signatures = signatures(message);
    } catch (ClearSigned.FramingException e) {
      throw new IntegrityException(
          what + " is not a clear-signed file: " + e.getMessage(),
          "something between the archive and here changed or replaced it: choose another mirror",
          e);
    }
    List<String> refusals = new ArrayList<>();
    for (PGPSignature signature : signatures) {
      try {
        verify(signature, message, now);
        return message.text();
      } catch (RefusedException e) {
        refusals.add("  by key " + hex(signature.getKeyID()) + ": " + e.getMessage());
      }
    }
    throw new IntegrityException(
        "no signature of %s is believed:\n%s".formatted(what, String.join("\n", refusals)),
        "choose a mirror of the archive whose keys are in the keyring, or name the right keyring"
            + " (this one has SHA-256 "
            + keyring
            + ")");
  }

  private static List<PGPSignature> signatures(ClearSigned message)
      throws ClearSigned.FramingException {
    List<PGPSignature> signatures = new ArrayList<>();
    try {
      BcPGPObjectFactory packets = new BcPGPObjectFactory(message.signatures());
      for (Object packet = packets.nextObject(); packet != null; packet = packets.nextObject()) {
        if (!(packet instanceof PGPSignatureList list)) {
          throw new ClearSigned.FramingException("the signature block holds other packets");
        }
        list.iterator().forEachRemaining(signatures::add);
      }
    } catch (IOException | RuntimeException e) {
      // Bouncy Castle meets malformed packets with unchecked exceptions of several kinds.
      throw new ClearSigned.FramingException("the signature block is malformed: " + e.getMessage());
    }
    if (signatures.isEmpty()) {
      throw new ClearSigned.FramingException("the signature block is empty");
    }
    return signatures;
  }

  /** Why one signature does not count. */
  private static final class RefusedException extends Exception {
    RefusedException(String reason) {
      super(reason);
    }
  }

  /** Returns only when the signature counts. */
  private void verify(PGPSignature signature, ClearSigned message, Instant now)
      throws RefusedException {
    try {
      checkForm(signature, now);
      OpenPGPComponentKey key = signer(signature, now);
      signature.init(new BcPGPContentVerifierBuilderProvider(), key.getPGPPublicKey());
      signature.update(message.canonicalText());
      if (!signature.verify()) {
        throw new RefusedException("the text is not what it signed");
      }
    } catch (PGPException | RuntimeException e) {
      // Bouncy Castle meets malformed values with unchecked exceptions of several kinds.
      throw new RefusedException("it is malformed: " + e.getMessage());
    }
  }

  private static void checkForm(PGPSignature signature, Instant now) throws RefusedException {
    if (signature.getVersion() < 4) {
      throw new RefusedException("its version " + signature.getVersion() + " is obsolete");
    }
    if (signature.getSignatureType() != PGPSignature.CANONICAL_TEXT_DOCUMENT) {
      throw new RefusedException("it is not a text signature");
    }
    if (!STRONG_DIGESTS.contains(signature.getHashAlgorithm())) {
      throw new RefusedException(
          "its digest is weak (algorithm " + signature.getHashAlgorithm() + ")");
    }
    Instant made = signature.getCreationTime().toInstant();
    if (made.isAfter(now.plus(SKEW))) {
      throw new RefusedException("it was made in the future, " + made);
    }
    long seconds = signature.getHashedSubPackets().getSignatureExpirationTime();
    if (seconds > 0 && !now.isBefore(made.plusSeconds(seconds))) {
      throw new RefusedException("it expired " + made.plusSeconds(seconds));
    }
  }

  /** The key in this ring that made the signature, if it may. */
  @SuppressWarnings("JavaUtilDate") // Bouncy Castle asks for it.
  private OpenPGPComponentKey signer(PGPSignature signature, Instant now) throws RefusedException {
    RefusedException refused = new RefusedException("the key is not in the keyring");
    for (OpenPGPCertificate certificate : certificates) {
      for (KeyIdentifier identifier : signature.getKeyIdentifiers()) {
        OpenPGPComponentKey key = certificate.getKey(identifier);
        if (key == null) {
          continue;
        }
        if (!policy.hasNoCriticalUnknownSubpackets(signature)
            || !policy.hasNoCriticalUnknownNotations(signature)) {
          refused = new RefusedException("it has a critical part that nobody here understands");
        } else if (signature.getCreationTime().before(key.getCreationTime())) {
          refused = new RefusedException("it is older than its key");
        } else if (certificate.getSigningKeys(Date.from(now)).contains(key)) {
          return key;
        } else {
          refused =
              new RefusedException(
                  "the key may not sign now: it is expired, revoked, not bound, or too weak");
        }
      }
    }
    throw refused;
  }

  private static String hex(long keyId) {
    return "%016x".formatted(keyId).toUpperCase(Locale.ROOT);
  }
}
