package io.hardbake.settle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The regular parts, one by one, on small trees. */
class EngineTest {
  private static final long EPOCH = 1_700_000_000L;
  private static final Provenance TEST = Provenance.ofSettle("test");

  private final FileTree.Builder tree = FileTree.builder(Meta.root(0755, EPOCH, TEST));
  private final TreeEditor editor = new TreeEditor(tree, EPOCH, TEST);
  private final Accounts accounts = new Accounts(IdTable.load(), EPOCH);

  @Test
  void noNumberIsGivenTwice() {
    IdTable ids = IdTable.load();
    Map<Integer, String> uids = new HashMap<>();
    ids.users().forEach((name, n) -> assertEquals(null, uids.put(n.uid(), name), name));
    Map<Integer, String> gids = new HashMap<>();
    ids.groups().forEach((name, gid) -> assertEquals(null, gids.put(gid, name), name));
    Set<Integer> known = new HashSet<>(ids.groups().values());
    ids.users().values().forEach(n -> assertTrue(known.contains(n.gid()), "gid " + n.gid()));
    uids.keySet().forEach(uid -> assertTrue(uid < 1000 || uid == 65534, "uid " + uid));
  }

  @Test
  void kernelsAreFoundUnderOneNameAndTheOneBeforeUnderAnother() {
    for (String release : List.of("6.1.0-9-cloud-amd64", "6.1.0-10-cloud-amd64")) {
      editor.write(AbsolutePath.of("/boot/vmlinuz-" + release), "");
      KernelLinks.write(editor);
    }

    assertEquals("boot/vmlinuz-6.1.0-10-cloud-amd64", link("/vmlinuz"));
    assertEquals("boot/initrd.img-6.1.0-10-cloud-amd64", link("/initrd.img"));
    assertEquals("boot/vmlinuz-6.1.0-9-cloud-amd64", link("/vmlinuz.old"));
    assertEquals("boot/initrd.img-6.1.0-9-cloud-amd64", link("/initrd.img.old"));
  }

  @Test
  void aNameServiceIsAskedBeforeAnother() {
    Effect effect = new Effect.NameService("hosts", "dns", List.of("resolve", "[!UNAVAIL=return]"));
    AbsolutePath file = AbsolutePath.of("/etc/nsswitch.conf");
    editor.write(file, "passwd:  files dns\nhosts:          files dns\n");
    for (int i = 0; i < 2; i++) {
      effect.apply(new Installation(accounts), editor, "");
      assertEquals(
          "passwd:  files dns\nhosts:          files resolve [!UNAVAIL=return] dns\n",
          text("/etc/nsswitch.conf"));
    }
  }

  @Test
  void aNameServiceWithoutItsFileIsLeft() {
    Effect effect = new Effect.NameService("hosts", "dns", List.of("resolve"));
    effect.apply(new Installation(accounts), editor, "");
    assertFalse(editor.exists(AbsolutePath.of("/etc/nsswitch.conf")));
  }

  @Test
  void accountsAreListedByNumber() {
    accounts.base("root:*:0:0:root:/root:/bin/bash\n", "root:*:0:\nshadow:*:42:\n");
    accounts.systemUser(
        "systemd-network", "Net", "/", Accounts.NO_LOGIN, Accounts.LOCKED_BY_SYSUSERS);
    accounts.systemUser("sshd", "", "/run/sshd", Accounts.NO_LOGIN, Accounts.LOCKED);
    accounts.systemUser("haproxy", "", "/var/lib/haproxy", Accounts.NO_LOGIN, Accounts.LOCKED);
    accounts.shadow();
    accounts.writeTo(editor);

    assertEquals(
        """
        root:x:0:0:root:/root:/bin/bash
        sshd:x:102:65534::/run/sshd:/usr/sbin/nologin
        haproxy:x:104:104::/var/lib/haproxy:/usr/sbin/nologin
        systemd-network:x:998:998:Net:/:/usr/sbin/nologin
        """,
        text("/etc/passwd"));
    assertEquals(
        "root:x:0:\nshadow:x:42:\nhaproxy:x:104:\nsystemd-network:x:998:\n", text("/etc/group"));
    assertEquals(
        """
        root:*:19675:0:99999:7:::
        sshd:!:19675::::::
        haproxy:!:19675::::::
        systemd-network:!*:19675::::::
        """,
        text("/etc/shadow"));
    assertEquals(0640, tree.get(at("/etc/shadow")).orElseThrow().meta().mode());
    assertEquals(42, tree.get(at("/etc/shadow")).orElseThrow().meta().gid());
    assertEquals("root:*::\nshadow:*::\nhaproxy:!::\nsystemd-network:!*::\n", text("/etc/gshadow"));
  }

