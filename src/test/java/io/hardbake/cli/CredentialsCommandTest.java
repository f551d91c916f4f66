package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code hardbake credentials} as a user meets it. */
final class CredentialsCommandTest {
  @TempDir private Path scratch;
  private Path out = Path.of("");

  @BeforeEach
  void nameTheDirectory() {
    out = scratch.resolve("out");
  }

  private record Said(int code, String out, String err) {
    List<JsonNode> json() throws Exception {
      List<JsonNode> events = new ArrayList<>();
      for (String line : out.lines().toList()) {
        events.add(new ObjectMapper().readTree(line));
      }
      return events;
    }
  }

  private Said run(String words) {
    return run(Map.of(), words);
  }

  private Said run(Map<String, String> environment, String words) {
    return run(
        environment, List.of(("credentials --out " + out + " " + words).trim().split(" ", -1)));
  }

  private static Said run(Map<String, String> environment, List<String> words) {
    StringWriter stdout = new StringWriter();
    StringWriter stderr = new StringWriter();
    int code =
        Main.run(
            words.toArray(String[]::new),
            environment,
            new PrintWriter(stdout),
            new PrintWriter(stderr));
    return new Said(code, stdout.toString(), stderr.toString());
  }

  @Test
  void remediesCanBePastedWhateverTheDirectoryIsCalled() throws Exception {
    Path odd = scratch.resolve("my cluster");
    Said absent = run(Map.of(), List.of("credentials", "--show", "--out", odd.toString()));
    assertTrue(absent.err().contains("credentials --out '" + odd + "'"), absent::err);
    run(Map.of(), List.of("credentials", "--key", "ec", "--out", odd.toString()));
    Path key = odd.resolve("ca-key.pem");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    Said open = run(Map.of(), List.of("credentials", "--show", "--out", odd.toString()));
    assertTrue((open.out() + open.err()).contains("chmod 600 '" + key + "'"), open::toString);
  }

  @Test
  void makesShowsRefusesAndRenews() throws Exception {
    Said made = run("--key ec --controller one=10.0.0.1 --load-balancer lb=10.0.0.9");
    assertEquals(0, made.code(), made::err);
    assertTrue(made.out().startsWith("made 17 files in " + out), made::out);

    Said shown = run("--show");
    assertEquals(0, shown.code(), shown::err);
    assertTrue(shown.out().contains("  names    one, 10.0.0.1, lb, 10.0.0.9, 127.0"), shown::out);
    assertTrue(shown.out().contains("(364 days left)"), shown::out);

    byte[] ca = Files.readAllBytes(out.resolve("ca.pem"));
    Said again = run("--key ec");
    assertEquals(Main.USAGE, again.code());
    assertTrue(again.err().contains("ca.pem, ca-key.pem, "), again::err);
    assertTrue(again.err().contains("remedy: "), again::err);

    Said renewed = run("--renew --controller two=10.0.0.2 --san api.example --json");
    assertEquals(0, renewed.code(), renewed::err);
    assertArrayEquals(ca, Files.readAllBytes(out.resolve("ca.pem")));
    JsonNode certificate = run("--show --json").json().get(1);
    assertEquals("kubernetes.pem", certificate.get("file").asText());
    assertTrue(
        certificate.get("names").toString().endsWith("\"two\",\"10.0.0.2\",\"api.example\"]"),
        certificate::toString);

    assertEquals(0, run("--key ec --force -q").code());
    assertFalse(java.util.Arrays.equals(ca, Files.readAllBytes(out.resolve("ca.pem"))));
  }

  /** It speaks of all calls alike; what is typed for this one counts before it. */
  @Test
  void theEnvironmentContradictsNothing() throws Exception {
    Map<String, String> environment =
        Map.of(
            "HARDBAKE_CREDENTIALS_DAYS", "100",
            "HARDBAKE_CREDENTIALS_KEY", "rsa",
            "HARDBAKE_FORCE", "true",
            "HARDBAKE_SAN", "api.example");
    run("--key ec");
    byte[] ca = Files.readAllBytes(out.resolve("ca.pem"));
    JsonNode before = run("--show --json").json().get(1);

    Said shown = run(environment, "--show");
    assertEquals(0, shown.code(), shown::err);
    Said renewed = run(environment, "--renew");
    assertEquals(0, renewed.code(), renewed::err);
    assertArrayEquals(ca, Files.readAllBytes(out.resolve("ca.pem")));
    JsonNode after = run("--show --json").json().get(1);
    assertEquals(before.get("key"), after.get("key"));
    assertTrue(after.get("names").toString().endsWith("\"api.example\"]"), after::toString);
    assertEquals(99, after.get("daysLeft").asInt());

    assertEquals(Main.USAGE, run(environment, "--renew --key ec").code());
    Map<String, String> show = Map.of("HARDBAKE_SHOW", "true");
    assertTrue(run(show, "--renew").out().startsWith("renewed "));
    Said refused = run(show, "--san a");
    assertEquals(Main.USAGE, refused.code());
    assertTrue(refused.err().contains("the environment sets it: HARDBAKE_SHOW"), refused::err);
  }

  @Test
  void showSaysWhatIsWrongWithTheCodeOfTheContract() throws Exception {
    run("--key ec");
    Files.copy(
        out.resolve("kube-scheduler.pem"),
        out.resolve("admin.pem"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Said shown = run("--show --json");
    assertEquals(5, shown.code());
    assertTrue(shown.err().contains("admin-key.pem is not the key of admin.pem"), shown::err);
    JsonNode failure = shown.json().get(shown.json().size() - 1);
    assertEquals("failure", failure.get("event").asText(), failure::toString);
    assertEquals(5, failure.get("exit").asInt());
    JsonNode verdict = shown.json().get(shown.json().size() - 2);
    assertFalse(verdict.get("sound").asBoolean(), verdict::toString);
    assertEquals(1, verdict.get("problems").size());
  }

  @Test
  void showWarnsOfWhatExpiresSoon() {
    run("--key ec --days 20");
    Said shown = run("--show");
    assertEquals(0, shown.code());
    assertTrue(shown.err().startsWith("warning: expires on "), shown::err);
    assertFalse(shown.out().contains("PRIVATE"), "no secret is ever shown");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--show",
        "--renew",
        "--show --renew",
        "--renew --force",
        "--renew --key ec",
        "--show --san a",
        "--controller a_b",
        "--controller a=b",
        "--controller a --controller A",
        "--san 1.2.3.256",
        "--days 0",
        "--days 3651",
        "--days many",
        "--key dsa",
        "--load-balancer controller-0"
      })
  void whatCannotBeIsRefusedBeforeAnythingIsWritten(String words) {
    Said said = run(words);
    assertEquals(Main.USAGE, said.code(), said::out);
    assertTrue(said.err().contains("  remedy: "), said::err);
    assertFalse(Files.exists(out));
  }
}
