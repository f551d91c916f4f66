package io.hardbake.settle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.DirectoryTree;
import io.hardbake.tree.Entry;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The certificate store and PAM's common files in a real Debian tree, where maintainer scripts ran,
 * against ours: as installed, and after the tools ran once more over things made up here.
 */
class MaintainerToolsIT {
  private static final AbsolutePath CERTIFICATES = AbsolutePath.of("/etc/ssl/certs");
  private static final AbsolutePath CERTIFICATES_CONF =
      AbsolutePath.of("/etc/ca-certificates.conf");
  private static final AbsolutePath PAM = AbsolutePath.of("/etc/pam.d");
  private static final AbsolutePath PAM_STATE = AbsolutePath.of("/var/lib/pam");

  private static final Path WORK = Path.of("target", "maintainer-tools").toAbsolutePath();
  private static final Path INSTALLED = WORK.resolve("tree");

  @BeforeAll
  static void install() throws IOException {
    Oracle.require("mmdebstrap", "chroot", "openssl");
    Oracle.requireRoot();
    remove(); // what a killed run left
    Files.createDirectories(WORK);
    Oracle.run(
            "mmdebstrap",
            "--variant=essential",
            "--include=ca-certificates,libpam-systemd,libpam-modules",
            "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
            "bookworm",
            INSTALLED.toString())
        .succeeded();
  }

  @AfterAll
  static void remove() {
    Oracle.run("rm", "-rf", "--one-file-system", WORK.toString()).succeeded();
  }

  @Test
  void theShippedStoreIsWhatUpdateCaCertificatesMade() throws IOException {
    Map<String, String> real = store(DirectoryTree.read(INSTALLED));
    assertTrue(real.size() > 200, "only " + real.size());
    assertEquals(real, store(ourStore(INSTALLED)));
  }

  @Test
  void aStoreWithOddCertificatesIsWhatUpdateCaCertificatesMakes() throws IOException {
    Path tree = copy("certificates");
    makeOddCertificates(tree.resolve("usr/local/share/ca-certificates"));
    Oracle.run("chroot", tree.toString(), "update-ca-certificates", "--fresh").succeeded();
    Map<String, String> real = store(DirectoryTree.read(tree));
    assertTrue(real.containsKey("/etc/ssl/certs/odd=one=_two__three.pem"), real.toString());
    assertEquals(real, store(ourStore(tree)));

    // Negative control: with one certificate less it is another store.
    Files.delete(tree.resolve("usr/local/share/ca-certificates/sub/teletex.crt"));
    assertNotEquals(real, store(ourStore(tree)));
  }

  private static void makeOddCertificates(Path local) throws IOException {
    Files.createDirectories(local.resolve("sub"));
    certificate(local.resolve("same-1.crt"), "/O=Same/CN=One", "utf8only");
    certificate(local.resolve("same-2.crt"), "/O=SAME/CN= one ", "utf8only");
    certificate(local.resolve("odd(one),two, three.crt"), "/CN=\u00c4rger  und \u00c9", "utf8only");
    certificate(local.resolve("sub/teletex.crt"), "/C=DE/CN=\u00c4rger", "default");
    certificate(local.resolve("sub/bmp.crt"), "/CN=\u0416 Zh", "pkix");
    certificate(local.resolve("multi.crt"), "/CN=b+OU=a+O=" + "long ".repeat(12), "utf8only");
    // One certificate twice, one file with two, one without its last newline, and an empty one.
    Files.copy(local.resolve("same-1.crt"), local.resolve("sub/same-0.crt"));
    String two =
        Files.readString(local.resolve("same-1.crt"))
            + Files.readString(local.resolve("multi.crt"));
    Files.writeString(local.resolve("two.crt"), two);
    String cut = Files.readString(local.resolve("sub/bmp.crt")).stripTrailing();
    Files.writeString(local.resolve("sub/bmp.crt"), cut);
    Files.writeString(local.resolve("not-a.cert"), "ignored");
  }

