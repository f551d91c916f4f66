package io.hardbake.settle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.hardbake.tree.Content;
import io.hardbake.tree.Meta;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines of tmpfiles.d. */
final class TmpfilesTest extends SmallTree {
  @Test
  void makesWhatLasts() {
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
  void leavesWhatIsThereAndTakesTheFirstLine() {
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
  void takesFromTheFactoryWhatNoWordSays() {
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
}
