package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * For v1.18.6 and with the machine's values filled in, our files say what the tutorial's say, line
 * for line and flag for flag. What differs on purpose stands in {@code tutorial-differences.txt}
 * with its reason; anything else, and a difference that is none any more, fails.
 */
class TutorialTest {
  private static final Path DIFFERENCES =
      Path.of("src/test/resources/io/hardbake/recipe/tutorial-differences.txt");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

  /** The values of the first of three controllers, as {@code /usr/lib/hardbake/node} works out. */
  private static final Map<String, String> VALUES =
      Map.of(
          "INTERNAL_IP", "10.240.0.10",
          "APISERVER_COUNT", "3",
          "ETCD_SERVERS",
              "https://controller-0:2379,https://controller-1:2379,https://controller-2:2379");

  @ParameterizedTest
  @CsvSource({
    "controller, tee /etc/systemd/system/kube-apiserver.service,"
        + " /etc/systemd/system/kube-apiserver.service",
    "controller, tee /etc/systemd/system/kube-controller-manager.service,"
        + " /etc/systemd/system/kube-controller-manager.service",
    "controller, tee /etc/systemd/system/kube-scheduler.service,"
        + " /etc/systemd/system/kube-scheduler.service",
    "controller, tee /etc/kubernetes/config/kube-scheduler.yaml,"
        + " /etc/kubernetes/config/kube-scheduler.yaml",
    "controller, kubectl apply, /etc/kubernetes/rbac/kube-apiserver-to-kubelet.yaml",
    "controller, cat > kubernetes.default.svc.cluster.local,"
        + " /etc/nginx/sites-available/kubernetes.default.svc.cluster.local"
  })
  void saysWhatTheTutorialSays(String role, String command, String path) throws Exception {
    compare(path, command, filledIn(RenderedRole.of(role, "v1.18.6").file(path)));
  }

  /**
   * Fails unless a file says what the tutorial's command writes, the listed differences aside.
   *
   * @param text the file as it is on a machine
   */
  static void compare(String path, String command, String text) throws Exception {
    List<String> theirs = statements(Tutorial.file(command));
    List<String> ours = statements(text);
    List<String> differences = differences().getOrDefault(path, List.of());

    assertEquals(differences, difference(theirs, ours));
    assertEquals(without(theirs, ours), without(ours, theirs), "the order is another");
  }

  @Test
  void everyDifferenceBelongsToAFileAndHasAReason() throws Exception {
    for (String path : differences().keySet()) {
      String role = path.contains("haproxy") ? "loadbalancer" : "controller";
      assertFalse(RenderedRole.of(role, "v1.18.6").file(path).isEmpty());
    }
  }

  /** The comparison can fail: a changed value, a dropped flag, an added one. */
  @Test
  void noticesWhatIsWrong() throws Exception {
    String path = "/etc/systemd/system/kube-apiserver.service";
    String ours = filledIn(RenderedRole.of("controller", "v1.18.6").file(path));
    List<String> theirs = statements(Tutorial.file("tee " + path));
    List<String> listed = differences().getOrDefault(path, List.of());

    for (String wrong :
        List.of(
            ours.replace("--event-ttl=1h", "--event-ttl=2h"),
            ours.replace("  --allow-privileged=true \\\n", ""),
            ours.replace("  --v=2\n", "  --v=2 \\\n  --profiling=false\n"),
            ours.replace("RestartSec=5", "RestartSec=6"))) {
      assertFalse(wrong.equals(ours));
      assertFalse(difference(theirs, statements(wrong)).equals(listed));
    }
  }