  @Test
  void theHighestPriorityWinsAndMissingSlavesAreSkipped() {
    editor.write(at("/usr/share/man/vim.1"), "");
    Alternatives alternatives = new Alternatives();
    alternatives.addCallsOf(
        """
        update-alternatives --install /usr/bin/vi vi /usr/bin/vim.tiny 15 \\
            --slave /usr/share/man/vi.1 vi.1 /usr/share/man/tiny.1 || true
        update-alternatives --install /usr/bin/vi vi /usr/bin/vim.basic 30 \\
            --slave /usr/share/man/vi.1 vi.1 /usr/share/man/vim.1 \\
            --slave /usr/share/man/de/vi.1 vi.de.1 /usr/share/man/de/vim.1
        update-alternatives --install "$x"/w w /bin/w.procps 50
        update-alternatives --remove vi /usr/bin/ex
        """);
    alternatives.writeTo(editor);

    assertEquals("/etc/alternatives/vi", link("/usr/bin/vi"));
    assertEquals("/usr/bin/vim.basic", link("/etc/alternatives/vi"));
    assertEquals("/usr/share/man/vim.1", link("/etc/alternatives/vi.1"));
    assertFalse(editor.standsAt(at("/etc/alternatives/vi.de.1")));
    assertFalse(editor.standsAt(at("/var/lib/dpkg/alternatives/w")));
    assertEquals(
        """
        auto
        /usr/bin/vi
        vi.1
        /usr/share/man/vi.1
        vi.de.1
        /usr/share/man/de/vi.1

        /usr/bin/vim.basic
        30
        /usr/share/man/vim.1
        /usr/share/man/de/vim.1
        /usr/bin/vim.tiny
        15
        /usr/share/man/tiny.1


        """,
        text("/var/lib/dpkg/alternatives/vi"));
  }

  @Test
  void enablingLinksAUnitAndRemembersIt() {
    unit("ssh.service", "[Install]\nWantedBy=multi-user.target\nAlias=sshd.service\n");

    new UnitEnablement(editor).helperEnable("ssh.service");

    assertEquals(
        "/lib/systemd/system/ssh.service",
        link("/etc/systemd/system/multi-user.target.wants/ssh.service"));
    assertEquals("/lib/systemd/system/ssh.service", link("/etc/systemd/system/sshd.service"));
    assertEquals(
        """
        /etc/systemd/system/sshd.service
        /etc/systemd/system/multi-user.target.wants/ssh.service
        """,
        text("/var/lib/systemd/deb-systemd-helper-enabled/ssh.service.dsh-also"));
    assertEquals("", text("/var/lib/systemd/deb-systemd-helper-enabled/sshd.service"));
  }

  @Test
  void aUnitThatStaysAsItWasIsOnlyRemembered() {
    unit("rsync.service", "[Install]\nWantedBy=multi-user.target\n");

    new UnitEnablement(editor).helperUpdateState("rsync.service");

    assertFalse(editor.standsAt(at("/etc/systemd/system")));
    assertTrue(
        editor.exists(at("/var/lib/systemd/deb-systemd-helper-enabled/rsync.service.dsh-also")));
  }

  @Test
  void aPresetKeepsAUnitFromBeingLinked() {
    unit("x.service", "[Install]\nWantedBy=multi-user.target\n");
    editor.write(at("/usr/lib/systemd/system-preset/90.preset"), "disable x.*\nenable *\n");

    new UnitEnablement(editor).helperEnable("x.service");

    assertFalse(editor.standsAt(at("/etc/systemd/system/multi-user.target.wants/x.service")));
    assertTrue(editor.exists(at("/var/lib/systemd/deb-systemd-helper-enabled/x.service.dsh-also")));
  }

