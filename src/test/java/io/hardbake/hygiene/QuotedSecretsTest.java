package io.hardbake.hygiene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.tree.Content;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** YAML and JSON quote and space what they please; a secret is one all the same. */
final class QuotedSecretsTest {
  private static final String KEY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC";
  private static final String BOOTSTRAP = "07401b.f395accd246ae52d";

  private static Set<SecretScanner.Sighting> scan(String text) throws Exception {
    return new SecretScanner().scan(Content.of(text));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "ENCRYPTION, secret, " + KEY,
        "KUBECONFIG, client-key-data, " + KEY,
        "TOKEN, token, " + BOOTSTRAP,
        "TOKEN, token, " + KEY,
        "BOOTSTRAP, token-secret, Zjk1MTRmZDEyMw==",
        "PASSWORD, password, hunter2"
      })
  void eachFormIsFoundAndIsTheSameSecret(String kind, String key, String value) throws Exception {
    String head = kind.equals("PASSWORD") ? "kind: 'Config'\n" : "";
    Set<SecretScanner.Sighting> plain = scan(head + "  " + key + ": " + value + "\n");
    assertTrue(
        plain.stream().anyMatch(each -> each.kind() == SecretKind.valueOf(kind)), plain::toString);
    for (String form :
        new String[] {
          "%s: '%s'",
          "%s: \"%s\"",
          "%s : %s",
          "'%s': '%s'",
          "\"%s\":\"%s\"",
          "\"%s\" : \"%s\"",
          "{\"%s\"\t:  \"%s\"}",
          "%s:  '%s'"
        }) {
      assertEquals(plain, scan(head + "  " + form.formatted(key, value) + "\n"), form);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret: ''\ntoken: ''\ntoken-secret: \"\"\nclient-key-data: ''\n",
        "kind: Config\npassword: ''\n",
        "kind: Config\npassword: \"\"\n",
        "kind: Config\nusers:\n- user:\n    password:\n  name: admin\n",
        "kind: Secret\npassword: 'hunter2'\n",
        "the 'secret' of a \"token\" is its password'",
        "token: '<token>'\n",
      })
  void wordsAloneAreNone(String text) throws Exception {
    assertEquals(Set.of(), scan(text));
  }

  /** It took 20 s a megabyte to look around each word. */
  @Test
  @Timeout(20)
  void manyWordsCostLittle() throws Exception {
    String words = "password: x\n".repeat(350_000);
    assertEquals(Set.of(), scan(words));
    assertEquals(1, scan("kind: Config\n" + words).size());
    assertEquals(2, scan(words + "kind: Config\npassword: y\n").size());
    assertEquals(Set.of(), scan("kind: Config\n" + "\n".repeat(20_000) + words));
  }
}
