package io.hardbake.cluster;

import io.hardbake.io.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * What a machine is given before its first boot, in the words of NoCloud: who it is, where the
 * controllers are and, for a controller, the credentials. First boot finds it in {@link #DIRECTORY}
 * and moves the credentials to where they belong.
 *
 * @param files by name; all lie in one directory
 */
record Seed(SortedMap<String, Bytes> files) {
  /** On the machine; the archive's members lie in {@link #PARENT}. */
  static final String DIRECTORY = "/var/lib/hardbake/seed";

  static final String PARENT = "/var/lib/hardbake";
  private static final String NAME = "seed/";
  private static final int DIRECTORY_MODE = 040700;
  private static final int FILE_MODE = 0100600;

  /**
   * The seed of one machine.
   *
   * @param instance differs for every machine that was ever made: a first boot is the first of its
   *     instance
   * @param credentials what a controller gets, by file name; a load balancer gets none
   */
  static Seed of(
      Node node, Topology topology, String instance, SortedMap<String, Bytes> credentials) {
    SortedMap<String, Bytes> files = new TreeMap<>();
    if (node.role() == Role.CONTROLLER) {
      files.putAll(credentials);
    }
    files.put(
        "meta-data",
        text("instance-id: %s\nlocal-hostname: %s\n".formatted(instance, node.name())));
    files.put(
        "user-data",
        text(
            "CONTROLLERS=\"%s\"\nNODE_NAME=%s\nINTERNAL_IP=%s\n"
                .formatted(topology.controllersLine(), node.name(), node.address())));
    return new Seed(files);
  }

  /** As an archive to be unpacked in {@link #PARENT}; root alone may read what is in it. */
  byte[] tar() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      TarArchiveEntry directory = new TarArchiveEntry(NAME);
      directory.setMode(DIRECTORY_MODE);
      tar.putArchiveEntry(directory);
      tar.closeArchiveEntry();
      for (var file : files.entrySet()) {
        byte[] content = file.getValue().toArray();
        TarArchiveEntry entry = new TarArchiveEntry(NAME + file.getKey());
        entry.setMode(FILE_MODE);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("in memory", e);
    }
    return out.toByteArray();
  }

  private static Bytes text(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
