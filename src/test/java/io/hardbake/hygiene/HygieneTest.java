package io.hardbake.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.RecipeException;
import io.hardbake.image.Finding;
import io.hardbake.image.Manifest;
import io.hardbake.io.Bytes;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule is broken, and found exactly where it is. */
final class HygieneTest {
  private static final Provenance PACKAGE = Provenance.ofPackage("tool", "1.0");
  private static final Meta META = Meta.root(0644, 0, PACKAGE);
  private static final String BASE64 = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
  private static final String VAGRANT =
      "ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niNltGEFHzD8+v1I2YJ6oXevct1YeS0o9HZyN1Q9qgCgzUFtdOKLv6IedplqoPkcmF0aYet2PkEDo3MlTBckFXPITAMzF8dJSIFo9D8HfdOV0IAdx4O7PtixWKn5y2hMNG0zQPyUecp4pzC6kivAIhyfHilFR61RGL+GPXQ2MWZWFYbAGjyiYJnAmCP3NOTd0jMZEnDkbUvxhMmBYSdETk1rRgm+R4LOzFUGaHqHDLKLX+FIPKcF96hrucXzcWyLbIbEgE98OHlnVYCzRdK8jlqm8tehUc9c9WhQ== vagrant insecure public key\n";

  /** Breaks one rule at one place. */
  private record Case(Rule rule, String where, Consumer<FileTree.Builder> change) {}

  private static Case file(Rule rule, String path, String content) {
    return new Case(rule, path, tree -> put(tree, path, content));
  }

  private static Case line(Rule rule, String path, String line) {
    return new Case(rule, path, tree -> put(tree, path, text(tree, path) + line + "\n"));
  }

  private static Case meta(Rule rule, String path, Meta meta) {
    return new Case(
        rule, path, tree -> tree.putExact(AbsolutePath.of(path), entry(tree, path).withMeta(meta)));
  }

