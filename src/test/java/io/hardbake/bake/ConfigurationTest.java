package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.RecipeException;
import io.hardbake.image.Architecture;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  private static final long TIME = 1_700_000_000L;
  private static final Meta FILE = Meta.root(0644, TIME, new Provenance("test"));
  private static final List<Unconfigured> LEFT = List.of(new Unconfigured("odd", "no rule"));
  private static final String STATE = "/var/lib/systemd/deb-systemd-helper-enabled/";
  private static final String WANTS = "/etc/systemd/system/multi-user.target.wants/";

  @TempDir private Path project;
  private final FileTree.Builder packages =
      FileTree.builder(Meta.root(0755, TIME, FILE.provenance()));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "remove: [/usr/bin/gunzip]",
        "links: [{path: /usr/bin/gunzip, target: pigz}]",
        "files: [{path: /usr/bin/gunzip, content: mine}]"
      })
  void oneNameOfAFileMayBecomeTheRecipes(String recipe) throws Exception {
    file("/usr/bin/gunzip", "program");
    packages.put(at("/usr/bin/uncompress"), new HardLink(FILE, at("/usr/bin/gunzip")));

    assertEquals("program", text(configured(recipe, List.of()), "/usr/bin/uncompress"));
  }

  @Test
  void aDisabledUnitStaysSoWherePostinstsAreYetToRun() throws Exception {
    file("/lib/systemd/system/odd.service", "[Install]\nWantedBy=multi-user.target\n");
    String recipe = "units: {disable: [odd.service]}";

    assertEquals(
        WANTS + "odd.service\n", text(configured(recipe, LEFT), STATE + "odd.service.dsh-also"));
    assertTrue(configured(recipe, List.of()).get(at(STATE + "odd.service.dsh-also")).isEmpty());
  }

  /** {@code systemctl preset} of the service enables the socket, too. */
  @Test
  void whatAnotherUnitWouldEnableAlongIsNamedToFirstBoot() throws Exception {
    file("/lib/systemd/system/odd.service", "[Install]\nWantedBy=a.target\nAlso=odd.socket\n");
    file("/lib/systemd/system/odd.socket", "[Install]\nWantedBy=sockets.target\n");
    String recipe = "units: {disable: [odd.socket]}";
    String list = "/var/lib/hardbake/disabled";

    assertEquals(
        "/etc/systemd/system/sockets.target.wants/odd.socket\n",
        text(configured(recipe, LEFT), list));
    assertTrue(configured(recipe, List.of()).get(at(list)).isEmpty());
    assertTrue(configured("units: {enable: [odd.socket]}", LEFT).get(at(list)).isEmpty());
  }

  @Test
  void whatStandsInPlaceOfADisabledUnitsLinkStays() throws Exception {
    file("/lib/systemd/system/odd.service", "[Install]\nAlias=other.service\n");
    FileTree tree = configured("units: {disable: [odd.service], mask: [other.service]}", LEFT);
    assertTrue(tree.get(at("/var/lib/hardbake/disabled")).isEmpty());
  }

  @Test
  void whatASettledPackageRemembersOfAUnitStays() throws Exception {
    file("/lib/systemd/system/odd.service", "[Install]\nWantedBy=multi-user.target\n");
    file(STATE + "odd.service.dsh-also", "what it remembers\n");

    FileTree tree = configured("units: {disable: [odd.service]}", LEFT);
    assertEquals("what it remembers\n", text(tree, STATE + "odd.service.dsh-also"));
  }

  @Test
  void aRemovedConffileDoesNotComeBackWithItsPackage() throws Exception {
    file("/etc/odd.conf.dpkg-new", "odd");
    file("/etc/other.conf.dpkg-new", "other");

    FileTree tree = configured("remove: [/etc/odd.conf]", LEFT);
    assertTrue(tree.get(at("/etc/odd.conf.dpkg-new")).isEmpty());
    assertEquals("other", text(tree, "/etc/other.conf.dpkg-new"));
  }

  @Test
  void anInstancesOwnFileComesBeforeItsTemplates() throws Exception {
    String wanted = "[Install]\nWantedBy=multi-user.target \\\n  other.target\n";
    file("/etc/systemd/system/own@x.service", wanted);
    file("/lib/systemd/system/own@.service", "[Install]\nWantedBy=template.target\n");

    FileTree tree = configured("units: {enable: [own@x.service]}", List.of());
    for (String target : List.of("multi-user", "other")) {
      Symlink link =
          (Symlink)
              tree.get(at("/etc/systemd/system/" + target + ".target.wants/own@x.service"))
                  .orElseThrow();
      assertEquals("/etc/systemd/system/own@x.service", link.target());
    }
    assertEquals(2, tree.children(at("/etc/systemd/system")).size() - 1);
  }

  /** As {@code systemctl enable} refuses it. */
  @Test
  void aTemplateWithoutAnInstanceIsRefused() throws Exception {
    file("/lib/systemd/system/vpn@.service", "[Install]\nWantedBy=multi-user.target\n");
    file("/lib/systemd/system/sub@.service", "[Install]\nWantedBy=vpn@.service\n");
    RecipeException e =
        assertThrows(
            RecipeException.class, () -> configured("units: {enable: [vpn@.service]}", List.of()));
    assertEquals("enable an instance: vpn@NAME.service", e.remedy());
    configured("units: {enable: [sub@.service]}", List.of());
  }

  @Test
  void anInstanceMayHaveDotsInItsName() throws Exception {
    file("/lib/systemd/system/vpn@.service", "[Install]\nWantedBy=multi-user.target\n");

    FileTree tree = configured("units: {enable: [vpn@vpn.example.service]}", List.of());
    assertEquals(
        "/lib/systemd/system/vpn@.service",
        ((Symlink) tree.get(at(WANTS + "vpn@vpn.example.service")).orElseThrow()).target());
  }

  @Test
  void blanksAroundTheSignOfAnAssignmentDoNotCount() throws Exception {
    file("/etc/systemd/system/x.service", "[Install]\nWantedBy =\nWantedBy = multi-user.target\n");

    FileTree tree = configured("units: {enable: [x.service]}", List.of());
    assertEquals(
        List.of(at(WANTS + "x.service")),
        List.copyOf(tree.children(at(WANTS.replaceFirst("/$", ""))).keySet()));
  }

  @Test
  void anOwnerMayBeMadeAtFirstBoot() {
    String recipe = "files: [{path: /a, content: x, owner: odd}]";
    assertTrue(flaw(recipe, List.of()).endsWith(": the image has no user odd"));
    assertTrue(
        flaw(recipe, LEFT)
            .endsWith(
                ": the image has no user odd; at first boot one may be made by what is left to"
                    + " dpkg: odd"));
  }

  private String flaw(String recipe, List<Unconfigured> left) {
    RecipeException e = assertThrows(RecipeException.class, () -> configured(recipe, left));
    return String.valueOf(e.getMessage());
  }

  private FileTree configured(String recipe, List<Unconfigured> left) throws Exception {
    return WebRole.configured(project, recipe, Architecture.AMD64, TIME, packages.freeze(), left);
  }

  private void file(String path, String text) {
    packages.put(at(path), new RegularFile(FILE, Content.of(text)));
  }

  private static String text(FileTree tree, String path) throws Exception {
    return tree.file(at(path)).orElseThrow().content().text();
  }

  private static AbsolutePath at(String path) {
    return AbsolutePath.of(path);
  }
}
