package io.hardbake.sbom;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hardbake.io.Sha256;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Dependency;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.License;
import org.cyclonedx.model.LicenseChoice;
import org.cyclonedx.model.Metadata;
import org.cyclonedx.model.Property;
import org.cyclonedx.model.metadata.ToolInformation;

/** A bill as a CycloneDX document. */
public final class Sbom {
  /** What scanners of today read; 1.7 adds nothing that a bill has. */
  static final Version VERSION = Version.VERSION_16;

  private static final Pattern TIMESTAMP = Pattern.compile("(?<=\"timestamp\" : \")[^\"]*");

  private final Bill bill;
  private final Licences licences = new Licences();

  private Sbom(Bill bill) {
    this.bill = bill;
  }

  /** Writes the JSON document; equal bills give equal bytes. */
  public static void write(Bill bill, OutputStream out) throws IOException {
    try {
      Bom bom = new Sbom(bill).bom();
      String text = BomGeneratorFactory.createJson(VERSION, bom).toJsonString() + "\n";
      // The library writes dates with the digits of the user's language.
      String time = bill.subject().created().truncatedTo(ChronoUnit.SECONDS).toString();
      out.write(TIMESTAMP.matcher(text).replaceFirst(time).getBytes(UTF_8));
    } catch (GeneratorException e) {
      throw new IllegalStateException("CycloneDX refuses what it was given", e);
    }
  }

  private Bom bom() throws IOException {
    Component subject = subject();
    Bom bom = new Bom();
    Sha256 identity = bill.identity();
    bom.setSerialNumber("urn:uuid:" + identity.uuid());
    bom.setMetadata(metadata(subject));
    bom.addComponent(operatingSystem());
    for (DebianPart part : bill.packages()) {
      bom.addComponent(component(part));
    }
    for (KubernetesPart part : bill.programs()) {
      bom.addComponent(component(part));
    }
    Dependency whole = new Dependency(subject.getBomRef());
    bom.getComponents().forEach(part -> whole.addDependency(new Dependency(part.getBomRef())));
    bom.addDependency(whole);
    return bom;
  }

  private Metadata metadata(Component subject) {
    Component tool = component(Component.Type.APPLICATION, "hardbake", bill.subject().tool());
    tool.setBomRef("hardbake");
    ToolInformation tools = new ToolInformation();
    tools.setComponents(List.of(tool));
    Metadata metadata = new Metadata();
    metadata.setTimestamp(Date.from(bill.subject().created()));
    metadata.setToolChoice(tools);
    metadata.setComponent(subject);
    return metadata;
  }

  private Component subject() {
    Bill.Subject of = bill.subject();
    Component.Type type =
        switch (of.kind()) {
          case IMAGE -> Component.Type.CONTAINER;
          case DISK, BOX -> Component.Type.PLATFORM;
        };
    Component subject = component(type, of.role(), of.version());
    subject.setBomRef(of.role() + "-" + of.architecture());
    add(subject, "architecture", of.architecture().debianName());
    add(subject, "lock", "sha256:" + of.lock());
    return subject;
  }

  private Component operatingSystem() {
    Bill.Distribution distribution = bill.distribution();
    Component system =
        component(Component.Type.OPERATING_SYSTEM, distribution.id(), distribution.version());
    system.setBomRef(distribution.word());
    return system;
  }

  private Component component(DebianPart part) throws IOException {
    Component component = component(Component.Type.LIBRARY, part.name(), part.version());
    identify(component, PackageUrl.of(part, bill.distribution()), part.sha256());
    if (part.copyright().isPresent()) {
      setLicences(component, licences(part.copyright().get()));
    }
    DebianPart.Origin origin = part.origin();
    add(component, "archive", origin.archive());
    add(component, "path", origin.path());
    add(component, "source:name", origin.source());
    add(component, "source:version", origin.sourceVersion());
    add(component, "state", part.state().toString());
    add(component, "formats", String.join(" ", part.formats()));
    return component;
  }

  /** As the National Vulnerability Database has it: what is before a release is an update to it. */
  static String cpe(String version) {
    String[] parts = version.replaceFirst("^v", "").split("-", 2);
    String update = parts.length == 1 ? "*" : parts[1].replace(".", "");
    return "cpe:2.3:a:kubernetes:kubernetes:%s:%s:*:*:*:*:*:*".formatted(parts[0], update);
  }

  private static Component component(KubernetesPart part) {
    Component component = component(Component.Type.APPLICATION, part.name(), part.version());
    identify(component, PackageUrl.of(part), part.sha256());
    component.setCpe(cpe(part.version()));
    setLicences(component, List.of(license("Apache-2.0")));
    add(component, "source", part.source());
    add(component, "origin", part.origin());
    for (Map.Entry<String, String> input : part.inputs().entrySet()) {
      add(component, "input", input.getKey() + " " + input.getValue());
    }
    add(component, "formats", String.join(" ", part.formats()));
    return component;
  }

  private List<License> licences(Content copyright) throws IOException {
    NavigableSet<String> identifiers = new TreeSet<>();
    NavigableSet<String> names = new TreeSet<>();
    for (String name : Copyright.licences(copyright.text())) {
      licences.identifier(name).ifPresentOrElse(identifiers::add, () -> names.add(name));
    }
    List<License> found = new ArrayList<>();
    identifiers.forEach(identifier -> found.add(license(identifier)));
    for (String name : names) {
      License license = new License();
      license.setName(name);
      found.add(license);
    }
    return found;
  }

  private static License license(String identifier) {
    License license = new License();
    license.setId(identifier);
    return license;
  }

  private static void setLicences(Component component, List<License> licences) {
    if (!licences.isEmpty()) {
      LicenseChoice choice = new LicenseChoice();
      choice.setLicenses(licences);
      component.setLicenses(choice);
    }
  }

  private static Component component(Component.Type type, String name, String version) {
    Component component = new Component();
    component.setType(type);
    component.setName(name);
    component.setVersion(version);
    return component;
  }

  private static void identify(Component component, String purl, Sha256 sha256) {
    component.setPurl(purl);
    component.setBomRef(purl);
    component.addHash(new Hash(Hash.Algorithm.SHA_256, sha256.hex()));
  }

  private static void add(Component component, String name, String value) {
    Property property = new Property();
    property.setName("hardbake:" + name);
    property.setValue(value);
    component.addProperty(property);
  }
}
