package io.hardbake.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.artifact.InstalledPackage;
import io.hardbake.hygiene.Rule;
import io.hardbake.image.Finding;
import io.hardbake.io.Sha256;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An SBOM in CycloneDX, of which no more is read than hardbake writes: Debian packages and
 * Kubernetes' programs, told by their package URLs.
 */
final class SbomDocument {
  private static final AbsolutePath PROGRAMS = AbsolutePath.of("/usr/local/bin");

  /** In boot partitions or the initramfs; dpkg does not know it. */
  private static final String EMBEDDED = "embedded";

  private static final String INSTALLED = "installed";

  /** In a package URL. */
  private static final Pattern ARCHITECTURE = Pattern.compile("[?&]arch=([^&#]*)");

  private final JsonNode root;

  SbomDocument(JsonNode root) {
    this.root = root;
  }

  static boolean is(JsonNode root) {
    return root.path("bomFormat").asText().equals("CycloneDX");
  }

  int components() {
    return root.path("components").size();
  }

  /** What is wrong with the document by itself. */
  List<Finding> check() {
    List<Finding> findings = new ArrayList<>();
    if (!root.path("specVersion").isTextual() || components() == 0) {
      findings.add(Check.V09.finding("components", "there are none, or no specVersion"));
    }
    Set<String> references = new HashSet<>();
    for (JsonNode component : root.path("components")) {
      String name = component.path("name").asText();
      String reference = component.path("bom-ref").asText(name);
      if (name.isEmpty() || component.path("version").asText().isEmpty()) {
        findings.add(Check.V09.finding(reference, "has no name or no version"));
      }
      if (!references.add(reference)) {
        findings.add(Check.V09.finding(reference, "is there twice"));
      }
      if (component.path("type").asText().equals("operating-system")) {
        continue;
      }
      String purl = component.path("purl").asText();
      if (!purl.contains(encoded("/" + name)) && !purl.endsWith("/" + name)) {
        findings.add(Check.V09.finding(reference, "has a package URL of something else: " + purl));
      }
      if (sha256(component).isEmpty()) {
        findings.add(Rule.H20.finding(reference, "has no SHA-256"));
      }
    }
    return findings;
  }

  /**
   * Where an image has other packages or programs.
   *
   * @param packages by name and architecture
   */
  List<Finding> compare(FileTree tree, SortedMap<String, InstalledPackage> packages) {
    List<Finding> findings = new ArrayList<>();
    SortedMap<String, InstalledPackage> left = new TreeMap<>(packages);
    for (JsonNode component : root.path("components")) {
      String name = component.path("name").asText();
      String version = component.path("version").asText();
      String purl = component.path("purl").asText();
      if (purl.startsWith("pkg:deb/") && !property(component, "state").equals(EMBEDDED)) {
        Matcher architecture = ARCHITECTURE.matcher(purl);
        String full = name + ":" + (architecture.find() ? architecture.group(1) : "");
        comparePackage(full, component, Optional.ofNullable(left.remove(full)), findings);
      } else if (purl.startsWith("pkg:golang/k8s.io/")) {
        compareProgram(tree, name, version, component, findings);
      }
    }
    left.forEach(
        (full, installed) ->
            findings.add(
                Check.V07.finding(
                    full, "%s is installed, and not in the SBOM".formatted(installed.version()))));
    return findings;
  }

  private static void comparePackage(
      String full,
      JsonNode component,
      Optional<InstalledPackage> installed,
      List<Finding> findings) {
    if (installed.isEmpty()) {
      findings.add(Check.V07.finding(full, "is in the SBOM, and not installed"));
      return;
    }
    String name = installed.get().name();
    String version = component.path("version").asText();
    if (!installed.get().version().equals(version)) {
      findings.add(
          Check.V07.finding(
              name,
              "version is %s, and %s in the SBOM".formatted(installed.get().version(), version)));
    }
    String state = property(component, "state");
    if (!state.isEmpty() && state.equals(INSTALLED) != installed.get().isConfigured()) {
      findings.add(Check.V07.finding(name, "is not in the state of the SBOM: " + state));
    }
  }

  private static void compareProgram(
      FileTree tree, String name, String version, JsonNode component, List<Finding> findings) {
    Optional<Sha256> expected = sha256(component);
    Optional<Sha256> actual = Optional.empty();
    for (Map.Entry<AbsolutePath, Entry> each : tree.children(PROGRAMS).entrySet()) {
      if (each.getKey().name().equals(name) && each.getValue() instanceof RegularFile file) {
        actual = Optional.of(file.content().sha256());
      }
    }
    if (!actual.equals(expected)) {
      findings.add(
          Check.V07.finding(
              PROGRAMS.child(name).value(),
              "is not the program of %s that the SBOM names: SHA-256 is %s, and %s there"
                  .formatted(
                      version,
                      actual.map(Sha256::hex).orElse("missing"),
                      expected.map(Sha256::hex).orElse("missing"))));
    }
  }

  private static Optional<Sha256> sha256(JsonNode component) {
    for (JsonNode hash : component.path("hashes")) {
      if (hash.path("alg").asText().equals("SHA-256")) {
        return Sha256.parse(hash.path("content").asText());
      }
    }
    return Optional.empty();
  }

  private static String property(JsonNode component, String name) {
    for (JsonNode property : component.path("properties")) {
      if (property.path("name").asText().equals("hardbake:" + name)) {
        return property.path("value").asText();
      }
    }
    return "";
  }

  /** A name as package URLs have it, followed by its version. */
  private static String encoded(String name) {
    return name.replace("+", "%2B") + "@";
  }
}