  private static final List<Case> CASES =
      List.of(
          file(Rule.H01, "/etc/machine-id", "0123456789abcdef0123456789abcdef\n"),
          file(Rule.H01, "/var/lib/dbus/machine-id", "0123456789abcdef0123456789abcdef\n"),
          file(Rule.H02, "/etc/ssh/ssh_host_ed25519_key", "key"),
          file(Rule.H02, "/etc/ssh/ssh_host_ed25519_key.pub", "ssh-ed25519 AAAA"),
          file(Rule.H03, "/var/lib/systemd/random-seed", "x".repeat(32)),
          file(Rule.H04, "/var/lib/systemd/credential.secret", "secret"),
          file(Rule.H04, "/etc/credstore/deep/one", "secret"),
          file(Rule.H05, "/srv/pkcs8", "-----BEGIN PRIVATE KEY-----\n" + BASE64),
          file(Rule.H05, "/srv/openssh", "-----BEGIN OPENSSH PRIVATE KEY-----\r\n" + BASE64),
          file(
              Rule.H05,
              "/srv/pkcs1",
              "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n" + BASE64),
          file(Rule.H05, "/srv/json", "{\"k\": \"-----BEGIN EC PRIVATE KEY-----\\n" + BASE64),
          file(Rule.H05, "/srv/oneline", "-----BEGIN EC PRIVATE KEY-----" + BASE64),
          // As long as RSA keys of 16384 bits are.
          file(
              Rule.H05, "/srv/long", "-----BEGIN PRIVATE KEY-----\n" + (BASE64 + "\n").repeat(230)),
          file(
              Rule.H05,
              "/srv/openpgp",
              "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n" + BASE64),
          file(
              Rule.H05,
              "/srv/key.ppk",
              "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n" + BASE64),
          file(Rule.H05, "/srv/kubeconfig", "    client-key-data: " + BASE64 + "\n"),
          file(Rule.H05, "/srv/encryption", "    - name: key1\n      secret: " + BASE64 + "\n"),
          new Case(Rule.H05, "/srv/key.gz", tree -> put(tree, "/srv/key.gz", gzip(key()))),
          new Case(Rule.H05, "/srv/far", tree -> put(tree, "/srv/far", farAway(key()))),
          file(Rule.H05, "/root/.ssh/id_ed25519", "anything"),
          file(
              Rule.H06,
              "/var/run.jwt",
              "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJlLWJ5dGVz"),
          file(Rule.H06, "/srv/user", "- user:\n    token: abcdef.0123456789abcdef\n"),
          file(Rule.H06, "/srv/bootstrap", "  token-secret: 0123456789abcdef\n"),
          file(Rule.H06, "/srv/aws", "aws_secret_access_key = " + "w".repeat(40) + "\n"),
          file(Rule.H06, "/root/.kube/config", "anything"),
          file(Rule.H07, "/root/.ssh/authorized_keys", "ssh-ed25519 AAAAC3Nz me@home\n"),
          file(Rule.H07, "/home/vagrant/.ssh/authorized_keys", VAGRANT),
          file(Rule.H07, "/etc/ssh/authorized_keys.d/root", "ssh-ed25519 AAAAC3Nz me@home\n"),
          new Case(
              Rule.H07,
              "/home/ann/.ssh/authorized_keys",
              tree -> {
                put(tree, "/opt/keys", "ssh-ed25519 AAAAC3Nz me@home\n");
                AbsolutePath path = AbsolutePath.of("/home/ann/.ssh/authorized_keys");
                tree.put(path, new Symlink(META, "../../../opt/keys"));
              }),
          new Case(
              Rule.H07,
              "/home/ann/.ssh/authorized_keys",
              tree -> {
                put(tree, "/etc/keys", "ssh-ed25519 AAAAC3Nz me@home\n");
                AbsolutePath path = AbsolutePath.of("/home/ann/.ssh/authorized_keys");
                tree.put(path, new HardLink(META, AbsolutePath.of("/etc/keys")));
              }),
          line(Rule.H08, "/etc/shadow", "ann:$6$salt$hash:20000::::::"),
          line(Rule.H08, "/etc/shadow", "ann:!$6$salt$hash:20000::::::"),
          line(Rule.H08, "/etc/shadow", "ann::20000::::::"),
          line(Rule.H08, "/etc/passwd", "ann::1000:1000::/home/ann:/bin/sh"),
          file(Rule.H08, "/etc/shadow-", "root:$y$hash:1::::::\n"),
          line(Rule.H08, "/etc/gshadow", "sudo:$6$hash::ann"),
          file(Rule.H08, "/root/.netrc", "machine x login y password z"),
          file(
              Rule.H08,
              "/srv/basic",
              "apiVersion: v1\nkind: Config\nusers:\n- user:\n    password: hunter2\n"),
          file(Rule.H09, "/root/.bash_history", "ls\n"),
          file(Rule.H09, "/home/ann/.lesshst", "x"),
          file(Rule.H10, "/var/log/apt/history.log", "Start-Date\n"),
          file(Rule.H11, "/var/cache/apt/archives/x_1_all.deb", "!<arch>"),
          file(Rule.H11, "/var/lib/apt/lists/x_InRelease", "Origin"),
          file(Rule.H12, "/var/lib/dhcp/dhclient.leases", "lease {}"),
          file(Rule.H13, "/etc/hostname", "controller-0\n"),
          line(Rule.H13, "/etc/hosts", "127.0.1.1 controller-0"),
          file(Rule.H13, "/etc/mailname", "controller-0\n"),
          file(Rule.H14, "/run/utmp", ""),
          file(Rule.H14, "/tmp/left", ""),
          file(Rule.H14, "/etc/hardbake/node.env", "INTERNAL_IP=10.0.2.15\n"),
          file(Rule.H14, "/etc/tool.conf.dpkg-new", ""),
          meta(Rule.H15, "/usr/bin/tool", META.withMode(04755)),
          meta(Rule.H15, "/srv", META.withMode(02755)),
          meta(Rule.H15, "/usr/bin/su", META.withMode(0755)),
          meta(Rule.H15, "/usr/bin/su", META.withMode(04755).withOwner(42, 0)),
          meta(
              Rule.H16,
              "/usr/bin/tool",
              META.withMode(0755)
                  .withXattr("security.capability", Bytes.ofHex("0100000200200000"))),
          meta(Rule.H16, "/usr/bin/ping", META.withMode(0755)),
          meta(Rule.H17, "/usr/bin/tool", META.withMode(0757)),
          meta(Rule.H17, "/srv", META.withMode(01777)),
          meta(Rule.H17, "/tmp", META.withMode(0777)),
          meta(Rule.H18, "/srv", META.withMode(0755).withProvenance(new Provenance("me:myself"))),
          meta(
              Rule.H18,
              "/srv",
              META.withMode(0755).withProvenance(Provenance.ofPackage("other", "1"))),
          meta(
              Rule.H18,
              "/srv",
              META.withMode(0755).withProvenance(Provenance.ofPackage("tool", "1.1"))),
          file(Rule.H19, "/usr/share/tool", "not what was packaged"),
          file(Rule.H19, "/usr/share/tool", ""));

