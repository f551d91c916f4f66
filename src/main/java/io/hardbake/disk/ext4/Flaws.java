package io.hardbake.disk.ext4;

import io.hardbake.disk.Findings;

/**
 * What is wrong at one place of a file system.
 *
 * @param where the place: a structure, an inode, a path
 */
record Flaws(Findings findings, String where) {
  Flaws at(String other) {
    return new Flaws(findings, other);
  }

  /** What is wrong with a part of the place. */
  Flaws in(String part) {
    return at(part + " of " + where);
  }

  /** The bytes do not have the sum that stands beside them. */
  void checksum() {
    findings.add("ext4-checksum", where, "its checksum is wrong");
  }

  /** Something contradicts itself or something else. */
  void structure(String problem) {
    findings.add("ext4-structure", where, problem);
  }

  /** Notes what does not hold; returns whether it does. */
  boolean require(boolean condition, String problem) {
    if (!condition) {
      structure(problem);
    }
    return condition;
  }
}
