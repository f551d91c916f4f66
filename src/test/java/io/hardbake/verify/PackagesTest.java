package io.hardbake.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.artifact.InstalledPackage;
import io.hardbake.hygiene.Subject.Installed;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A package for two architectures, and one of which nothing but configuration is left. */
final class PackagesTest {
  private static final String STATUS =
      """
      Package: gone
      Status: deinstall ok config-files
      Architecture: amd64
      Version: 1

      Package: libc6
      Status: install ok installed
      Architecture: amd64
      Version: 2.36

      Package: libc6
      Status: install ok unpacked
      Architecture: i386
      Version: 2.36
      """;

  private static FileTree tree() {
    Meta meta = Meta.root(0644, 0, Provenance.UNKNOWN);
    FileTree.Builder tree = FileTree.builder(meta.withMode(0755));
    tree.put(InstalledPackage.STATUS, new RegularFile(meta, Content.of(STATUS)));
    return tree.freeze();
  }

  @Test
  void anSbomHasToNameEachArchitectureThatIsInstalled() throws Exception {
    String libc =
        """
        {"name": "libc6", "version": "2.36", "purl": "pkg:deb/debian/libc6@2.36?arch=%s&distro=x"}
        """;
    assertEquals(List.of(), compare(libc.formatted("amd64") + "," + libc.formatted("i386")));
    assertEquals(
        List.of(Check.V07.finding("libc6:i386", "2.36 is installed, and not in the SBOM")),
        compare(libc.formatted("amd64")));
    assertEquals(
        List.of(
            Check.V07.finding("libc6:arm64", "is in the SBOM, and not installed"),
            Check.V07.finding("libc6:amd64", "2.36 is installed, and not in the SBOM")),
        compare(libc.formatted("arm64") + "," + libc.formatted("i386")));
  }

  private static List<?> compare(String components) throws Exception {
    String json = "{\"components\": [" + components + "]}";
    return new SbomDocument(new ObjectMapper().readTree(json))
        .compare(tree(), InstalledPackage.in(tree()));
  }

  /** Else a rule would demand what a package gets at first boot. */
  @Test
  void whatWaitsForFirstBootSpeaksForItsName() throws Exception {
    assertEquals(
        Map.of("libc6", new Installed("2.36", false)),
        Images.byName(InstalledPackage.in(tree()).values()));
  }
}
