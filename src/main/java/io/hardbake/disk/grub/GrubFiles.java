package io.hardbake.disk.grub;

import io.hardbake.failure.IntegrityException;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of one GRUB platform, such as {@code /usr/lib/grub/i386-pc} of package grub-pc-bin.
 *
 * @param files by name, without a directory
 */
public record GrubFiles(SortedMap<String, Content> files) {
  public GrubFiles {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  byte[] bytes(String name) throws IntegrityException, IOException {
    return content(name).bytes();
  }

  String text(String name) throws IntegrityException, IOException {
    return content(name).text();
  }

  private Content content(String name) throws IntegrityException {
    Content content = files.get(name);
    if (content == null) {
      throw unusable("it has no " + name);
    }
    return content;
  }

  /** GRUB's files are not what this version of hardbake was written for. */
  static IntegrityException unusable(String problem) {
    return new IntegrityException(
        "GRUB's package cannot be used for a boot loader: " + problem,
        "take grub-pc-bin 2.06 as Debian 12 has it, or a newer hardbake");
  }
}
