package io.hardbake.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What kube-apiserver's --encryption-provider-config reads: Secrets are encrypted in etcd. */
final class EncryptionConfig {
  /** AES-256. */
  private static final int KEY_BYTES = 32;

  private static final Pattern SECRET = Pattern.compile("(?m)^ +secret: *(\\S+) *$");

  private EncryptionConfig() {}

  /** A configuration with a fresh key. */
  static byte[] write(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return """
        kind: EncryptionConfig
        apiVersion: v1
        resources:
          - resources:
              - secrets
            providers:
              - aescbc:
                  keys:
                    - name: key1
                      secret: %s
              - identity: {}
        """
        .formatted(Base64.getEncoder().encodeToString(key))
        .getBytes(UTF_8);
  }

  /** Whether there is a key in it, and each is one that AES takes. */
  static boolean isUsable(byte[] text) {
    Matcher matcher = SECRET.matcher(new String(text, UTF_8));
    boolean found = false;
    while (matcher.find()) {
      found = true;
      try {
        int length = Base64.getDecoder().decode(matcher.group(1)).length;
        if (length != 16 && length != 24 && length != KEY_BYTES) {
          return false;
        }
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return found;
  }
}
