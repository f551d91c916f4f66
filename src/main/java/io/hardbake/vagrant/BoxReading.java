package io.hardbake.vagrant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.image.Finding;
import io.hardbake.io.Bytes;
import io.hardbake.io.JsonText;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.io.tar.TarIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A box, read back: its small files, and where its disk lies.
 *
 * @param disk the disk's file within the box
 * @param facts {@code box.provider}, {@code info.kubernetes}, {@code ovf.cpus}…
 * @param findings what does not fit together
 */
public record BoxReading(
    Provider provider,
    TarIndex.Member disk,
    SortedMap<String, String> facts,
    List<Finding> findings) {
  private static final Size DOCUMENT_LIMIT = Size.mib(1);
  private static final String METADATA = "metadata.json";
  private static final String LIBVIRT_DISK = "box.img";
  private static final String OVF = "box.ovf";
  private static final String REMEDY = "bake the box again, or copy it anew";
  private static final String CAPACITY = "ovf.disk-capacity";
  private static final String VIRTUAL_SIZE = "box.virtual-size-gib";

  public BoxReading {
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    findings = List.copyOf(findings);
  }

  /** Whether a tar is a box, as Vagrant sees it. */
  public static boolean isBox(TarIndex tar) {
    return tar.members().containsKey(METADATA);
  }

  /**
   * Reads all but the disk.
   *
   * @throws MalformedArchiveException if the tar is no box of a provider that hardbake knows
   */
  public static BoxReading of(TarIndex tar) throws IOException {
    SortedMap<String, String> facts = new TreeMap<>();
    List<Finding> findings = new ArrayList<>();
    tar.trailing().ifPresent(what -> findings.add(finding("the box", what)));
    addJson(tar, METADATA, "box.", facts);
    if (tar.members().containsKey("info.json")) {
      addJson(tar, "info.json", "info.", facts);
    }
    if (tar.members().containsKey("Vagrantfile")) {
      Bytes vagrantfile = tar.bytes("Vagrantfile", DOCUMENT_LIMIT);
      facts.put("box.vagrantfile-sha256", Sha256.of(vagrantfile.toArray()).hex());
    }
    rename(facts, "box.virtual_size", VIRTUAL_SIZE);
    Provider provider = provider(facts);
    TarIndex.Member disk =
        switch (provider) {
          case LIBVIRT -> tar.member(LIBVIRT_DISK);
          case VIRTUALBOX -> ovf(tar, facts, findings);
        };
    return new BoxReading(provider, disk, facts, findings);
  }

  /** What the box says of its disk and is not so. */
  public List<Finding> compare(Size disk) {
    List<Finding> wrong = new ArrayList<>();
    String capacity = facts.get(CAPACITY);
    if (capacity != null && !capacity.equals(Long.toString(disk.bytes()))) {
      wrong.add(
          finding(OVF, "it gives the disk %s bytes, of %d".formatted(capacity, disk.bytes())));
    }
    String gib = facts.get(VIRTUAL_SIZE);
    if (provider == Provider.LIBVIRT && !Long.toString(Documents.gib(disk)).equals(gib)) {
      wrong.add(
          finding(METADATA, "it gives the disk %s GiB, of %d".formatted(gib, Documents.gib(disk))));
    }
    return wrong;
  }

  private static Finding finding(String where, String problem) {
    return new Finding("box", where, problem, REMEDY);
  }

  private static Provider provider(SortedMap<String, String> facts)
      throws MalformedArchiveException {
    String name = facts.getOrDefault("box.provider", "");
    for (Provider provider : Provider.values()) {
      if (provider.toString().equals(name)) {
        return provider;
      }
    }
    throw new MalformedArchiveException(
        METADATA + " names no provider that hardbake makes boxes for: \"" + name + "\"");
  }

  private static TarIndex.Member ovf(
      TarIndex tar, SortedMap<String, String> facts, List<Finding> findings) throws IOException {
    OvfReading ovf = OvfReading.of(tar.bytes(OVF, DOCUMENT_LIMIT));
    facts.putAll(ovf.facts());
    TarIndex.Member disk = tar.member(ovf.diskFile());
    Optional<String> declared = Optional.ofNullable(facts.get("ovf.disk-file-size"));
    if (!declared.equals(Optional.of(Long.toString(disk.size().bytes())))) {
      findings.add(
          finding(
              OVF,
              "it gives %s %s bytes, of %d"
                  .formatted(ovf.diskFile(), declared.orElse("no"), disk.size().bytes())));
    }
    return disk;
  }

  private static void addJson(
      TarIndex tar, String name, String prefix, SortedMap<String, String> facts)
      throws IOException {
    try {
      JsonNode json = JsonText.parse(tar.bytes(name, DOCUMENT_LIMIT).toArray());
      json.properties()
          .forEach(
              field ->
                  facts.put(
                      prefix + field.getKey(),
                      field.getValue().isTextual()
                          ? field.getValue().textValue()
                          : field.getValue().toString()));
    } catch (JsonProcessingException e) {
      throw new MalformedArchiveException(name + " is no JSON", e);
    }
  }

  private static void rename(SortedMap<String, String> facts, String from, String to) {
    String value = facts.remove(from);
    if (value != null) {
      facts.put(to, value);
    }
  }
}