  /** As a role's image is: what may look like a breach and is none. */
  private static FileTree.Builder clean() {
    FileTree.Builder tree = FileTree.builder(META.withMode(0755));
    put(tree, "/etc/machine-id", "");
    tree.put(AbsolutePath.of("/var/lib/dbus/machine-id"), new Symlink(META, "/etc/machine-id"));
    put(tree, "/etc/passwd", "root:x:0:0::/root:/bin/sh\ndaemon:*:1:1::/:/bin/false\n");
    put(tree, "/etc/group", "root:x:0:\nshadow:x:42:\n");
    put(tree, "/etc/shadow", "root:*:20779::::::\nsshd:!:20779::::::\nnet:!*:20779::::::\n");
    put(tree, "/etc/gshadow", "root:*::\nfree:::\n");
    put(tree, "/etc/hosts", "127.0.0.1 localhost # me\n::1 ip6-localhost\n10.0.0.9 mirror\n");
    put(tree, "/root/.ssh/authorized_keys", "# nobody\n");
    put(tree, "/var/log/wtmp", "");
    put(tree, "/usr/share/tool", "packaged");
    put(tree, "/usr/share/empty", "");
    put(
        tree,
        "/var/lib/dpkg/info/tool.md5sums",
        """
        97fb77134e3b38bab0edb15ac502d652  usr/share/tool
        d41d8cd98f00b204e9800998ecf8427e  usr/share/empty
        """);
    directory(tree, "/srv", 0755);
    directory(tree, "/tmp", 01777);
    directory(tree, "/var/cache/apt/archives", 0755);
    directory(tree, "/run/lock", 01777);
    executable(tree, "/usr/bin/tool", META.withMode(0755));
    executable(tree, "/usr/bin/su", META.withMode(04755));
    executable(
        tree,
        "/usr/bin/ping",
        META.withMode(0755)
            .withXattr(
                "security.capability", Bytes.ofHex("0100000200200000000000000000000000000000")));
    // What programs and manuals have is none.
    put(tree, "/usr/bin/ssh", "\0-----BEGIN RSA PRIVATE KEY-----\0-----END\0client-key-data: \0");
    put(tree, "/usr/share/doc/a", "secret: <BASE 64 ENCODED SECRET>\ntoken: <token>\n");
    put(tree, "/usr/share/doc/b", "password: enter it\neyJhbGciOiJ is how tokens begin\n");
    put(tree, "/usr/share/doc/c", "-----BEGIN CERTIFICATE-----\n" + BASE64 + "\n");
    put(tree, "/usr/share/doc/d.gz", "\u001f\u008b only begins like gzip");
    put(tree, "/usr/share/doc/e.gz", gzip("no secret at all".getBytes(UTF_8)));
    return tree;
  }

  @Test
  void aCleanImageHasNoFinding() throws Exception {
    assertEquals(List.of(), check(clean().freeze(), false));
  }

