package io.hardbake.vagrant;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.disk.SampleVolume;
import io.hardbake.disk.Volume;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.DirectoryClusterCache;
import io.hardbake.disk.qcow2.Compression;
import io.hardbake.image.Architecture;
import io.hardbake.image.BlankLedger;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class BoxTest {
  private static final String OVF = "http://schemas.dmtf.org/ovf/envelope/1";
  private static final String RASD =
      "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData";
  private static final Instant TIME = Instant.parse("2024-08-17T11:22:33Z");

  @TempDir private Path directory;

  @Test
  void libvirtBoxesHoldWhatThePluginReads() throws Exception {
    Box box = box(Provider.LIBVIRT, disk(1), "a");
    assertEquals("controller-amd64-libvirt.box", box.file().file().getFileName().toString());
    assertEquals(Sha256.of(box.file().file()), box.file().sha256());
    Map<String, byte[]> members = members(box);
    assertEquals(
        List.of("metadata.json", "info.json", "Vagrantfile", "box.img"),
        List.copyOf(members.keySet()));
    JsonNode metadata = json(body(members, "metadata.json"));
    assertEquals("libvirt", metadata.get("provider").textValue());
    assertEquals("qcow2", metadata.get("format").textValue());
    assertEquals("amd64", metadata.get("architecture").textValue());
    assertEquals(2, metadata.get("virtual_size").intValue()); // 1.5 GiB
    assertEquals("v1.18.6", json(body(members, "info.json")).get("kubernetes").textValue());
    String vagrantfile = text(members, "Vagrantfile");
    for (String line :
        List.of(
            "config.vm.guest = :debian",
            "config.vm.synced_folder \".\", \"/vagrant\", disabled: true",
            "libvirt.memory = 1024",
            "libvirt.cpus = 2",
            "libvirt.disk_bus = \"virtio\"",
            "libvirt.nic_model_type = \"virtio\"")) {
      assertTrue(vagrantfile.contains("  " + line + "\n"), vagrantfile);
    }
    assertFalse(vagrantfile.contains("virtualbox"), vagrantfile);
    assertEquals(0x514649fb, ByteBuffer.wrap(body(members, "box.img")).getInt());
  }

  @Test
  void virtualBoxBoxesHoldWhatAnImportReads() throws Exception {
    Box box = box(Provider.VIRTUALBOX, disk(1), "a");
    Map<String, byte[]> members = members(box);
    assertEquals(
        List.of("metadata.json", "info.json", "Vagrantfile", "box.ovf", "box-disk001.vmdk"),
        List.copyOf(members.keySet()));
    assertEquals("virtualbox", json(body(members, "metadata.json")).get("provider").textValue());
    String vagrantfile = text(members, "Vagrantfile");
    for (String line :
        List.of(
            "virtualbox.memory = 1024",
            "virtualbox.check_guest_additions = false",
            "virtualbox.functional_vboxsf = false",
            "virtualbox.default_nic_type = \"virtio\"",
            "virtualbox.customize [\"modifyvm\", :id, \"--ioapic\", \"on\"]",
            "virtualbox.customize [\"modifyvm\", :id, \"--cableconnected1\", \"on\"]")) {
      assertTrue(vagrantfile.contains("  " + line + "\n"), vagrantfile);
    }
    assertFalse(vagrantfile.contains("firmware"), vagrantfile);
    checkOvf(members);
  }

  /** Every reference leads somewhere, and what is said of the disk is so. */
  private static void checkOvf(Map<String, byte[]> members) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document ovf =
        factory.newDocumentBuilder().parse(new ByteArrayInputStream(body(members, "box.ovf")));
    assertEquals(0, ovf.getElementsByTagNameNS("*", "Machine").getLength());

    Element file = only(ovf, OVF, "File");
    byte[] vmdk = body(members, file.getAttributeNS(OVF, "href"));
    assertEquals(Integer.toString(vmdk.length), file.getAttributeNS(OVF, "size"));
    Element disk = only(ovf, OVF, "Disk");
    assertEquals(file.getAttributeNS(OVF, "id"), disk.getAttributeNS(OVF, "fileRef"));
    assertTrue(disk.getAttributeNS(OVF, "format").endsWith("vmdk.html#streamOptimized"));
    ByteBuffer header = ByteBuffer.wrap(vmdk).order(ByteOrder.LITTLE_ENDIAN);
    long capacity = header.getLong(12) * 512;
    assertEquals(Long.toString(capacity), disk.getAttributeNS(OVF, "capacity"));
    assertEquals(Size.mib(1536).bytes(), capacity);

    Map<String, Element> items = new TreeMap<>();
    Set<String> ids = new HashSet<>();
    NodeList all = ovf.getElementsByTagNameNS(OVF, "Item");
    for (int i = 0; i < all.getLength(); i++) {
      Element item = (Element) all.item(i);
      items.put(rasd(item, "ResourceType"), item);
      assertTrue(ids.add(rasd(item, "InstanceID")));
    }
    assertEquals(Set.of("3", "4", "5", "17", "10"), items.keySet());
    assertEquals("2", rasd(item(items, "3"), "VirtualQuantity"));
    assertEquals("1024", rasd(item(items, "4"), "VirtualQuantity"));
    assertEquals("MegaBytes", rasd(item(items, "4"), "AllocationUnits"));
    assertEquals("PIIX4", rasd(item(items, "5"), "ResourceSubType"));
    Element drive = item(items, "17");
    assertEquals(rasd(item(items, "5"), "InstanceID"), rasd(drive, "Parent"));
    assertEquals("/disk/" + disk.getAttributeNS(OVF, "diskId"), rasd(drive, "HostResource"));
    Element nic = item(items, "10");
    assertEquals("virtio-net", rasd(nic, "ResourceSubType"));
    assertEquals(only(ovf, OVF, "Network").getAttributeNS(OVF, "name"), rasd(nic, "Connection"));
    assertEquals("hardbake-controller", only(ovf, OVF, "VirtualSystem").getAttributeNS(OVF, "id"));
    assertEquals(
        "Debian_64", only(ovf, "http://www.virtualbox.org/ovf/machine", "OSType").getTextContent());
  }

  @Test
  void equalDisksMakeEqualBoxes() throws Exception {
    for (Provider provider : Provider.values()) {
      Box one = box(provider, disk(1), "a");
      byte[] bytes = Files.readAllBytes(one.file().file());
      Box two = box(provider, disk(1), "b");
      assertEquals(one, two);
      assertArrayEquals(bytes, Files.readAllBytes(two.file().file()));
    }
  }

  @Test
  void theCatalogNamesTheBoxesAndTheirVersion() throws Exception {
    Box libvirt = box(Provider.LIBVIRT, disk(1), "a");
    Box virtualBox = box(Provider.VIRTUALBOX, disk(1), "a");
    String version = Catalog.write(directory, "v1.18.6", TIME, List.of(virtualBox, libvirt));
    JsonNode catalog = json(Files.readAllBytes(directory.resolve("controller.json")));
    assertEquals("hardbake-controller", catalog.get("name").textValue());
    assertEquals(1, catalog.get("versions").size());
    JsonNode only = catalog.get("versions").get(0);
    assertEquals(version, only.get("version").textValue());
    assertTrue(version.matches("11806\\.20240817\\.[0-9]{1,15}"), version);
    JsonNode first = only.get("providers").get(0);
    assertEquals("libvirt", first.get("name").textValue());
    assertEquals("controller-amd64-libvirt.box", first.get("url").textValue());
    assertEquals("sha256", first.get("checksum_type").textValue());
    assertEquals(libvirt.file().sha256().hex(), first.get("checksum").textValue());
    assertTrue(first.get("default_architecture").booleanValue());
    assertEquals("virtualbox", only.get("providers").get(1).get("name").textValue());

    assertEquals(version, Catalog.write(directory, "v1.18.6", TIME, List.of(libvirt, virtualBox)));
    Box other = box(Provider.LIBVIRT, disk(2), "c");
    assertNotEquals(version, Catalog.write(directory, "v1.18.6", TIME, List.of(other, virtualBox)));
  }

  @Test
  void versionsSort() {
    List<String> versions = new ArrayList<>();
    for (String kubernetes : List.of("v1.9.11", "v1.18.6", "1.20.0-rc.1", "v1.20.2", "v2.0.0")) {
      versions.add(BoxVersion.of(kubernetes, TIME, List.of()).text());
      versions.add(BoxVersion.of(kubernetes, TIME.plusSeconds(86_400), List.of()).text());
    }
    for (int i = 1; i < versions.size(); i++) {
      assertTrue(compare(versions.get(i - 1), versions.get(i)) < 0, versions::toString);
    }
  }

  private static int compare(String a, String b) {
    String[] x = a.split("\\.", -1);
    String[] y = b.split("\\.", -1);
    for (int i = 0; i < x.length; i++) {
      int c = new BigInteger(x[i]).compareTo(new BigInteger(y[i]));
      if (c != 0) {
        return c;
      }
    }
    return 0;
  }

  private Volume disk(int seed) throws IOException {
    return Volume.builder(Size.mib(1536))
        .add(4096, SampleVolume.make(directory, Size.mib(3), seed))
        .build();
  }

  private Box box(Provider provider, Volume disk, String cache) throws Exception {
    BoxSettings settings =
        new BoxSettings(
            "controller",
            Architecture.AMD64,
            1024,
            2,
            TIME,
            new TreeMap<>(Map.of("kubernetes", "v1.18.6")));
    DirectoryClusterCache store = new DirectoryClusterCache(directory.resolve(cache));
    ClusterPacker packer = new ClusterPacker(store, Progress.silent(), 2);
    return Box.plan(settings, provider, disk, Compression.ZSTD, packer)
        .write(directory, new BlankLedger(), Progress.silent());
  }

  private static Map<String, byte[]> members(Box box) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(Files.newInputStream(box.file().file()))) {
      for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
        assertEquals(0644, each.getMode() & 07777);
        assertEquals(0, each.getLongUserId() + each.getLongGroupId());
        assertEquals(TIME, each.getLastModifiedTime().toInstant());
        members.put(each.getName(), tar.readAllBytes());
      }
    }
    return members;
  }

  private static String text(Map<String, byte[]> members, String name) {
    return new String(body(members, name), UTF_8);
  }

  private static byte[] body(Map<String, byte[]> members, String name) {
    return Objects.requireNonNull(members.get(name), name);
  }

  private static JsonNode json(byte[] bytes) throws IOException {
    return new ObjectMapper().readTree(bytes);
  }

  private static Element item(Map<String, Element> items, String type) {
    return Objects.requireNonNull(items.get(type));
  }

  private static Element only(Document document, String namespace, String name) {
    NodeList found = document.getElementsByTagNameNS(namespace, name);
    assertEquals(1, found.getLength(), name);
    return (Element) found.item(0);
  }

  private static String rasd(Element item, String name) {
    NodeList found = item.getElementsByTagNameNS(RASD, name);
    assertEquals(1, found.getLength(), name);
    return found.item(0).getTextContent();
  }
}
