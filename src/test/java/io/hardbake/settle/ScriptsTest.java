package io.hardbake.settle;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.image.Architecture;
import io.hardbake.lock.Lock;
import io.hardbake.lock.LockFile;
import io.hardbake.lock.LockedRecipe;
import io.hardbake.settle.MaintainerScript.Section;
import io.hardbake.tree.AbsolutePath;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How scripts are taken apart, recognised, and told from those that nobody has read. */
class ScriptsTest {
  private static final String CONFIGURE =
      "if [ \"$1\" = \"configure\" ] || [ \"$1\" = \"abort-upgrade\" ] || "
          + "[ \"$1\" = \"abort-deconfigure\" ] || [ \"$1\" = \"abort-remove\" ] ; then\n";

  @Test
  void sectionsAreTakenOutAndTheRestIsLeft() {
    MaintainerScript script =
        script(
            """
            #!/bin/sh
            set -e
            adduser me

            # Automatically added by dh_installinit/13.11
            update-rc.d me defaults
            # End automatically added section
            exit 0
            """);

    assertEquals(
        List.of(new Section("dh_installinit/13.11", "update-rc.d me defaults\n")),
        script.sections());
    assertEquals("#!/bin/sh\nset -e\nadduser me\nexit 0\n", script.normalised());
    assertFalse(script.isGenerated());
  }

  @Test
  void aScriptWithNothingButSectionsIsGenerated() {
    assertTrue(
        script(
                """
                #!/bin/sh
                # A comment.
                set -e
                # Automatically added by dh_x
                do things
                # End automatically added section

                exit 0
                """)
            .isGenerated());
    assertFalse(script("#!/bin/sh\nset -e; reboot\n").isGenerated());
  }

  @Test
  void theHashOverlooksWhiteSpaceVersionAndArchitecture() {
    String one = "echo 1.0-1 x86_64-linux-gnu\n\tdo_it\n";
    String same = "\n\necho 1.0-1 x86_64-linux-gnu  \n\tdo_it\t\n";
    MaintainerScript newer =
        MaintainerScript.parse(
            "postinst",
            "echo 2.0-1 aarch64-linux-gnu\n\tdo_it\n".getBytes(StandardCharsets.UTF_8),
            "2.0-1",
            "aarch64-linux-gnu");

    assertEquals(script(one).hash(), script(same).hash());
    assertEquals(script(one).hash(), newer.hash());
  }

  @Test
  void theHashSeesIndentationAndComments() {
    assertNotEquals(script("\ta\n").hash(), script("a\n").hash());
    assertNotEquals(script("# a\n").hash(), script("# b\n").hash());
  }

  @Test
  void aRuleStandsForTheScriptItKnowsAndNoOther() {
    MaintainerScript known = script("known\n");
    RuleTable table =
        RuleTable.parse(
            Table.of("rule me postinst\nknown " + known.hash() + " 1.0-1\ndirectory /srv 0755\n"));

    assertEquals(
        Optional.of(
            List.of(new Effect.MakeDirectory(AbsolutePath.of("/srv"), 0755, Effect.Named.ROOT))),
        table.effects("me", known));
    assertEquals(Optional.empty(), table.effects("me", script("changed\n")));
    assertEquals(Optional.empty(), table.effects("you", known));
  }

