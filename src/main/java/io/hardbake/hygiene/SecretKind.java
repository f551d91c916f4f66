package io.hardbake.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a secret looks like. Programs and manuals hold the words that begin one, but nothing behind
 * them that could be one. Keys in DER and in programs' own binary forms are not found.
 */
enum SecretKind {
  /**
   * PEM (RFC 7468) of PKCS#8, PKCS#1, SEC 1 and OpenSSH, and OpenPGP's armour (RFC 9580, 6.2). In
   * JSON and in Go source a line ends with a backslash and an n.
   */
  PEM(
      Rule.H05,
      "a private key",
      "-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\s|\\\\[rn]){0,20}"
          + "(?:[A-Za-z-]+: [^\\n]{0,200}\\n){0,10}\\s{0,20}"
          + "([A-Za-z0-9+/]{32}[A-Za-z0-9+/=\\\\\\s]{0,16000}+)",
      "PRIVATE KEY"),
  PUTTY(
      Rule.H05,
      "a private key of PuTTY",
      "PuTTY-User-Key-File-[0-9]: [^\\n]+\\n(?s:.{0,4000}?)Private-Lines: [0-9]+\\s+([A-Za-z0-9+/]{20,80})",
      "PuTTY-User-Key-File-"),
  KUBECONFIG(
      Rule.H05,
      "a private key of a kubeconfig",
      "client-key-data" + Is.VALUE + "([A-Za-z0-9+/]{20,16000})",
      "client-key-data"),
  ENCRYPTION(
      Rule.H05,
      "a key of an encryption configuration",
      "secret" + Is.VALUE + "([A-Za-z0-9+/]{20,1000})",
      Is.behind("secret")),
  /** A JSON web token (RFC 7519): its header begins with one of these names. */
  JWT(
      Rule.H06,
      "a JSON web token",
      "(eyJ[A-Za-z0-9_-]{8,4000}\\.eyJ[A-Za-z0-9_-]{8,8000}\\.[A-Za-z0-9_-]{8,2000})",
      "eyJhbGciOi",
      "eyJ0eXAiOi",
      "eyJraWQiOi"),
  /** The forms of Kubernetes: a bootstrap token, or what a user of a kubeconfig has. */
  TOKEN(
      Rule.H06,
      "a token of Kubernetes",
      "token" + Is.VALUE + "([a-z0-9]{6}\\.[a-z0-9]{16}|[A-Za-z0-9_.+/=-]{32,4000})(?=[\"'\\s]|$)",
      Is.behind("token")),
  BOOTSTRAP(
      Rule.H06,
      "a secret of a bootstrap token",
      "token-secret" + Is.VALUE + "([A-Za-z0-9+/=]{16,64})",
      "token-secret"),
  CLOUD(
      Rule.H06,
      "a login at a cloud",
      "aws_secret_access_key *= *([A-Za-z0-9/+]{40})",
      "aws_secret_access_key"),
  PASSWORD(
      Rule.H08,
      "a password of a kubeconfig",
      "password" + Is.VALUE + "([^\\s\"'{}]{1,200})",
      Is.behind("password"));

  /** The line that makes a kubeconfig of a document. */
  static final Pattern KUBECONFIG_KIND =
      Pattern.compile("(?m)^ *[\"']?kind" + Is.VALUE + "Config[\"']?,?[ \\t\\x0b\\f]*$");

  /** How YAML and JSON have a value behind a key: either of them quoted, or both. */
  private static final class Is {
    private static final String VALUE = "[\"']?[ \\t]{0,20}:[ \\t]{0,20}[\"']?";

    private Is() {}

    /** The key with what may come directly behind it. */
    private static String[] behind(String key) {
      return new String[] {key + ":", key + " :", key + "\t:", key + "\"", key + "'"};
    }
  }

  private final Rule rule;
  private final String noun;
  private final Pattern pattern;

  @SuppressWarnings("ImmutableEnumChecker") // nobody changes them
  private final List<byte[]> words;

  SecretKind(Rule rule, String noun, String pattern, String... words) {
    this.rule = rule;
    this.noun = noun;
    this.pattern = Pattern.compile(pattern);
    this.words = Arrays.stream(words).map(word -> word.getBytes(ISO_8859_1)).toList();
  }

  Rule rule() {
    return rule;
  }

  String noun() {
    return noun;
  }

  /** Its first group is the secret itself. */
  Pattern pattern() {
    return pattern;
  }

  List<byte[]> words() {
    return words;
  }

  /** How far before its word an expression can begin. */
  int lead() {
    return this == PEM ? 60 : 0;
  }

  /** Whether it is a secret only where {@link #KUBECONFIG_KIND} is near. */
  boolean isOfKubeconfig() {
    return this == PASSWORD;
  }

  boolean hasWordAt(byte[] bytes, int at, int end) {
    for (byte[] word : words) {
      if (at + word.length <= end
          && Arrays.equals(bytes, at, at + word.length, word, 0, word.length)) {
        return true;
      }
    }
    return false;
  }

  static int shortestWord() {
    return Arrays.stream(values())
        .flatMap(kind -> kind.words.stream())
        .mapToInt(word -> word.length)
        .min()
        .orElseThrow();
  }
}
