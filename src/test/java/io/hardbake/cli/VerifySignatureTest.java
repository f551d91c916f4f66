package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.attestation.Keys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With {@code --key}, what a bake wrote is sound only if somebody who has that key vouches for it.
 */
final class VerifySignatureTest {
  @TempDir private Path directory;
  @AutoClose private TestProject project;

  @BeforeEach
  void bake() throws Exception {
    project = TestProject.in(directory);
    project.run("bake").succeeded();
  }

  @Test
  void aKeyHasToVouchForEachFile() throws Exception {
    Keys keys = Keys.ed25519(directory);
    String key = keys.open().toString();
    String unsigned = project.image("controller").toString();
    project
        .verify("--key", key, unsigned)
        .failed(5)
        .shows("V10 controller-amd64.oci.tar: there is no signed statement that names it");

    project.run("bake", "--sign-key", keys.secret().toString()).succeeded();
    List<String> arguments = new ArrayList<>(List.of("verify", "--key", key));
    project.outputs().forEach(file -> arguments.add(file.toString()));
    arguments.add(project.lock().toString());
    TestProject.Outcome outcome = project.runAsIs(arguments).succeeded();
    for (String line : outcome.out().lines().toList()) {
      String name = line.substring(line.lastIndexOf('/') + 1, line.indexOf(':'));
      boolean named = !List.of("bake.json", "controller.json", "hardbake.lock").contains(name);
      assertEquals(named, line.contains(", signature"), line);
      assertEquals(!named, line.contains("not checked: who made it"), line);
    }
    project.verify(unsigned).succeeded().shows("not checked: the signature: see --key");
  }

  /** Somebody else may vouch for the same in another line, with what hardbake does not know. */
  @Test
  void anyOfSeveralEnvelopesCounts() throws Exception {
    List<Keys> all =
        List.of(
            Keys.ed25519(Files.createDirectory(directory.resolve("one"))),
            Keys.ec(Files.createDirectory(directory.resolve("two")), "secp256r1"),
            Keys.rsa(Files.createDirectory(directory.resolve("three")), 2048));
    Path signed =
        project
            .image("controller")
            .resolveSibling(project.image("controller").getFileName() + ".intoto.jsonl");
    for (Keys each : all) {
      project.run("bake", "--sign-key", each.secret().toString()).succeeded();
      Files.writeString(
          signed, Files.readString(signed).replace("{\"sig\"", "{\"keyid\":\"k\",\"sig\""));
    }
    List<String> lines = Files.readAllLines(signed);
    assertEquals(all.size(), lines.size());
    // Whoever has signed does not do so again, and who does not sign takes nothing away.
    for (Keys each : all) {
      project
          .verify("--key", each.open().toString(), project.image("controller").toString())
          .succeeded();
      project.run("bake", "--sign-key", each.secret().toString()).succeeded();
      assertEquals(lines, Files.readAllLines(signed));
    }
    project.run("bake").succeeded();
    assertEquals(lines, Files.readAllLines(signed));
    // One that stands alone may be written over several lines; what is about another goes.
    String other = lines.get(1).replace("\"payload\":\"", "\"payload\":\"AAAA");
    Files.writeString(signed, lines.get(0) + "\n" + other + "\n");
    project.run("bake", "--sign-key", all.get(0).secret().toString()).succeeded();
    assertEquals(lines.subList(0, 1), Files.readAllLines(signed));
    Files.writeString(signed, lines.get(0).replace(",", ",\n"));
    project.run("bake", "--sign-key", all.get(1).secret().toString()).succeeded();
    assertEquals(2, Files.readAllLines(signed).size());
    project
        .verify("--key", all.get(0).open().toString(), project.image("controller").toString())
        .succeeded();
  }

  /** Whoever changes a file changes its records too; the signature is what is left. */
  @Test
  void whoeverLacksTheKeyIsFound() throws Exception {
    Keys keys = Keys.ed25519(directory);
    String key = keys.open().toString();
    project.run("bake", "--sign-key", keys.secret().toString()).succeeded();
    Path signed =
        project
            .image("controller")
            .resolveSibling(project.image("controller").getFileName() + ".intoto.jsonl");
    Path manifest = project.target().resolve("manifests/controller-amd64.txt");
    byte[] envelope = Files.readAllBytes(signed);

    Keys others = Keys.ed25519(Files.createDirectory(directory.resolve("others")));
    project
        .verify("--key", others.open().toString(), project.image("controller").toString())
        .failed(5)
        .shows("V10 controller-amd64.oci.tar: controller-amd64.oci.tar.intoto.jsonl is not signed");

    project.recipe(
        "controller",
        "from: base\ndescription: serves\nkubernetes: {binaries: [kubectl]}\npackages: [web]\n");
    project.run("bake", "--sign-key", others.secret().toString()).succeeded();
    for (Path file : List.of(project.image("controller"), signed, manifest)) {
      project.verify(file.toString()).succeeded();
      project.verify("--key", key, file.toString()).failed(5).shows("V10 " + file.getFileName());
    }
    // An honest signature of another file.
    Files.write(signed, envelope);
    project
        .verify("--key", key, project.image("controller").toString())
        .failed(5)
        .shows("V08 controller-amd64.oci.tar");
    project.verify("--key", key, signed.toString()).failed(5).shows("V08 controller-amd64.oci.tar");
  }
}
