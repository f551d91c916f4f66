package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.attestation.Envelope;
import io.hardbake.attestation.Keys;
import io.hardbake.attestation.Resource;
import io.hardbake.attestation.Statement;
import io.hardbake.attestation.VerificationKey;
import io.hardbake.bake.Baker;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import io.hardbake.progress.RecordingProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a bake says of where its artifacts come from, and signs. */
@Timeout(60)
final class BakeStatementTest {
  @TempDir private Path directory;
  @AutoClose private TestProject project;

  @BeforeEach
  void make() throws Exception {
    project = TestProject.in(directory);
  }

  @Test
  void aStatementNamesTheArtifactAndAllThatWentIn() throws Exception {
    project.template("motd.ftl", "welcome");
    greetByTemplate();
    project.run("bake").succeeded();
    Statement controller = statement("controller");
    Path archive = project.image("controller");
    assertEquals(
        List.of(Resource.of("controller-amd64.oci.tar", Sha256.of(archive))),
        controller.subjects());
    assertEquals(
        List.of(
            "base-files",
            "libshared",
            "web",
            "v1.18.6/kubernetes-server-linux-amd64.tar.gz",
            "images/hardbake.lock",
            "images/base.yaml",
            "images/controller.yaml"),
        controller.materials().stream().map(Resource::name).toList());
    Resource web = controller.materials().get(2);
    assertEquals(
        Optional.of("pkg:deb/debian/web@1.0?arch=amd64&distro=debian-bookworm"), web.uri());
    assertEquals(
        Map.of("sha256", Sha256.of(project.archive().file(TestProject.DEB)).hex()), web.digest());
    assertEquals(
        List.of(
                "base-files",
                "libshared",
                "balancer",
                "images/hardbake.lock",
                "images/base.yaml",
                "images/loadbalancer.yaml",
                "templates/motd.ftl")
            .stream()
            .sorted()
            .toList(),
        statement("loadbalancer").materials().stream().map(Resource::name).sorted().toList());
    for (Resource byproduct : controller.byproducts()) {
      assertEquals(
          Sha256.of(project.target().resolve(byproduct.name())).hex(),
          byproduct.digest().get("sha256"));
    }
    assertEquals(2, controller.byproducts().size());
    // What becomes of one role is not in the statement of another.
    NavigableMap<String, Sha256> before = project.results();
    project.template("motd.ftl", "good bye");
    project.run("bake").succeeded();
    NavigableMap<String, Sha256> after = project.results();
    String name = "images/%s-amd64.oci.tar.intoto.json";
    assertNotEquals(
        before.get(name.formatted("loadbalancer")), after.get(name.formatted("loadbalancer")));
    assertEquals(before.get(name.formatted("controller")), after.get(name.formatted("controller")));
  }

  @Test
  void aKeySignsTheStatementAndNoOldSignatureStays() throws Exception {
    Keys keys = Keys.ed25519(directory);
    project.run("bake", "--sign-key", keys.secret().toString()).succeeded();
    Path plain = project.target().resolve("images/controller-amd64.oci.tar.intoto.json");
    Path signed = plain.resolveSibling(plain.getFileName() + "l");
    byte[] envelope = Files.readAllBytes(signed);
    Envelope parsed = Envelope.parse(envelope, "it");
    assertArrayEquals(Files.readAllBytes(plain), parsed.payload().toArray());
    assertTrue(parsed.isSignedBy(VerificationKey.read(keys.open())));
    project.run("bake", "--sign-key", keys.secret().toString()).succeeded();
    assertArrayEquals(envelope, Files.readAllBytes(signed));
    // Who bakes the same again without the key takes nothing from it.
    project.run("bake").succeeded();
    assertArrayEquals(envelope, Files.readAllBytes(signed));
    project.recipe(
        "controller",
        Files.readString(project.root().resolve("images/controller.yaml"))
            + "files:\n  - {path: /etc/motd, content: hello}\n");
    project.run("bake").succeeded();
    assertFalse(Files.exists(signed));
    Path other = project.target().resolve("images/loadbalancer-amd64.oci.tar.intoto.jsonl");
    assertTrue(Files.exists(other));
    Files.writeString(other, "no envelope");
    project.run("bake").succeeded();
    assertFalse(Files.exists(other));
  }

  /** What people save while the images are packed is for the next bake. */
  @Test
  void theStatementNamesWhatWasBaked() throws Exception {
    Path template = project.template("motd.ftl", "hello");
    greetByTemplate();
    project.run("bake").succeeded();
    NavigableMap<String, Sha256> expected = project.results();
    BakeArguments arguments = new BakeArguments();
    List<String> words = project.arguments("bake");
    CommandLine.populateCommand(arguments, words.subList(1, words.size()).toArray(String[]::new));
    AtomicBoolean edited = new AtomicBoolean();
    Progress editor =
        new RecordingProgress() {
          @Override
          public Task begin(String what, Size total) {
            if (what.equals("attesting")) {
              try {
                Files.move(template, template.resolveSibling("renamed.ftl"));
                project.recipe("loadbalancer", "from: base\ndescription: another\n");
                Files.writeString(project.lock(), "{}");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              edited.set(true);
            }
            return super.begin(what, total);
          }
        };
    Baker.of(arguments.options(), project.environment(), editor).bake();
    assertTrue(edited.get());
    assertEquals(expected, project.results());
  }

  @Test
  void aKeyThatWillNotDoIsSaidBeforeAnyWork() throws Exception {
    project
        .run("bake", "--sign-key", directory.resolve("nowhere").toString())
        .failed(2)
        .says("there is no " + directory.resolve("nowhere"));
    project
        .run("bake", "--sign-key", directory.toString())
        .failed(7)
        .says(directory + " cannot be read");
    Path odd = Files.writeString(directory.resolve("odd"), "no key");
    project.run("bake", "--sign-key", odd.toString()).failed(2).says("no key in PEM form");
    assertEquals(List.of(), project.archive().requests());
    assertFalse(Files.exists(project.target()));
  }

  private Statement statement(String role) throws Exception {
    Path file = project.target().resolve("images/" + role + "-amd64.oci.tar.intoto.json");
    return Statement.parse(Files.readAllBytes(file), file.toString());
  }

  /** Gives the load balancer a file of the template motd.ftl. */
  private void greetByTemplate() throws IOException {
    project.recipe(
        "loadbalancer",
        """
        from: base
        description: balances
        packages: [balancer]
        files:
          - {path: /etc/motd, template: motd.ftl}
        """);
  }
}
