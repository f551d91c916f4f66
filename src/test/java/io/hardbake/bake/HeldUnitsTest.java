package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.image.Architecture;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which units of a role wait at first boot for what is left to dpkg, and how. */
class HeldUnitsTest {
  private static final long TIME = 1_700_000_000L;
  private static final List<Unconfigured> LEFT = List.of(new Unconfigured("odd", "no rule"));
  private static final String DROP_IN = ".d/hardbake-configure.conf";
  private static final String CONDITION = "ConditionPathExists=!/var/lib/hardbake/unconfigured\n";
  private static final String AFTER = "After=hardbake-configure.service\n";
  private static final String INSTALL = "[Install]\nWantedBy=multi-user.target\n";

  @TempDir private Path project;
  private final FileTree.Builder packages = FileTree.builder(meta("base-files"));

  @BeforeEach
  void mergeUsr() {
    packages.put(at("/usr/lib"), new Directory(meta("base-files")));
    packages.put(at("/lib"), new Symlink(meta("base-files"), "usr/lib"));
  }

  @Test
  void anEnabledUnitOfAPackageLeftToDpkgWaitsForIt() throws Exception {
    unit("odd.service", "odd", INSTALL);
    unit("other.service", "other", INSTALL);
    unit("odder.service", "odder", INSTALL);
    String recipe = "units: {enable: [odd.service, other.service, odder.service]}";

    assertEquals(waiting("odd.service", CONDITION + AFTER), held(recipe, LEFT));
    assertEquals(new TreeMap<>(), held(recipe, List.of()));
  }

  /** A recipe's own file for a package's unit starts the package's program, too. */
  @Test
  void aUnitOfTheRecipesInPlaceOfThePackagesWaits() throws Exception {
    unit("odd.service", "odd", INSTALL);
    assertEquals(
        waiting("odd.service", CONDITION + AFTER),
        held(
            "files: [{path: /etc/systemd/system/odd.service, content: \"%s\"}]\n"
                    .formatted(INSTALL.replace("\n", "\\n"))
                + "units: {enable: [odd.service]}",
            LEFT));
  }

  /** Configure comes after sockets and early boot: those could never wait for its end. */
  @Test
  void whatConfigureMayWaitForIsSkippedInstead() throws Exception {
    unit("odd.service", "odd", "[Install]\nWantedBy=a.target\nAlso=odd.socket\n");
    unit("odd.socket", "odd", "[Install]\nWantedBy=sockets.target\n");
    unit("early.service", "odd", "[Unit]\nDefaultDependencies = no\n" + INSTALL);

    SortedMap<String, String> expected = waiting("odd.service", CONDITION + AFTER);
    expected.putAll(waiting("odd.socket", CONDITION));
    expected.putAll(waiting("early.service", CONDITION));
    assertEquals(expected, held("units: {enable: [odd.service, early.service]}", LEFT));
  }

  @Test
  void allInstancesOfATemplateWait() throws Exception {
    unit("odd@.service", "odd", INSTALL);
    assertEquals(
        waiting("odd@.service", CONDITION + AFTER),
        held("units: {enable: [odd@vpn.example.service]}", LEFT));
  }

  @Test
  void theRolesServicesWaitWhoeverBringsAndEnablesThem() throws Exception {
    unit("web.service", "web", INSTALL);
    unit("other.service", "other", INSTALL);
    for (String services : List.of("cache web", ">\n    cache\n    web", "|\n    web\n    cache")) {
      String recipe = "variables:\n  services: " + services + "\nunits: {enable: [other.service]}";

      assertEquals(waiting("web.service", CONDITION + AFTER), held(recipe, LEFT));
      assertEquals(new TreeMap<>(), held(recipe, List.of()));
    }
  }

  private static SortedMap<String, String> waiting(String unit, String settings) {
    return new TreeMap<>(Map.of(unit, settings));
  }

  /** The settings of all drop-ins of first boot, by unit. */
  private SortedMap<String, String> held(String recipe, List<Unconfigured> left) throws Exception {
    FileTree tree =
        WebRole.configured(project, recipe, Architecture.AMD64, TIME, packages.freeze(), left);
    SortedMap<String, String> held = new TreeMap<>();
    for (AbsolutePath path : tree.entries().keySet()) {
      if (path.value().endsWith(DROP_IN)) {
        String text = tree.file(path).orElseThrow().content().text();
        String settings = text.substring(text.indexOf("[Unit]\n") + "[Unit]\n".length());
        held.put(path.parent().name().replaceFirst("\\.d$", ""), settings);
      }
    }
    return held;
  }

  private void unit(String name, String packageName, String text) {
    AbsolutePath path = at("/usr/lib/systemd/system/" + name);
    packages.put(path, new RegularFile(meta(packageName), Content.of(text)));
  }

  private static Meta meta(String packageName) {
    return Meta.root(0755, TIME, Provenance.ofPackage(packageName, "1.0-1"));
  }

  private static AbsolutePath at(String path) {
    return AbsolutePath.of(path);
  }
}
