package io.hardbake.settle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UnresolvableException;
import io.hardbake.image.Architecture;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettlerTest {
  private static final long EPOCH = 1_700_000_000L;

  @Test
  void packagesMeetInATreeWithMergedUsr() throws Exception {
    FileTree tree =
        settle(
                PackageBuilder.named("shell")
                    .directory("/bin", 0755)
                    .file("/bin/sh", 0755, "shell")
                    .build())
            .tree();

    assertEquals("usr/bin", link(tree, "/bin"));
    assertEquals("shell", text(tree, "/usr/bin/sh"));
    assertEquals(PackageBuilder.MTIME, tree.get(at("/usr/bin/sh")).orElseThrow().meta().mtime());
    assertEquals(EPOCH, tree.get(at("/usr/bin")).orElseThrow().meta().mtime());
  }

  @Test
  void onlyAmd64HasLib64() throws Exception {
    Settled arm = new Settler(Architecture.ARM64, EPOCH).settle(List.of(), Set.of(), List.of());

    assertTrue(arm.tree().get(at("/lib64")).isEmpty());
    assertEquals("usr/lib64", link(settle().tree(), "/lib64"));
  }

  @Test
  void noFileComesFromTheFuture() throws Exception {
    Settled early =
        new Settler(Architecture.AMD64, 1_500_000_000L)
            .settle(
                List.of(PackageBuilder.named("a").file("/a", "x").build()), Set.of(), List.of());

    assertEquals(1_500_000_000L, early.tree().get(at("/a")).orElseThrow().meta().mtime());
  }

  @Test
  void hardLinksFollowTheirTargetIntoUsr() throws Exception {
    FileTree tree =
        settle(
                PackageBuilder.named("gzip")
                    .file("/bin/gunzip", 0755, "x")
                    .hardLink("/bin/uncompress", "/bin/gunzip")
                    .build())
            .tree();

    assertEquals(
        at("/usr/bin/gunzip"),
        ((HardLink) tree.get(at("/usr/bin/uncompress")).orElseThrow()).target());
  }

  @Test
  void theFirstPackageDecidesADirectory() throws Exception {
    FileTree tree =
        settle(
                PackageBuilder.named("b").directory("/srv", 0700).build(),
                PackageBuilder.named("a").directory("/srv", 01777).build())
            .tree();

    assertEquals(01777, tree.get(at("/srv")).orElseThrow().meta().mode());
  }

  @Test
  void oneFileOfTwoPackagesIsAnError() {
    UnresolvableException e =
        assertThrows(
            UnresolvableException.class,
            () ->
                settle(
                    PackageBuilder.named("one").file("/bin/x", "1").build(),
                    PackageBuilder.named("two").file("/usr/bin/x", "2").build()));

    assertTrue(
        String.valueOf(e.getMessage())
            .contains("/usr/bin/x is shipped by one 1.0-1 and by two 1.0-1"));
    assertFalse(e.remedy().isEmpty());
  }

  /** As molly-guard does with /sbin/halt. */
  @Test
  void aClashMayComeOfADiversionThatDidNotHappen() {
    UnresolvableException e =
        assertThrows(
            UnresolvableException.class,
            () ->
                settle(
                    PackageBuilder.named("guard")
                        .file("/sbin/halt", "1")
                        .control("preinst", "#!/bin/sh\ndpkg-divert --add --rename /sbin/halt\n")
                        .build(),
                    PackageBuilder.named("plain").file("/sbin/halt", "2").build()));

    assertTrue(String.valueOf(e.getMessage()).contains("; the preinst of guard diverts"));
  }

  @Test
  void aPackageThatReplacesAnotherWinsWhicheverComesFirst() throws Exception {
    for (String winner : List.of("aaa", "zzz")) {
      FileTree tree =
          settle(
                  PackageBuilder.named(winner)
                      .field("Replaces", "mmm (<< 2)")
                      .file("/x", "new")
                      .build(),
                  PackageBuilder.named("mmm").file("/x", "old").file("/y", "y").build())
              .tree();

      assertEquals("new", text(tree, "/x"));
      assertEquals("/.\n/y\n", text(tree, "/var/lib/dpkg/info/mmm.list"));
      assertEquals("/.\n/x\n", text(tree, "/var/lib/dpkg/info/" + winner + ".list"));
    }
  }

  @Test
  void replacesOfAnotherVersionDoesNotCount() {
    assertThrows(
        UnresolvableException.class,
        () ->
            settle(
                PackageBuilder.named("a").field("Replaces", "b (<< 1)").file("/x", "1").build(),
                PackageBuilder.named("b").file("/x", "2").build()));
  }

  @Test
  void anUnknownScriptLeavesItsPackageUnpacked() throws Exception {
    Settled settled =
        settle(
            PackageBuilder.named("odd")
                .control("conffiles", "/etc/odd.conf\n")
                .postinst("make-something-up")
                .file("/etc/odd.conf", "odd")
                .build(),
            PackageBuilder.named("needs-odd").field("Depends", "odd (>= 1) | other").build(),
            PackageBuilder.named("plain").build());

    assertEquals(
        List.of("needs-odd", "odd"),
        settled.unconfigured().stream().map(Unconfigured::packageName).sorted().toList());
    String reason = reason(settled, "odd");
    assertTrue(reason.matches("no rule for postinst of odd 1\\.0-1, hash [0-9a-f]{64}"), reason);
    assertEquals(
        "depends on odd (>= 1) | other, which is not configured", reason(settled, "needs-odd"));
    String status = text(settled.tree(), "/var/lib/dpkg/status");
    assertTrue(status.contains("Package: odd\nStatus: install ok unpacked\n"), status);
    assertTrue(status.contains("Conffiles:\n /etc/odd.conf newconffile\n"), status);
    assertTrue(status.contains("Package: plain\nStatus: install ok installed\n"), status);
    assertEquals("odd", text(settled.tree(), "/etc/odd.conf.dpkg-new"));
    assertTrue(settled.tree().get(at("/etc/odd.conf")).isEmpty());
  }

  @Test
  void aPackageWhoseTmpfilesAreBeyondHardbakeIsLeftUnpacked() throws Exception {
    assertEquals(List.of(), tmpfiles("d /run/p/ 0755 strange strange -").unconfigured());
    assertEquals(List.of(), tmpfiles("C /etc/p").unconfigured());
    for (String line :
        List.of(
            "d /var/lib/p 0755 strange root -",
            "d /var/lib/p 0755 root strange -",
            "d /var/lib/p rwx root root -",
            "d /var/lib/../p 0755 root root -",
            "d /var/lib/p\\x41 0755 root root -",
            "f~ /etc/p - - - - aGVsbG8=",
            "f /etc/p - - - - a\\tb",
            "L /etc/p - - - - a\\x41",
            "C /etc/p - - - - /etc\\x2fq",
            "L? /etc/p - - - - ../usr/lib/p",
            "C /etc/p - - - - usr/lib/p",
            "C /etc/p - - - - /")) {
      String reason = reason(tmpfiles(line), "p");
      assertTrue(reason.startsWith("postinst: p.conf: "), reason);
    }
  }

  private static Settled tmpfiles(String line) throws Exception {
    return settle(
        PackageBuilder.named("p")
            .file("/usr/lib/tmpfiles.d/p.conf", line + "\n")
            .postinst(
                "# Automatically added by dh_installtmpfiles/13.11.4",
                "if [ \"$1\" = \"configure\" ] || [ \"$1\" = \"abort-upgrade\" ]"
                    + " || [ \"$1\" = \"abort-deconfigure\" ]"
                    + " || [ \"$1\" = \"abort-remove\" ] ; then",
                "\tif [ -x \"$(command -v systemd-tmpfiles)\" ]; then",
                "\t\tsystemd-tmpfiles ${DPKG_ROOT:+--root=\"$DPKG_ROOT\"}"
                    + " --create p.conf >/dev/null || true",
                "\tfi",
                "fi",
                "# End automatically added section")
            .build());
  }

  /** Without them the boot loader finds nothing to start, and dpkg never gets to its work. */
  @Test
  void aKernelThatIsLeftToDpkgHasItsLinksAllTheSame() throws Exception {
    Settled settled =
        settle(
            PackageBuilder.named("linux-image-6.1.0-99-cloud-amd64")
                .postinst("make-something-up")
                .file("/boot/vmlinuz-6.1.0-99-cloud-amd64", "kernel")
                .build());

    assertEquals(1, settled.unconfigured().size());
    for (String suffix : List.of("", ".old")) {
      assertEquals("boot/vmlinuz-6.1.0-99-cloud-amd64", link(settled.tree(), "/vmlinuz" + suffix));
      assertEquals(
          "boot/initrd.img-6.1.0-99-cloud-amd64", link(settled.tree(), "/initrd.img" + suffix));
    }
  }

  @Test
  void dependenciesInACircleAreConfiguredTogether() throws Exception {
    assertEquals(
        List.of(),
        settle(
                PackageBuilder.named("a").field("Depends", "b").build(),
                PackageBuilder.named("b").field("Depends", "a").build())
            .unconfigured());
  }

  @Test
  void anotherProviderIsAsGood() throws Exception {
    Settled settled =
        settle(
            PackageBuilder.named("bad").field("Provides", "mta").postinst("x").build(),
            PackageBuilder.named("good").field("Provides", "mta").build(),
            PackageBuilder.named("user").field("Depends", "mta").build());

    assertEquals(
        List.of("bad"), settled.unconfigured().stream().map(Unconfigured::packageName).toList());
  }

  @Test
  void theOrderOfPackagesDoesNotMatter() throws Exception {
    List<UnpackedPackage> packages =
        new ArrayList<>(
            List.of(
                PackageBuilder.named("a").directory("/d", 0700).file("/d/a", "a").build(),
                PackageBuilder.named("b").directory("/d", 0755).file("/d/b", "b").build(),
                PackageBuilder.named("base-files").directory("/d", 0711).build()));
    Settled first = settle(packages.toArray(UnpackedPackage[]::new));
    Collections.reverse(packages);
    Settled second = settle(packages.toArray(UnpackedPackage[]::new));

    assertTrue(first.tree().minus(second.tree(), "difference").isEmpty());
    assertEquals(0711, first.tree().get(at("/d")).orElseThrow().meta().mode());
  }

  @Test
  void whatNobodyAskedForIsAutomatic() throws Exception {
    Settled settled =
        new Settler(Architecture.AMD64, EPOCH)
            .settle(
                List.of(
                    PackageBuilder.named("essential").field("Essential", "yes").build(),
                    PackageBuilder.named("library").build(),
                    PackageBuilder.named("wanted").build()),
                Set.of("wanted"),
                List.of());

    assertEquals(
        "Package: library\nArchitecture: amd64\nAuto-Installed: 1\n\n",
        text(settled.tree(), "/var/lib/apt/extended_states"));
  }

  @Test
  void aPackageForSeveralArchitecturesIsListedWithItsOwn() throws Exception {
    FileTree tree =
        settle(PackageBuilder.named("libx").field("Multi-Arch", "same").file("/x", "x").build())
            .tree();

    assertEquals("/.\n/x\n", text(tree, "/var/lib/dpkg/info/libx:amd64.list"));
  }

  /** As dpkg 1.21 writes it. */
  @Test
  void soItIsAmongThoseInterestedInTriggers() throws Exception {
    FileTree tree =
        settle(
                interested("liba").field("Multi-Arch", "same").build(),
                interested("libb").field("Multi-Arch", "foreign").build())
            .tree();

    assertEquals(
        """
        /usr/lib/x liba:amd64
        /usr/lib/y liba:amd64/noawait
        /usr/lib/x libb
        /usr/lib/y libb/noawait
        """,
        text(tree, "/var/lib/dpkg/triggers/File"));
    assertEquals("liba:amd64\nlibb\n", text(tree, "/var/lib/dpkg/triggers/told"));
  }

  private static PackageBuilder interested(String name) {
    return PackageBuilder.named(name)
        .control("triggers", "interest /usr/lib/x\ninterest-noawait /usr/lib/y\ninterest told\n");
  }

  /** As dpkg 1.21.22 writes it. */
  @Test
  void theStatusKeepsFlagsOfConffilesAndBlanksWithinAValue() throws Exception {
    String status =
        text(
            settle(
                    PackageBuilder.named("a")
                        .field("Description", "short \n long")
                        .control("conffiles", "/etc/keep\nremove-on-upgrade /etc/gone\n")
                        .file("/etc/keep", "keep\n")
                        .build())
                .tree(),
            "/var/lib/dpkg/status");

    assertTrue(
        status.contains(
            """
            Conffiles:
             /etc/keep b260098afc93a054427d63c4de6be6a1
             /etc/gone newconffile remove-on-upgrade
            Description: short\s
             long
            """),
        status);
  }

  /** As dpkg 1.21.22 does it where it meets the packages in this order. */
  @Test
  void whoBringsNoSumsGetsThem() throws Exception {
    FileTree tree =
        settle(
                PackageBuilder.named("bb").field("Replaces", "aa").file("/p", "b\n").build(),
                PackageBuilder.named("aa")
                    .control("conffiles", "/etc/keep\n")
                    .file("/etc/keep", "keep\n")
                    .file("/one", "one\n")
                    .file("/p", "a\n")
                    .hardLink("/two", "/one")
                    .symlink("/link", "one")
                    .build(),
                PackageBuilder.named("empty").build(),
                PackageBuilder.named("own").control("md5sums", "x").file("/x", "x").build())
            .tree();

    assertEquals(
        """
        b260098afc93a054427d63c4de6be6a1  etc/keep
        5bbf5a52328e7439ae6e719dfe712200  one
        5bbf5a52328e7439ae6e719dfe712200  two
        """,
        text(tree, "/var/lib/dpkg/info/aa.md5sums"));
    assertEquals("", text(tree, "/var/lib/dpkg/info/empty.md5sums"));
    assertEquals("x", text(tree, "/var/lib/dpkg/info/own.md5sums"));
  }

  @Test
  void scriptsAreExecutableAndOtherControlFilesAreNot() throws Exception {
    FileTree tree =
        settle(PackageBuilder.named("a").control("prerm", "x").control("md5sums", "").build())
            .tree();

    assertEquals(0755, tree.get(at("/var/lib/dpkg/info/a.prerm")).orElseThrow().meta().mode());
    assertEquals(0644, tree.get(at("/var/lib/dpkg/info/a.md5sums")).orElseThrow().meta().mode());
    assertTrue(tree.get(at("/var/lib/dpkg/info/a.control")).isEmpty());
  }

  @Test
  void aRecipesUserGetsAHomeWithASkeleton() throws Exception {
    FileTree tree =
        new Settler(Architecture.AMD64, EPOCH)
            .settle(
                List.of(PackageBuilder.named("bash").file("/etc/skel/.bashrc", "rc").build()),
                Set.of(),
                List.of(new Account("vagrant", 1000, "/home/vagrant", "/bin/bash", List.of())))
            .tree();

    assertEquals("vagrant:!:1000:1000::/home/vagrant:/bin/bash\n", text(tree, "/etc/passwd"));
    assertTrue(tree.get(at("/home/vagrant")).orElseThrow() instanceof Directory);
    assertEquals(1000, tree.get(at("/home/vagrant/.bashrc")).orElseThrow().meta().uid());
  }

  @Test
  void aRecipesUserMayNotTakeASystemNumber() {
    assertThrows(
        RecipeException.class,
        () ->
            new Settler(Architecture.AMD64, EPOCH)
                .settle(
                    List.of(),
                    Set.of(),
                    List.of(new Account("me", 33, "/home/me", "/bin/sh", List.of()))));
  }

  @Test
  void aHomeBelowAFileIsRefused() {
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () ->
                new Settler(Architecture.AMD64, EPOCH)
                    .settle(
                        List.of(PackageBuilder.named("a").file("/srv", "a file").build()),
                        Set.of(),
                        List.of(new Account("me", 1000, "/srv/me", "/bin/sh", List.of()))));
    assertEquals(
        "the home /srv/me of user me cannot be made: /srv is not a directory", e.getMessage());
  }

  @Test
  void aGroupThatFirstBootMayMakeIsNoMistakeInItsName() {
    List<UnpackedPackage> packages = new ArrayList<>();
    assertEquals(
        "user dev shall be in group docker, which no package makes", flawOfGroup(packages));
    packages.add(PackageBuilder.named("docker.io").postinst("addgroup docker").build());
    assertEquals(
        "user dev shall be in group docker, which no package makes in the bake; at first boot one"
            + " may that is left to dpkg: docker.io",
        flawOfGroup(packages));
    for (String name : List.of("x", "y", "z")) {
      packages.add(PackageBuilder.named(name).field("Depends", "docker.io").build());
    }
    assertTrue(flawOfGroup(packages).endsWith(": docker.io, x, y and 1 more"));
  }

  private static String flawOfGroup(List<UnpackedPackage> packages) {
    Account dev = new Account("dev", 1000, "/home/dev", "/bin/bash", List.of("docker"));
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () -> new Settler(Architecture.AMD64, EPOCH).settle(packages, Set.of(), List.of(dev)));
    return String.valueOf(e.getMessage());
  }

  private static Settled settle(UnpackedPackage... packages) throws Exception {
    return new Settler(Architecture.AMD64, EPOCH).settle(List.of(packages), Set.of(), List.of());
  }

  private static String reason(Settled settled, String packageName) {
    return settled.unconfigured().stream()
        .filter(u -> u.packageName().equals(packageName))
        .map(Unconfigured::reason)
        .findFirst()
        .orElseThrow();
  }

  private static String link(FileTree tree, String path) {
    return ((Symlink) tree.get(at(path)).orElseThrow()).target();
  }

  private static String text(FileTree tree, String path) throws Exception {
    return tree.file(at(path)).orElseThrow().content().text();
  }

  private static AbsolutePath at(String path) {
    return AbsolutePath.of(path);
  }
}
