package io.hardbake.settle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The regular parts, one by one, on small trees. */
class EngineTest extends SmallTree {
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
}