  @Test
  void aTableWithAMistakeIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> RuleTable.parse(Table.of("rule me postinst\nexplode /srv\n")));
    String hash = script("x").hash().hex();
    assertThrows(
        IllegalStateException.class,
        () ->
            RuleTable.parse(
                Table.of("rule a postinst\nknown %s\nknown %s\n".formatted(hash, hash))));
  }

  @Test
  void theTablesThatShipAreWellFormed() {
    RuleTable.load();
    SnippetTable.load();
  }

  /** So each is held against the script that it stands for, by SettleGoldenIT. */
  @Test
  void everyRuleIsOfAPackageInAGoldenSet() throws Exception {
    Lock lock = new LockFile(Path.of("images/hardbake.lock")).read().orElseThrow();
    var recipes = requireNonNull(lock.architectures().get(Architecture.AMD64)).recipes();
    Set<String> golden = new TreeSet<>();
    for (String set : RolePackages.GOLDEN) {
      golden.addAll(RolePackages.requestedBy(set));
      LockedRecipe locked = recipes.get(set);
      if (locked != null) {
        golden.addAll(locked.packages());
      }
    }
    Set<String> general = new TreeSet<>();
    golden.forEach(name -> general.add(KernelRelease.generalise(name, name)));

    Set<String> ruled = new TreeSet<>();
    for (List<String> words : Table.read("rules.txt").rows()) {
      if (words.get(0).equals("rule")) {
        ruled.add(words.get(1));
      }
    }
    ruled.removeAll(general);
    assertEquals(Set.of(), ruled);
  }

  @Test
  void debhelpersSectionsAreRecognised() {
    assertEffects(
        List.of(new Effect.InitScript("ssh")),
        CONFIGURE
            + """
            	if [ -z "${DPKG_ROOT:-}" ] && [ -x "/etc/init.d/ssh" ]; then
            		update-rc.d ssh defaults >/dev/null
            		invoke-rc.d --skip-systemd-native ssh start || exit 1
            	fi
            fi
            """);
    assertEffects(
        List.of(new Effect.ApplyTmpfiles(List.of("a.conf", "b.conf"))),
        CONFIGURE
            + """
            	if [ -x "$(command -v systemd-tmpfiles)" ]; then
            		systemd-tmpfiles ${DPKG_ROOT:+--root="$DPKG_ROOT"} --create a.conf b.conf >/dev/null || true
            	fi
            fi
            """);
    assertEffects(
        List.of(),
        """
        dpkg-maintscript-helper rm_conffile /etc/x 1.2\\~ -- "$@"
        dpkg-maintscript-helper rm_conffile /etc/y 1.2\\~ -- "$@"
        """);
  }

  @Test
  void enablingIsToldFromKeepingAsItWas() {
    assertEffects(
        List.of(new Effect.HelperEnable("a.service")),
        CONFIGURE
            + """
            	# The following line should be removed in trixie or trixie+1
            	deb-systemd-helper unmask 'a.service' >/dev/null || true

            	# was-enabled defaults to true, so new installations run enable.
            	if deb-systemd-helper --quiet was-enabled 'a.service'; then
            		deb-systemd-helper enable 'a.service' >/dev/null || true
            	else
            		deb-systemd-helper update-state 'a.service' >/dev/null || true
            	fi
            fi
            """);
    assertEffects(
        List.of(new Effect.HelperUpdateState("a.service")),
        CONFIGURE
            + """
            	if deb-systemd-helper debian-installed 'a.service'; then
            		deb-systemd-helper unmask 'a.service' >/dev/null || true
            		if deb-systemd-helper --quiet was-enabled 'a.service'; then
            			deb-systemd-helper enable 'a.service' >/dev/null || true
            		fi
            	fi
            	deb-systemd-helper update-state 'a.service' >/dev/null || true
            fi
            """);
  }

  @Test
  void aKernelsReleaseStandsForItself() {
    assertEquals(
        "version=@KERNEL@ in linux-image-@KERNEL@",
        KernelRelease.generalise(
            "version=6.1.0-9-amd64 in linux-image-6.1.0-9-amd64", "linux-image-6.1.0-9-amd64"));
    assertEquals(Optional.empty(), KernelRelease.of("linux-image-cloud-amd64"));
    assertEquals(Optional.empty(), KernelRelease.of("linux-image-"));
  }

  @Test
  void aSectionWithSomethingElseInItIsUnknown() {
    String good = "dpkg-maintscript-helper rm_conffile /etc/x 1.2 -- \"$@\"\n";
    assertTrue(SnippetTable.load().effects(new Section("dh", good)).isPresent());
    for (String bad :
        List.of(
            good + "rm -rf /\n",
            "dpkg-maintscript-helper rm_conffile /etc/x; reboot -- \"$@\"\n",
            "dpkg-maintscript-helper rm_conffile $(reboot) -- \"$@\"\n",
            "")) {
      assertTrue(SnippetTable.load().effects(new Section("dh", bad)).isEmpty(), bad);
    }
    // Two names where the template has one twice.
    assertTrue(
        SnippetTable.load()
            .effects(
                new Section(
                    "dh_installinit",
                    CONFIGURE
                        + """
                        if [ -x "/etc/init.d/a" ]; then
                        update-rc.d b defaults >/dev/null || exit 1
                        fi
                        fi
                        """))
            .isEmpty());
  }

  @Test
  void hereDocumentsAreTakenFromTheScript() {
    String script = "cat > /etc/x <<-EOF\n\ta\tb\n\n\tc\n\tEOF\ncat <<'END' > /etc/y\n\ty\nEND\n";

    assertEquals("a\tb\n\nc\n", HereDocument.writtenTo(AbsolutePath.of("/etc/x"), script));
    assertEquals("\ty\n", HereDocument.writtenTo(AbsolutePath.of("/etc/y"), script));
    assertThrows(
        IllegalStateException.class, () -> HereDocument.writtenTo(AbsolutePath.of("/etc"), script));
    assertThrows(
        IllegalStateException.class,
        () -> HereDocument.writtenTo(AbsolutePath.of("/x"), "cat > /x <<E\n$HOME\nE\n"));
  }

  private static void assertEffects(List<Effect> expected, String body) {
    assertEquals(
        Optional.of(expected), SnippetTable.load().effects(new Section("debhelper", body)));
  }

  private static MaintainerScript script(String text) {
    return MaintainerScript.parse(
        "postinst", text.getBytes(StandardCharsets.UTF_8), "1.0-1", "x86_64-linux-gnu");
  }
}
