package io.hardbake.verify;

import io.hardbake.failure.HostException;
import io.hardbake.image.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a file.
 *
 * @param what it is, such as {@code oci} or {@code manifest}
 * @param findings what is wrong; empty where all is well
 * @param checked what was looked at, with counts: {@code 10,592 paths}
 * @param unchecked what could not be looked at, and why
 * @param hindrance what this machine lacks to read the file: then no finding does not make it sound
 */
public record Verification(
    String what,
    List<Finding> findings,
    List<String> checked,
    List<String> unchecked,
    Optional<HostException> hindrance) {
  public Verification {
    findings = List.copyOf(findings);
    checked = List.copyOf(checked);
    unchecked = List.copyOf(unchecked);
  }

  /** Of a file that was read. */
  Verification(String what, List<Finding> findings, List<String> checked, List<String> unchecked) {
    this(what, findings, checked, unchecked, Optional.empty());
  }

  /** A number of things: {@code 1 path}, {@code 10,592 paths}. */
  static String count(int number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }
}
