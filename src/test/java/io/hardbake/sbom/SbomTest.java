package io.hardbake.sbom;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import io.hardbake.sbom.DebianPart.State;
import io.hardbake.tree.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("changes the default time zone")
final class SbomTest {
  private static final Sha256 DIGEST = Sha256.of("a .deb".getBytes(UTF_8));

  @Test
  void cycloneDxAcceptsTheDocument() throws Exception {
    assertEquals(List.of(), new JsonParser().validate(text(bill("1")), Sbom.VERSION));
  }

  /** Negative control: CycloneDX's validation sees a licence that SPDX does not have. */
  @Test
  void cycloneDxRefusesAnotherLicence() throws Exception {
    String broken = text(bill("1")).replace("\"GPL-2.0-or-later\"", "\"GPL-2.0-or-so\"");
    assertFalse(new JsonParser().validate(broken, Sbom.VERSION).isEmpty());
  }

  @Test
  void packagesAreNamedAsScannersLookForThem() throws Exception {
    JsonNode bash = component(bill("1"), "bash");
    assertEquals(
        "pkg:deb/debian/bash@1%3A5.2-2%2Bb13?arch=amd64&distro=debian-12&upstream=bash%405.2-2",
        bash.get("purl").asText());
    assertEquals("SHA-256", bash.at("/hashes/0/alg").asText());
    assertEquals(DIGEST.hex(), bash.at("/hashes/0/content").asText());
    assertEquals("bash", property(bash, "source:name"));
    assertEquals("5.2-2", property(bash, "source:version"));
    assertEquals("debian-security", property(bash, "archive"));
    assertEquals("pool/b.deb", property(bash, "path"));
    assertEquals("unpacked", property(bash, "state"));
    assertEquals("libvirt oci", property(bash, "formats"));
    JsonNode licences = bash.get("licenses");
    assertEquals("GPL-2.0-or-later", licences.at("/0/license/id").asText());
    assertEquals("GPL-1+ or Artistic", licences.at("/1/license/name").asText());
    assertEquals(2, licences.size());
    JsonNode zlib = component(bill("1"), "zlib1g");
    assertEquals(
        "pkg:deb/debian/zlib1g@1.2?arch=amd64&distro=debian-12&upstream=zlib",
        zlib.get("purl").asText());
    assertTrue(zlib.path("licenses").isMissingNode());
  }

  @Test
  void kubernetesSaysWhatItReallyIs() throws Exception {
    JsonNode kubectl = component(bill("1"), "kubectl");
    assertEquals("pkg:golang/k8s.io/kubernetes@v1.20.2#cmd/kubectl", kubectl.get("purl").asText());
    assertEquals(
        "cpe:2.3:a:kubernetes:kubernetes:1.20.2:*:*:*:*:*:*:*", kubectl.get("cpe").asText());
    assertEquals(
        "cpe:2.3:a:kubernetes:kubernetes:1.19.0:rc1:*:*:*:*:*:*", Sbom.cpe("v1.19.0-rc.1"));
    assertEquals("debian-source", property(kubectl, "source"));
    assertEquals("kubernetes.orig.tar.xz sha256:12", property(kubectl, "input"));
  }

  @Test
  void theDocumentSaysWhatItIsOfAndWhoMadeIt() throws Exception {
    JsonNode root = new ObjectMapper().readTree(text(bill("1")));
    assertEquals("2024-06-01T12:00:00Z", root.at("/metadata/timestamp").asText());
    assertEquals("hardbake", root.at("/metadata/tools/components/0/name").asText());
    assertEquals("1", root.at("/metadata/tools/components/0/version").asText());
    assertEquals("web", root.at("/metadata/component/name").asText());
    assertEquals("v1.20.2", root.at("/metadata/component/version").asText());
    JsonNode system = root.at("/components/0");
    assertEquals("operating-system", system.get("type").asText());
    assertEquals("debian 12", system.get("name").asText() + " " + system.get("version").asText());
    assertEquals(root.get("components").size(), root.at("/dependencies/0/dependsOn").size());
  }

  @Test
  void equalBillsGiveEqualBytesWhereverAndOthersDoNot() throws Exception {
    TimeZone zone = TimeZone.getDefault();
    String one = text(bill("1"));
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      assertEquals(one, text(bill("1")));
    } finally {
      TimeZone.setDefault(zone);
    }
    assertEquals(bill("1").identity(), bill("1").identity());
    assertNotEquals(bill("1").identity(), bill("2").identity());
    assertNotEquals(serial(one), serial(text(bill("2"))));
  }

  private static Bill bill(String tool) {
    DebianPart zlib =
        new DebianPart(
            "zlib1g",
            "1.2",
            "amd64",
            new DebianPart.Origin("zlib", "1.2", "debian", "pool/z.deb"),
            DIGEST,
            Optional.of(Content.of("zlib is free\nLicense: none of DEP-5\n")),
            State.INSTALLED,
            new TreeSet<>(List.of("oci")));
    DebianPart bash =
        new DebianPart(
            "bash",
            "1:5.2-2+b13",
            "amd64",
            new DebianPart.Origin("bash", "5.2-2", "debian-security", "pool/b.deb"),
            DIGEST,
            Optional.of(
                Content.of(
                    """
                    Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

                    Files: *
                    Copyright: somebody
                    License: GPL-2+

                    Files: some/*
                    License: GPL-1+  or Artistic

                    License: GPL-2+
                     The text. # and no comment
                    \t
                    License: BSD-never-used
                     Another text.
                    """)),
            State.UNPACKED,
            new TreeSet<>(List.of("oci", "libvirt")));
    KubernetesPart kubectl =
        new KubernetesPart(
            "kubectl",
            "v1.20.2",
            DIGEST,
            "debian-source",
            "Debian source package",
            new TreeMap<>(java.util.Map.of("kubernetes.orig.tar.xz", "sha256:12")),
            new TreeSet<>(List.of("oci")));
    return new Bill(
        new Bill.Subject(
            "web",
            Bill.Kind.IMAGE,
            Architecture.AMD64,
            "v1.20.2",
            DIGEST,
            Instant.parse("2024-06-01T12:00:00Z"),
            tool),
        new Bill.Distribution("debian", "12"),
        List.of(zlib, bash),
        List.of(kubectl));
  }

  private static String text(Bill bill) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Sbom.write(bill, out);
    return out.toString(UTF_8);
  }

  private static String serial(String document) throws IOException {
    return new ObjectMapper().readTree(document).get("serialNumber").asText();
  }

  private static JsonNode component(Bill bill, String name) throws IOException {
    for (JsonNode each : new ObjectMapper().readTree(text(bill)).get("components")) {
      if (each.get("name").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError("no component " + name);
  }

  private static String property(JsonNode component, String name) {
    for (JsonNode each : component.get("properties")) {
      if (each.get("name").asText().equals("hardbake:" + name)) {
        return each.get("value").asText();
      }
    }
    throw new AssertionError("no property " + name + " in " + component);
  }
}