  @Test
  void templatesAreLinkedAsTheirInstance() {
    unit("getty@.service", "[Install]\nWantedBy=getty.target\nDefaultInstance=tty1\n");

    new UnitEnablement(editor).enable("getty@tty1.service");
    new UnitEnablement(editor).enable("getty@.service");

    assertEquals(
        "/lib/systemd/system/getty@.service",
        link("/etc/systemd/system/getty.target.wants/getty@tty1.service"));
    assertEquals(1, tree.children(at("/etc/systemd/system/getty.target.wants")).size());
  }

  @Test
  void initScriptsAreLinkedByTheirHeader() {
    editor.write(
        at("/etc/init.d/hwclock.sh"), "#!/bin/sh\n# Default-Start:     S\n# Default-Stop: 0 6\n");
    editor.write(at("/etc/init.d/kmod"), "#!/bin/sh\n# Default-Start: S\n# Default-Stop:\n");

    SysvLinks.add("hwclock.sh", editor);
    SysvLinks.add("kmod", editor);

    assertEquals("../init.d/hwclock.sh", link("/etc/rcS.d/S01hwclock.sh"));
    assertEquals("../init.d/hwclock.sh", link("/etc/rc6.d/K01hwclock.sh"));
    assertTrue(editor.standsAt(at("/etc/rcS.d/S01kmod")));
    assertEquals(1, tree.children(at("/etc/rc6.d")).size());
  }

  @Test
  void tmpfilesMakesWhatLasts() {
    editor.directory(at("/var/log/journal"), 0755, Owner.ROOT);
    editor.write(
        at("/usr/lib/tmpfiles.d/x.conf"),
        """
        # comment
        d  /var/lib/private 0700 root root -
        d- /root/.ssh :0700 root :root -
        L  /var/log/README - - - - ../doc
        L+ /etc/mtab       -    -    -    -  ../proc/self/mounts
        z  /var/log/journal 2755 root systemd-journal - -
        z  /var/log/absent 2755 root root - -
        f! /run/nologin 0644 - - - boot
        d  /var/%m 0755 - - -
        D  /tmp/x 1777 root root -
        d  //var/spool//x/ 0750 - - -
        a+ /var/log/journal - - - - d:group:adm:r-x
        """);

    Tmpfiles.create(List.of("x.conf"), accounts, editor);

    assertEquals(0700, tree.get(at("/var/lib/private")).orElseThrow().meta().mode());
    assertEquals(0700, tree.get(at("/root/.ssh")).orElseThrow().meta().mode());
    assertEquals("../doc", link("/var/log/README"));
    assertEquals("../proc/self/mounts", link("/etc/mtab"));
    assertEquals(02755, tree.get(at("/var/log/journal")).orElseThrow().meta().mode());
    assertEquals(999, tree.get(at("/var/log/journal")).orElseThrow().meta().gid());
    assertEquals(0750, tree.get(at("/var/spool/x")).orElseThrow().meta().mode());
    for (String absent : List.of("/var/log/absent", "/run/nologin", "/tmp/x", "/var/%m")) {
      assertFalse(editor.standsAt(at(absent)), absent);
    }
  }

  /** As systemd-tmpfiles 252 does it. */
  @Test
  void tmpfilesLeavesWhatIsThereAndTakesTheFirstLine() {
    editor.directory(at("/var/lib/there"), 0711, Owner.ROOT);
    editor.directory(at("/var/lib/plain"), 0711, Owner.ROOT);
    editor.write(
        at("/usr/lib/tmpfiles.d/x.conf"),
        """
        d /var/lib/there :0750 :nobody :systemd-journal
        d /var/lib/made  :0750 :root :systemd-journal
        d /var/lib/plain 0750 - systemd-journal
        d /var/lib/twice 0700
        """);
    editor.write(
        at("/usr/lib/tmpfiles.d/y.conf"),
        """
        D /var/lib/twice/ 0711
        L+ /etc/link - - - - one
        L+ /etc/link - - - - two
        z /var/lib/twice - - systemd-journal
        """);

    Tmpfiles.create(List.of("x.conf", "y.conf"), accounts, editor);

    assertEquals("0711 0:0", modeAndOwner("/var/lib/there"));
    assertEquals("0750 0:999", modeAndOwner("/var/lib/made"));
    assertEquals("0750 0:999", modeAndOwner("/var/lib/plain"));
    assertEquals("0700 0:999", modeAndOwner("/var/lib/twice"));
    assertEquals("one", link("/etc/link"));
  }

