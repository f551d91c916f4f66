package io.hardbake.vagrant;

import io.hardbake.io.Bytes;
import io.hardbake.io.tar.MalformedArchiveException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What {@link Ovf} writes, read back: the disk's file, and the machine as facts.
 *
 * @param diskFile the name, in the box, of the one disk's file
 */
record OvfReading(String diskFile, SortedMap<String, String> facts) {
  private static final String OVF = "http://schemas.dmtf.org/ovf/envelope/1";
  private static final String RASD =
      "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData";
  private static final String VBOX = "http://www.virtualbox.org/ovf/machine";

  /** Names of facts by CIM_ResourceAllocationSettingData.ResourceType, and where the value is. */
  private static final Map<String, String[]> ITEMS =
      Map.of(
          "3", new String[] {"ovf.cpus", "VirtualQuantity"},
          "4", new String[] {"ovf.memory-mib", "VirtualQuantity"},
          "5", new String[] {"ovf.disk-controller", "ResourceSubType"},
          "10", new String[] {"ovf.network-adapter", "ResourceSubType"});

  static OvfReading of(Bytes xml) throws MalformedArchiveException {
    Document document = parse(xml);
    Element file = only(document, OVF, "File");
    Element disk = only(document, OVF, "Disk");
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("ovf.disk-file-size", file.getAttributeNS(OVF, "size"));
    facts.put("ovf.disk-capacity", disk.getAttributeNS(OVF, "capacity"));
    facts.put("ovf.system", only(document, OVF, "VirtualSystem").getAttributeNS(OVF, "id"));
    facts.put("ovf.os-type", only(document, VBOX, "OSType").getTextContent());
    NodeList items = document.getElementsByTagNameNS(OVF, "Item");
    for (int i = 0; i < items.getLength(); i++) {
      Element item = (Element) items.item(i);
      String[] fact = ITEMS.get(text(item, "ResourceType"));
      if (fact != null) {
        facts.put(fact[0], text(item, fact[1]));
      }
    }
    return new OvfReading(file.getAttributeNS(OVF, "href"), facts);
  }

  private static Document parse(Bytes xml) throws MalformedArchiveException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      // No document type: neither entities that grow nor files of this machine get in.
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder.parse(new ByteArrayInputStream(xml.toArray()));
    } catch (SAXException | IOException e) {
      throw new MalformedArchiveException("box.ovf is no XML that hardbake reads", e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Element only(Document document, String namespace, String name)
      throws MalformedArchiveException {
    NodeList found = document.getElementsByTagNameNS(namespace, name);
    if (found.getLength() != 1) {
      throw new MalformedArchiveException(
          "box.ovf has %d elements %s, and should have one".formatted(found.getLength(), name));
    }
    return (Element) found.item(0);
  }

  private static String text(Element item, String name) {
    NodeList found = item.getElementsByTagNameNS(RASD, name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent();
  }
}
