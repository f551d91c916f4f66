package io.hardbake.recipe;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Provenance;

/** What a recipe puts under a path, or takes away from it. */
public sealed interface Item {
  AbsolutePath path();

  /** Where the recipe asks for it. */
  Location at();

  /** What the manifest says about where the path comes from. */
  Provenance provenance();

  /**
   * A directory.
   *
   * @param mode permission, setuid, setgid and sticky bits
   */
  record Directory(AbsolutePath path, int mode, Owner owner, Location at, Provenance provenance)
      implements Item {}

  /**
   * A regular file.
   *
   * @param mode permission, setuid, setgid and sticky bits
   */
  record File(
      AbsolutePath path, Body body, int mode, Owner owner, Location at, Provenance provenance)
      implements Item {}

  /**
   * A symbolic link.
   *
   * @param target the link's text, uninterpreted
   */
  record Link(AbsolutePath path, String target, Location at, Provenance provenance)
      implements Item {}

  /** A path of a layer below that the image does without; it is no error if nothing is there. */
  record Removal(AbsolutePath path, Location at, Provenance provenance) implements Item {}
}
