package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.TestCredentials;
import io.hardbake.image.Architecture;
import io.hardbake.kubernetes.KubernetesVersion;
import io.hardbake.template.Templates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The address at which pods call the API has to be in its certificate, whatever the network. */
class ServiceAddressIT {
  private static final String CREDENTIALS = "/usr/lib/hardbake/firstboot.d/credentials";

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "10.32.0.0/24, 10.32.0.1",
    "10.96.0.0/12, 10.96.0.1",
    "172.20.47.255/19, 172.20.32.1",
    "192.168.255.252/30, 192.168.255.253",
    "'10.96.0.0/16,fd00:96::/112', 10.96.0.1",
    "fd00:96::/112, ''",
    "10.96.0.0, ''",
    "10.96.0.0/33, ''",
    "10.096.0.0/16, ''",
  })
  void isTheFirstOfTheNetwork(String network, String address) throws Exception {
    String script = script(network);
    Matcher functions = Pattern.compile("(?ms)^first_address\\(\\) \\($.*?^\\)$").matcher(script);
    assertTrue(functions.find(), script);
    String given = "service_cidr=\"%s\"\n".formatted(network);
    assertTrue(script.contains("\n" + given), script);
    Oracle.Result said =
        Oracle.run("sh", "-euc", given + functions.group() + "\nfirst_address \"$service_cidr\"");
    assertEquals(address, said.succeeded().stdout().strip());
  }

  @Test
  void aCertificateWithoutItIsRefused() throws Exception {
    List<String> names = List.of("controller-0", "127.0.0.1");
    TestCredentials credentials =
        TestCredentials.make(Files.createDirectory(directory.resolve("credentials")), names);
    FirstBootMachine machine = new FirstBootMachine(directory, "controller", "controller-0");
    machine.seed("CONTROLLERS=controller-0=10.240.0.10\n");
    for (Path file : credentials.files()) {
      Files.copy(file, machine.file("/var/lib/hardbake/seed/" + file.getFileName()));
    }
    String usual = machine.text(CREDENTIALS);
    machine.write(CREDENTIALS, script("10.96.0.0/16"));
    Path seed = machine.file("/var/lib/hardbake/seed");
    assertEquals(
        """
        %1$s/kubernetes.pem does not name 10.96.0.1, at which pods call the API
          make it anew with: hardbake credentials --renew --san 10.96.0.1; then put all of them into %1$s
        """
            .formatted(seed),
        machine.pass().refused().stderr());
    assertFalse(Files.exists(machine.file("/var/lib/kubernetes/kubernetes.pem")));

    machine.write(CREDENTIALS, usual);
    machine.pass().succeeded();
  }

  private static String script(String network) throws Exception {
    Role role = RecipeBook.load(Path.of("images")).role("controller");
    Map<String, Object> model =
        new TreeMap<>(role.model(KubernetesVersion.of("v1.18.6"), Architecture.AMD64));
    model.put("serviceCidr", network);
    return Templates.of(Path.of("templates")).render("controller/credentials.ftl", model).text();
  }
}