  private static void certificate(Path file, String subject, String mask) throws IOException {
    Path conf = Files.createTempFile("openssl", ".cnf");
    Files.writeString(
        conf, "[req]\ndistinguished_name=dn\nstring_mask=" + mask + "\nutf8=yes\n[dn]\n");
    List<String> command =
        new ArrayList<>(List.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"));
    command.addAll(List.of("ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null"));
    command.addAll(List.of("-days", "3650", "-utf8", "-multivalue-rdn", "-config"));
    command.addAll(List.of(conf.toString(), "-subj", subject, "-out", file.toString()));
    Oracle.run(command).succeeded();
    Files.delete(conf);
  }

  @Test
  void twoProfilesAsTheirPackagesBroughtThem() throws IOException {
    Map<String, String> real = pam(DirectoryTree.read(INSTALLED));
    assertTrue(real.containsKey("/etc/pam.d/common-session"), real.toString());
    assertEquals(real, pam(ourPam(INSTALLED)));
  }

  @Test
  void oneProfile() throws IOException {
    Path tree = copy("one-profile");
    Files.delete(tree.resolve("usr/share/pam-configs/systemd"));
    assertPamAsThere(tree);
  }

  @Test
  void manyProfiles() throws IOException {
    Path tree = copy("many-profiles");
    Path profiles = tree.resolve("usr/share/pam-configs");
    Files.writeString(
        profiles.resolve("directory"),
        """
        Name: Made-up directory
        Default: yes
        Priority: 300
        Auth-Type: Primary
        Auth-Initial:
        \t[success=end default=ignore]\tpam_first.so  minimum_uid=1000
        \t[success=end   user_unknown=ignore default=die]\tpam_second.so
        Auth:
        \t[success=end default=ignore]\tpam_first.so minimum_uid=1000 try_first_pass
        Account-Type: Additional
        Account:
        \t[success=end default=1]\tpam_access.so a  b
        \trequired pam_third.so
        Password-Type: Primary
        Password-Initial:
        \trequisite\tpam_quality.so retry=3
        Password:
        \trequisite\tpam_quality.so
        Session-Type: Primary
        Session-Final:
        \t[success=end default=ignore] pam_session.so
        """);
    Files.writeString(
        profiles.resolve("zz-same-priority"),
        """
        Name: Of the same priority as unix, and only for people
        Default: yes
        Priority: 256
        Conflicts: loser, other
        Session-Interactive-Only: yes
        Session-Type: Additional
        Session:
        \toptional\tpam_lastlog.so  silent\s\s
        Auth-Type: Additional
        Auth:
        \toptional\tpam_cap.so
        """);
    String lost =
        """
        Name: Loses, or has a module that is gone
        Default: yes
        Priority: 100
        Auth-Type: Primary
        Auth:
        \trequired\tpam_lost.so
        """;
    Files.writeString(profiles.resolve("loser"), lost);
    Files.writeString(profiles.resolve("gone"), lost.replace("pam_lost", "pam_tally2"));
    Files.writeString(profiles.resolve("backup~"), "Name: Backup\nDefault: yes\nPriority: 1\n");
    assertPamAsThere(tree);

    // Negative control: another priority is another stack.
    Map<String, String> before = pam(ourPam(tree));
    Path directory = profiles.resolve("directory");
    Files.writeString(
        directory, Files.readString(directory).replace("Priority: 300", "Priority: 3"));
    assertNotEquals(before, pam(ourPam(tree)));
  }

  /** Removes what was configured, so that pam-auth-update begins as on a fresh installation. */
  private static void assertPamAsThere(Path tree) throws IOException {
    String script =
        "rm -f /etc/pam.d/common-* /var/lib/pam/*; echo PURGE | debconf-communicate libpam-runtime"
            + " >/dev/null; DEBIAN_FRONTEND=noninteractive pam-auth-update --package --force";
    Oracle.run("chroot", tree.toString(), "sh", "-c", script).succeeded();
    assertEquals(pam(DirectoryTree.read(tree)), pam(ourPam(tree)));
  }

  private static Path copy(String name) {
    Path copy = INSTALLED.resolveSibling(name);
    Oracle.run("cp", "-a", INSTALLED.toString(), copy.toString()).succeeded();
    return copy;
  }

  private static FileTree.Builder ourStore(Path root) throws IOException {
    FileTree.Builder tree = DirectoryTree.read(root);
    tree.remove(CERTIFICATES_CONF);
    tree.children(CERTIFICATES).keySet().forEach(tree::remove);
    CaCertificates.write(new TreeEditor(tree, 0, Provenance.ofSettle("ca")), new BodyFacts());
    return tree;
  }

  private static FileTree.Builder ourPam(Path root) throws IOException {
    FileTree.Builder tree = DirectoryTree.read(root);
    tree.children(PAM_STATE).keySet().forEach(tree::remove);
    tree.children(PAM).keySet().stream()
        .filter(path -> path.name().startsWith("common-"))
        .forEach(tree::remove);
    PamConfiguration.write(new TreeEditor(tree, 0, Provenance.ofSettle("pam")));
    return tree;
  }

  private static Map<String, String> store(FileTree.Builder tree) throws IOException {
    return describe(tree, path -> path.isBelow(CERTIFICATES) || path.equals(CERTIFICATES_CONF));
  }

  private static Map<String, String> pam(FileTree.Builder tree) throws IOException {
    return describe(
        tree,
        path ->
            path.isBelow(PAM_STATE) || (path.isBelow(PAM) && path.name().startsWith("common-")));
  }

  private static Map<String, String> describe(FileTree.Builder tree, Predicate<AbsolutePath> wanted)
      throws IOException {
    Map<String, String> described = new TreeMap<>();
    for (Map.Entry<AbsolutePath, Entry> e : tree.entries().entrySet()) {
      if (wanted.test(e.getKey())) {
        Entry entry = e.getValue();
        String mode = Integer.toOctalString(entry.meta().mode()) + " ";
        String body =
            entry instanceof Entry.RegularFile file
                ? mode + file.content().text()
                : entry instanceof Entry.Symlink link ? "-> " + link.target() : mode;
        described.put(e.getKey().value(), body);
      }
    }
    return described;
  }
}