  @Test
  void laterVersionsGetTheFlagsThatTheyNeed() throws Exception {
    RenderedRole controller = RenderedRole.of("controller", "v1.20.2");
    String unit = controller.file("/etc/systemd/system/kube-apiserver.service");
    assertTrue(unit.contains("--service-account-issuer=https://kubernetes.default.svc"));
    assertTrue(
        unit.contains(
            "--service-account-signing-key-file=/var/lib/kubernetes/service-account-key.pem"));
    assertFalse(unit.contains("--kubelet-https"));
    assertTrue(
        controller
            .file("/etc/kubernetes/config/kube-scheduler.yaml")
            .startsWith("apiVersion: kubescheduler.config.k8s.io/v1beta1\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "v1.18.6, v1alpha1, v1beta1",
    "v1.19.0, v1beta1, v1beta1",
    "v1.20.2, v1beta1, v1beta1",
    "v1.21.14, v1beta1, v1beta1",
    "v1.22.0, v1beta1, v1",
    "v1.23.0, v1beta3, v1",
    "v1.25.0, v1, v1"
  })
  void eachVersionGetsApisThatItServes(String version, String scheduler, String rbac)
      throws Exception {
    RenderedRole controller = RenderedRole.of("controller", version);
    assertTrue(
        controller
            .file("/etc/kubernetes/config/kube-scheduler.yaml")
            .startsWith("apiVersion: kubescheduler.config.k8s.io/" + scheduler + "\n"));
    assertTrue(
        controller
            .file("/etc/kubernetes/rbac/kube-apiserver-to-kubelet.yaml")
            .startsWith("apiVersion: rbac.authorization.k8s.io/" + rbac + "\n"));
  }

  /** What the file's reader makes of it: one statement a line, the flags of a command line each. */
  private static List<String> statements(String text) {
    List<String> statements = new ArrayList<>();
    for (String line : text.replace("\\\n", "\n").lines().toList()) {
      String statement = line.strip().replace("'", "");
      if (!statement.isEmpty()) {
        statements.add(statement.replaceAll("\\s+", " "));
      }
    }
    return statements;
  }

  /** As systemd would fill it in at boot. */
  private static String filledIn(String text) {
    return VARIABLE.matcher(text).replaceAll(v -> VALUES.getOrDefault(v.group(1), "?"));
  }

  /** {@code - statement} of the tutorial alone, then {@code + statement} of ours alone. */
  private static List<String> difference(List<String> theirs, List<String> ours) {
    List<String> difference = new ArrayList<>();
    subtract(theirs, ours).forEach(statement -> difference.add("- " + statement));
    subtract(ours, theirs).forEach(statement -> difference.add("+ " + statement));
    return difference.stream().sorted().toList();
  }

  /** The statements of {@code list} that {@code other} has too, in order. */
  private static List<String> without(List<String> list, List<String> other) {
    List<String> common = new ArrayList<>(list);
    subtract(list, other).forEach(common::remove);
    return common;
  }

  private static List<String> subtract(List<String> list, List<String> other) {
    List<String> left = new ArrayList<>(list);
    other.forEach(left::remove);
    return left;
  }

  /** By path, sorted; each group of differences must be followed by its indented reason. */
  private static Map<String, List<String>> differences() throws Exception {
    Map<String, List<String>> byPath = new LinkedHashMap<>();
    String path = "";
    boolean reasoned = true;
    for (String line : Files.readAllLines(DIFFERENCES)) {
      if (line.startsWith("/")) {
        assertTrue(reasoned, "no reason before " + line);
        path = line;
        byPath.put(path, new ArrayList<>());
      } else if (line.startsWith("+ ") || line.startsWith("- ")) {
        byPath.getOrDefault(path, new ArrayList<>()).add(line);
        reasoned = false;
      } else if (line.startsWith("    ")) {
        reasoned = true;
      } else {
        assertTrue(line.isEmpty() || line.startsWith("#"), "what is this? " + line);
        assertTrue(reasoned, "a difference without a reason in " + path);
      }
    }
    assertTrue(reasoned, "a difference without a reason in " + path);
    byPath.replaceAll((p, lines) -> lines.stream().sorted().toList());
    return byPath;
  }
}