  @TestFactory
  Stream<DynamicTest> aBrokenRuleIsFoundWhereItIsBroken() {
    return CASES.stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.rule + " " + each.where,
                    () -> {
                      FileTree.Builder tree = clean();
                      each.change.accept(tree);
                      List<Finding> findings = check(tree.freeze(), false);
                      assertEquals(
                          List.of(each.rule + " " + each.where),
                          findings.stream().map(f -> f.rule() + " " + f.where()).toList(),
                          findings::toString);
                      assertTrue(
                          findings.get(0).remedy().startsWith(each.rule.remedy()),
                          findings::toString);
                    }));
  }

  @Test
  void noRuleIsWithoutACase() {
    Set<Rule> broken = CASES.stream().map(Case::rule).collect(Collectors.toSet());
    // Inputs are no part of a tree.
    assertEquals(EnumSet.complementOf(EnumSet.of(Rule.H20)), broken);
  }

  @Test
  void onlyABoxHasVagrantsKey() throws Exception {
    FileTree.Builder tree = clean();
    String path = "/home/vagrant/.ssh/authorized_keys";
    put(tree, path, VAGRANT);
    assertEquals(List.of(), check(tree.freeze(), true));
    put(tree, path, VAGRANT + "ssh-ed25519 AAAAC3Nz me@home\n");
    List<Finding> findings = check(tree.freeze(), true);
    assertEquals(1, findings.size(), findings::toString);
    assertEquals("lets in whoever has the key me@home", findings.get(0).problem());
  }

  @Test
  void whatALayerHidesIsFoundToo() throws Exception {
    FileTree tree = clean().freeze();
    List<Subject.Hidden> hidden =
        List.of(
            hidden("/srv/key", new String(key(), UTF_8)), hidden("/etc/ssh/ssh_host_rsa_key", "x"));
    Subject subject = new Subject(tree, hidden, packages(), false, Optional.of(Manifest.of(tree)));
    assertEquals(
        List.of(
            "/etc/ssh/ssh_host_rsa_key an ssh host key (in layer 2)",
            "/srv/key holds a private key (in layer 2)"),
        Hygiene.check(subject, Allowed.ofRoles(), 2).stream()
            .map(finding -> finding.where() + " " + finding.problem())
            .toList());
  }

  @Test
  void theLineThatAFindingNamesAllowsIt() throws Exception {
    FileTree.Builder tree = clean();
    put(tree, "/srv/key", new String(key(), UTF_8));
    put(tree, "/usr/share/tool", "changed");
    directory(tree, "/srv/shared", 01777);
    executable(tree, "/usr/bin/tool", META.withMode(04750).withOwner(0, 42));
    executable(
        tree,
        "/usr/bin/cap",
        META.withMode(0755).withXattr("security.capability", Bytes.ofHex("01")));
    List<Finding> findings = check(tree.freeze(), false);
    assertEquals(5, findings.size(), findings::toString);
    StringBuilder list = new StringBuilder("# after review\n");
    for (Finding finding : findings) {
      list.append(finding.remedy().replaceFirst("^.*with the line: ", "")).append('\n');
    }
    assertTrue(
        list.toString().contains("setuid /usr/bin/tool 4750 root:shadow tool\n"), list::toString);
    Allowed allowed = Allowed.ofRoles().and("mine.txt", list.toString());
    assertEquals(List.of(), Hygiene.check(subject(tree.freeze(), false), allowed, 1));
  }

  @Test
  void aListThatMakesNoSenseSaysWhere() {
    for (String line :
        List.of(
            "setuid /usr/bin/x 4755 root:root",
            "setuid usr/bin/x 4755 root:root -",
            "setuid /usr/bin/x 755 root:root -",
            "writable /x 0777 root -",
            "secret /x abc reason",
            "capability /x",
            "login /x",
            "allow /x")) {
      RecipeException e =
          assertThrows(
              RecipeException.class, () -> Allowed.ofRoles().and("mine.txt", "\n" + line + "\n"));
      assertTrue(String.valueOf(e.getMessage()).startsWith("mine.txt:2: "), e::toString);
    }
  }

  @Test
  void withoutAManifestAllButTheProvenanceIsChecked() throws Exception {
    FileTree.Builder tree = clean();
    put(tree, "/usr/share/tool", "changed");
    Subject subject = new Subject(tree.freeze(), List.of(), packages(), false, Optional.empty());
    assertEquals(
        List.of("H19 /usr/share/tool"),
        Hygiene.check(subject, Allowed.ofRoles(), 1).stream()
            .map(f -> f.rule() + " " + f.where())
            .toList());
  }

  @Test
  void divertedFilesAreLookedForWhereTheyAre() throws Exception {
    FileTree.Builder tree = clean();
    put(tree, "/usr/share/tool.distrib", "packaged");
    put(tree, "/usr/share/tool", "another's");
    put(
        tree,
        "/var/lib/dpkg/diversions",
        "/usr/share/tool\n/usr/share/tool.distrib\nother\n/bin/sh\n/bin/sh.distrib\ndash\n");
    assertEquals(List.of(), check(tree.freeze(), false));
    put(tree, "/usr/share/tool.distrib", "changed");
    assertEquals(
        List.of("/usr/share/tool.distrib"),
        check(tree.freeze(), false).stream().map(Finding::where).toList());
  }

  /** dpkg takes it out of the package's list, and leaves the sums as they are. */
  @Test
  void whatAnotherPackageReplacesIsNotThePackagesAnyMore() throws Exception {
    FileTree.Builder tree = clean();
    put(tree, "/usr/share/tool", "another's");
    put(tree, "/var/lib/dpkg/info/tool.list", "/.\n/usr/share/empty\n");
    assertEquals(List.of(), check(tree.freeze(), false));
    put(tree, "/var/lib/dpkg/info/tool.list", "/.\n/usr/share/empty\n/usr/share/tool\n");
    assertEquals(
        List.of("/usr/share/tool"),
        check(tree.freeze(), false).stream().map(Finding::where).toList());
    // dpkg has conffiles among the sums that it finds out itself.
    put(tree, "/var/lib/dpkg/info/tool.conffiles", "/usr/share/tool\n");
    assertEquals(List.of(), check(tree.freeze(), false));
  }

  /** dpkg leaves them so for first boot, which configures the package. */
  @Test
  void conffilesMayWaitForTheirPackageToBeConfigured() throws Exception {
    FileTree.Builder tree = clean();
    put(tree, "/etc/login.defs.dpkg-new", "UMASK 022\n");
    put(tree, "/var/lib/dpkg/info/passwd.conffiles", "/etc/login.defs\nremove-on-upgrade /etc/x\n");
    assertEquals(List.of(), check(tree.freeze(), false));
    // A recipe that removes it hides it.
    tree.remove(AbsolutePath.of("/etc/login.defs.dpkg-new"));
    FileTree without = tree.freeze();
    List<Subject.Hidden> below = List.of(hidden("/etc/login.defs.dpkg-new", "UMASK 022\n"));
    Optional<Manifest> manifest = Optional.of(Manifest.of(without));
    Subject subject = new Subject(without, below, packages(), false, manifest);
    assertEquals(List.of(), Hygiene.check(subject, Allowed.ofRoles(), 1));
    put(tree, "/etc/login.defs.dpkg-new", "UMASK 022\n");
    // Another's list says nothing, nor does one of a package that is configured.
    put(tree, "/var/lib/dpkg/info/passwd.conffiles", "/etc/securetty\n");
    put(tree, "/var/lib/dpkg/info/tool.conffiles", "/etc/login.defs\n");
    assertEquals(
        List.of("/etc/login.defs.dpkg-new"),
        check(tree.freeze(), false).stream().map(Finding::where).toList());
  }

  private static List<Finding> check(FileTree tree, boolean box) throws Exception {
    List<Finding> findings = Hygiene.check(subject(tree, box), Allowed.ofRoles(), 1);
    assertEquals(findings, Hygiene.check(subject(tree, box), Allowed.ofRoles(), 4));
    return findings;
  }

  private static Subject subject(FileTree tree, boolean box) {
    return new Subject(tree, List.of(), packages(), box, Optional.of(Manifest.of(tree)));
  }

  private static SortedMap<String, Subject.Installed> packages() {
    SortedMap<String, Subject.Installed> packages = new TreeMap<>();
    for (String name : List.of("tool", "base-files", "util-linux", "iputils-ping")) {
      packages.put(name, new Subject.Installed("1.0", true));
    }
    packages.put("passwd", new Subject.Installed("1.0", false));
    return packages;
  }

  private static Subject.Hidden hidden(String path, String content) {
    return new Subject.Hidden(
        "layer 2", AbsolutePath.of(path), new RegularFile(META, Content.of(content)));
  }

  private static byte[] key() {
    return ("-----BEGIN PRIVATE KEY-----\n" + BASE64 + "\n").getBytes(UTF_8);
  }

  /** Where the scanner has moved its window several times, across the edge of one. */
  private static byte[] farAway(byte[] secret) {
    byte[] bytes = new byte[5 << 20];
    new Random(1).nextBytes(bytes);
    System.arraycopy(secret, 0, bytes, (1 << 20) * 3 + (1 << 12) - 40, secret.length);
    return bytes;
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private static void put(FileTree.Builder tree, String path, String content) {
    put(tree, path, content.getBytes(ISO_8859_1));
  }

  private static void put(FileTree.Builder tree, String path, byte[] content) {
    tree.remove(AbsolutePath.of(path));
    tree.put(AbsolutePath.of(path), new RegularFile(META, Content.of(content)));
  }

  private static void executable(FileTree.Builder tree, String path, Meta meta) {
    tree.put(AbsolutePath.of(path), new RegularFile(meta, Content.of("\177ELF " + path)));
  }

  private static void directory(FileTree.Builder tree, String path, int mode) {
    tree.put(AbsolutePath.of(path), new Directory(META.withMode(mode)));
  }

  private static Entry entry(FileTree.Builder tree, String path) {
    return tree.get(AbsolutePath.of(path)).orElseThrow();
  }

  private static String text(FileTree.Builder tree, String path) {
    try {
      return tree.file(AbsolutePath.of(path)).orElseThrow().content().text();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