  /** As systemd-tmpfiles 252 does it. */
  @Test
  void tmpfilesTakesFromTheFactoryWhatNoWordSays() {
    Owner news = new Owner(9, 9);
    String factory = "/usr/share/factory/etc/";
    editor.write(at(factory + "dir/file"), 0640, Owner.ROOT, Content.of("file"));
    editor.write(at(factory + "dir/sub/other"), 0644, news, Content.of("other"));
    editor.link(at(factory + "dir/link"), "file");
    editor.write(at(factory + "old"), "new");
    editor.write(at(factory + "full/new"), "new");
    editor.write(at("/etc/old"), "old");
    editor.write(at(factory + "kept"), "new");
    editor.write(at("/etc/kept"), "old");
    editor.write(at("/etc/full/old"), "old");
    editor.directory(at("/etc/empty"), 0700, Owner.ROOT);
    editor.write(at(factory + "empty/new"), "new");
    editor.write(
        at("/usr/lib/tmpfiles.d/x.conf"),
        """
        L  /etc/link
        L  /etc/dashes/link - - - - -
        L+ //etc/replaced/
        L  /etc/old
        C  /etc/dir 0710 - systemd-journal
        C  /etc/owned - root - - /usr/share/factory/etc/dir/sub/
        C  /etc/kept 0600
        C  /etc/full
        C  /etc/empty
        C  /etc/nothing 0755
        C! /etc/boot - - - - /usr/share/factory/etc/old
        C  /usr/share/factory/etc/dir/itself - - - - /usr/share/factory
        """);
    editor.write(at("/etc/replaced/file"), "");

    Tmpfiles.create(List.of("x.conf"), accounts, editor);

    assertEquals("/usr/share/factory/etc/link", link("/etc/link"));
    assertEquals("/usr/share/factory/etc/dashes/link", link("/etc/dashes/link"));
    assertEquals("/usr/share/factory/etc/replaced", link("/etc/replaced"));
    assertEquals("0710 0:999", modeAndOwner("/etc/dir"));
    assertEquals("0640 0:999", modeAndOwner("/etc/dir/file"));
    assertEquals("0644 9:999", modeAndOwner("/etc/dir/sub/other"));
    assertEquals("other", text("/etc/dir/sub/other"));
    assertEquals("file", link("/etc/dir/link"));
    assertEquals("0644 0:9", modeAndOwner("/etc/owned/other"));
    assertEquals("old", text("/etc/old"));
    assertEquals("old", text("/etc/kept"));
    assertEquals("0600 0:0", modeAndOwner("/etc/kept"));
    assertEquals("new", text("/etc/empty/new"));
    assertEquals("0700 0:0", modeAndOwner("/etc/empty"));
    for (String absent : List.of("/etc/full/new", "/etc/nothing", "/etc/boot")) {
      assertFalse(editor.standsAt(at(absent)), absent);
    }
    assertFalse(editor.standsAt(at(factory + "dir/itself")));
  }

  private String modeAndOwner(String path) {
    Meta meta = tree.get(at(path)).orElseThrow().meta();
    return "%04o %d:%d".formatted(meta.mode(), meta.uid(), meta.gid());
  }

  @Test
  void sysusersAsksForNumbersThatTheTableHas() {
    String known = "u systemd-network - \"systemd Network Management\"\ng systemd-journal - -\n";
    String unknown = "u somebody - \"Some Body\"\n";

    assertEquals(Optional.empty(), objection(known));
    assertEquals(
        Optional.of("hardbake has no number for user somebody"), objection(known + unknown));
    assertEquals(
        List.of(
            new Sysusers.Line('u', "systemd-network", "-", "systemd Network Management", "-", "-"),
            new Sysusers.Line('g', "systemd-journal", "-", "-", "-", "-")),
        Sysusers.parse(known));
  }

