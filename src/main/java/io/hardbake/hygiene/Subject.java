package io.hardbake.hygiene;

import io.hardbake.image.Manifest;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.FileTree;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the rules look at.
 *
 * @param tree the root file system
 * @param hidden what is in the file too, though the tree does not show it
 * @param packages what dpkg's status lists, by name
 * @param isBox whether it is a Vagrant box, which may have Vagrant's key
 * @param manifest where each path comes from, if that is known
 */
public record Subject(
    FileTree tree,
    List<Hidden> hidden,
    SortedMap<String, Installed> packages,
    boolean isBox,
    Optional<Manifest> manifest) {

  public Subject {
    hidden = List.copyOf(hidden);
    packages = Collections.unmodifiableSortedMap(new TreeMap<>(packages));
  }

  /**
   * An entry that whoever has the file has too.
   *
   * @param place where it is, such as {@code layer 2}
   */
  public record Hidden(String place, AbsolutePath path, Entry entry) {}

  /**
   * A package as dpkg knows it.
   *
   * @param configured false where its scripts are left to first boot
   */
  public record Installed(String version, boolean configured) {}
}
