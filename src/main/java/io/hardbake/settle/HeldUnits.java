package io.hardbake.settle;

import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Units that are enabled in an image and wait there until first boot has configured what was left
 * to dpkg, each by a drop-in of its own.
 */
public final class HeldUnits {
  private static final String DROP_IN = "hardbake-configure.conf";

  /** Of a unit that may have to be up before those that first boot itself waits for. */
  private static final Pattern EARLY =
      Pattern.compile("(?m)^\\s*DefaultDependencies\\s*=\\s*(?i:no|n|false|f|off|0)\\s*$");

  private final FileTree.Builder tree;
  private final AbsolutePath marker;
  private final Meta meta;

  /**
   * Of a tree with all its units.
   *
   * @param marker what is there until dpkg has configured all packages
   * @param time of the drop-ins, in seconds since the epoch
   */
  public HeldUnits(FileTree.Builder tree, AbsolutePath marker, long time) {
    this.tree = tree;
    this.marker = marker;
    this.meta = Meta.root(0644, time, Provenance.ofSettle("unconfigured"));
  }

  /** Whether one of these packages brings the unit that a link enables. */
  public boolean isLeft(UnitLink link, Collection<Unconfigured> packages) {
    List<Entry> files =
        UnitFile.places(unit(link)).stream()
            .flatMap(place -> tree.resolve(place).flatMap(tree::get).stream())
            .toList();
    return packages.stream()
        .map(left -> Provenance.ofPackage(left.packageName(), "").value())
        .anyMatch(
            start ->
                files.stream()
                    .anyMatch(file -> file.meta().provenance().value().startsWith(start)));
  }

  /** Holds the unit that a link enables: all instances, if it is a template. */
  public void hold(UnitLink link) {
    hold(unit(link));
  }

  /**
   * Holds a unit, if the tree has it.
   *
   * <p>The condition alone makes it right, whatever starts the unit: configure removes the marker,
   * then starts all that is enabled. Where nothing speaks against it the unit waits besides, so
   * that those ordered after it do as well. A socket or a unit of early boot would wait in a circle
   * then, for configure comes after them.
   */
  public void hold(String unit) {
    UnitFile.find(unit, tree)
        .ifPresent(
            file -> {
              boolean waits = unit.endsWith(".service") && !isEarly(file);
              String text =
                  "# Its package is left to dpkg, or others are that it may need.\n\n[Unit]\n"
                      + ("ConditionPathExists=!" + marker + "\n")
                      + (waits ? "After=hardbake-configure.service\n" : "");
              tree.put(
                  UnitLink.DIRECTORY.child(unit + ".d").child(DROP_IN),
                  new RegularFile(meta, Content.of(text)));
            });
  }

  private boolean isEarly(UnitFile file) {
    return EARLY.matcher(Texts.required(tree, AbsolutePath.of(file.path()))).find();
  }

  private static String unit(UnitLink link) {
    return link.target().substring(link.target().lastIndexOf('/') + 1);
  }
}