  @Test
  void sysusersObjectsToWhatItWouldMakeOtherwise() {
    String user = "u systemd-network - ";
    assertEquals(Optional.empty(), objection("# it's 'so'\n" + user + "\"Bob's\" - -\n"));
    assertEquals(
        Optional.of("a word in single quotes in x.conf"), objection(user + "'Net Work' -\n"));
  }

  @Test
  void sysusersGivesAShellToWhomItMakes() {
    editor.write(
        at("/usr/lib/sysusers.d/x.conf"),
        """
        u systemd-network - - - /bin/sh
        u systemd-resolve - - - -
        u systemd-network - - - /bin/bash
        """);

    Sysusers.of(List.of("x.conf"), tree).applyTo(accounts);
    accounts.writeTo(editor);

    assertEquals(
        List.of("/usr/sbin/nologin", "/bin/sh"), // by number
        text("/etc/passwd").lines().map(line -> line.replaceAll(".*:", "")).toList());
  }

  @Test
  void sysusersMakesWhoIsToBeAMember() {
    editor.write(at("/usr/lib/sysusers.d/x.conf"), "m systemd-network systemd-journal\n");

    Sysusers.of(List.of("x.conf"), tree).applyTo(accounts);
    accounts.writeTo(editor);

    assertTrue(text("/etc/passwd").startsWith("systemd-network:"), text("/etc/passwd"));
    assertTrue(
        text("/etc/group").contains("systemd-journal:!*:999:systemd-network\n"),
        text("/etc/group"));
    for (String stranger : List.of("m somebody adm\n", "m root friends\n")) {
      assertTrue(objection(stranger).isPresent(), stranger);
    }
  }

  @Test
  void shellsAreListedUnderBothNames() {
    editor.directory(at("/usr/bin"), 0755, Owner.ROOT);
    editor.link(at("/bin"), "usr/bin");
    editor.write(at("/usr/share/debianutils/shells"), "# valid shells\n/bin/sh\n/usr/bin/sh\n");
    editor.write(at("/usr/share/debianutils/shells.d/bash"), "/bin/bash\n");

    Shells.update(editor);

    assertEquals(
        "# valid shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n", text("/etc/shells"));
    assertEquals("/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n", text("/var/lib/shells.state"));
  }

  @Test
  void ucfRemembersDigestOwnerAndCopy() {
    editor.write(at("/etc/ssh/sshd_config"), "x\n");
    UcfRegistry ucf = new UcfRegistry();
    ucf.register("openssh-server", at("/etc/ssh/sshd_config"));
    ucf.writeTo(editor);

    assertEquals(
        "401b30e3b8b5d629635a5c613cdb7919  /etc/ssh/sshd_config\n", text("/var/lib/ucf/hashfile"));
    assertEquals("openssh-server \t /etc/ssh/sshd_config\n", text("/var/lib/ucf/registry"));
    assertEquals("x\n", text("/var/lib/ucf/cache/:etc:ssh:sshd_config"));
  }

  @Test
  void diversionsSpareTheirOwner() {
    Diversions diversions = new Diversions();
    diversions.add(at("/a"), at("/a.other"), "owner");

    assertEquals(at("/a"), diversions.apply(at("/a"), "owner"));
    assertEquals(at("/a.other"), diversions.apply(at("/a"), "guest"));
    diversions.writeTo(editor);
    assertEquals("/a\n/a.other\nowner\n", text("/var/lib/dpkg/diversions"));
  }

  private Optional<String> objection(String sysusers) {
    return Sysusers.objection(
        List.of("x.conf"),
        PackageBuilder.named("x").file("/usr/lib/sysusers.d/x.conf", sysusers).build(),
        IdTable.load());
  }

  private void unit(String name, String text) {
    editor.write(at("/lib/systemd/system/" + name), 0644, Owner.ROOT, Content.of(text));
  }

  private String text(String path) {
    return Texts.required(tree, at(path));
  }

  private String link(String path) {
    return ((Symlink) tree.get(at(path)).orElseThrow()).target();
  }

  private static AbsolutePath at(String path) {
    return AbsolutePath.of(path);
  }
}
