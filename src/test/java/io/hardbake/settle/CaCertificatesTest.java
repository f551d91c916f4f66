package io.hardbake.settle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link MaintainerToolsIT} compares with the real tools. */
class CaCertificatesTest {
  private static final String PEM = ExampleFiles.CERTIFICATE;

  private final FileTree.Builder tree =
      FileTree.builder(Meta.root(0755, 0, Provenance.ofRecipe("test")));
  private final TreeEditor editor = new TreeEditor(tree, 0, Provenance.ofSettle("test"));

  @BeforeEach
  void lay() {
    editor.directory(AbsolutePath.of("/etc/ssl/certs"), 0755, Owner.ROOT);
    editor.write(
        AbsolutePath.of("/var/lib/dpkg/info/ca-certificates.postinst"),
        "cat > /etc/ca-certificates.conf <<EOF\n# Header.\nEOF\n");
  }

  @Test
  void certificatesAreListedLinkedHashedAndBundled() throws IOException {
    editor.write(AbsolutePath.of("/usr/share/ca-certificates/b/Z (1).crt"), PEM);
    editor.write(AbsolutePath.of("/usr/share/ca-certificates/a.crt"), "broken");
    editor.write(AbsolutePath.of("/usr/share/ca-certificates/notes.txt"), "no certificate");
    editor.write(
        AbsolutePath.of("/usr/local/share/ca-certificates/own.crt"), PEM.replace("MII", "!!!"));
    CaCertificates.write(editor, new BodyFacts());

    assertEquals("# Header.\na.crt\nb/Z (1).crt\n", text("/etc/ca-certificates.conf"));
    assertEquals("/usr/share/ca-certificates/a.crt", target("/etc/ssl/certs/a.pem"));
    assertEquals("/usr/share/ca-certificates/b/Z (1).crt", target("/etc/ssl/certs/Z_=1=.pem"));
    assertEquals("Z_=1=.pem", target("/etc/ssl/certs/0981711c.0"));
    assertEquals(
        "broken\n" + PEM + "\n" + PEM.replace("MII", "!!!") + "\n",
        text("/etc/ssl/certs/ca-certificates.crt"));
    assertEquals(5, tree.children(AbsolutePath.of("/etc/ssl/certs")).size());
  }

  @Test
  void oneCertificateTwiceIsHashedOnce() throws IOException {
    editor.write(AbsolutePath.of("/usr/share/ca-certificates/a.crt"), PEM);
    editor.write(AbsolutePath.of("/usr/share/ca-certificates/b.crt"), PEM);
    CaCertificates.write(editor, new BodyFacts());
    assertEquals("a.pem", target("/etc/ssl/certs/0981711c.0"));
    assertEquals(Optional.empty(), tree.get(AbsolutePath.of("/etc/ssl/certs/0981711c.1")));
  }

  /** Whether they come before or after it: what update-ca-certificates removes takes them along. */
  @Test
  void linksToALinkThatIsMadeAnewGo() throws IOException {
    editor.write(AbsolutePath.of("/usr/share/ca-certificates/m.crt"), PEM);
    CaCertificates.write(editor, new BodyFacts());
    for (String own : List.of("a.pem", "z.pem")) {
      editor.link(AbsolutePath.of("/etc/ssl/certs/" + own), "m.pem");
    }
    editor.write(AbsolutePath.of("/srv/kept.pem"), PEM);
    editor.link(AbsolutePath.of("/etc/ssl/certs/kept.pem"), "/srv/kept.pem");
    AbsolutePath touched = AbsolutePath.of("/usr/local/share/ca-certificates/gone.crt");
    assertTrue(CaCertificates.refresh(editor, new BodyFacts(), tree.freeze(), List.of(touched)));
    assertEquals(
        List.of("0981711c.0", "ca-certificates.crt", "kept.pem", "m.pem"),
        tree.children(AbsolutePath.of("/etc/ssl/certs")).keySet().stream()
            .map(AbsolutePath::name)
            .sorted()
            .toList());
  }

  /** The expected order is that of find and sort. */
  @Test
  void linksToDirectoriesAreFollowedButNotInACircle() throws IOException {
    editor.write(AbsolutePath.of("/opt/pki/own.crt"), "own");
    editor.write(AbsolutePath.of("/opt/pki/deep/b.crt"), "b");
    editor.link(AbsolutePath.of("/opt/pki/deep/up"), "..");
    editor.write(AbsolutePath.of("/srv/a.crt"), "a");
    editor.link(AbsolutePath.of("/opt/pki/other"), "/srv");
    editor.link(AbsolutePath.of("/opt/pki/lost.crt"), "nowhere");
    editor.link(AbsolutePath.of("/usr/local/share/ca-certificates"), "/opt/pki");
    CaCertificates.write(editor, new BodyFacts());

    assertEquals("b\na\nown\n", text("/etc/ssl/certs/ca-certificates.crt"));
    String local = "/usr/local/share/ca-certificates/";
    assertEquals(local + "deep/b.crt", target("/etc/ssl/certs/b.pem"));
    assertEquals(local + "other/a.crt", target("/etc/ssl/certs/a.pem"));
    assertEquals(local + "own.crt", target("/etc/ssl/certs/own.pem"));
    assertEquals(4, tree.children(AbsolutePath.of("/etc/ssl/certs")).size());
  }

  @Test
  void damagedCertificatesHaveAHashOrNone() {
    byte[] certificate = Base64.getMimeDecoder().decode(ExampleFiles.CERTIFICATE_BODY);
    assertEquals(Optional.of("0981711c"), SubjectHash.of(certificate));
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = certificate.clone();
      for (int i = 0; i < 3; i++) {
        damaged[random.nextInt(200)] = (byte) random.nextInt();
      }
      assertEquals(8, SubjectHash.of(damaged).orElse("12345678").length());
    }
  }

  /** Subject: O="Caf\xe9Z", CN=x; openssl x509 -subject_hash says 37e64440 for the first three. */
  @Test
  void stringsOfOneByteAreTakenForLatin1() {
    String subject = "301c310e300c060355040a%s05436166e95a310a30080603550403130178";
    for (String tag : List.of("13", "14", "16", "1a")) {
      String certificate = "30293027" + "020101" + "300030003000" + subject.formatted(tag);
      assertEquals(
          Optional.of("37e64440"), SubjectHash.of(HexFormat.of().parseHex(certificate)), tag);
    }
  }

  private String text(String path) throws IOException {
    return tree.file(AbsolutePath.of(path)).orElseThrow().content().text();
  }

  private String target(String path) {
    return ((Entry.Symlink) tree.get(AbsolutePath.of(path)).orElseThrow()).target();
  }
}
