package io.hardbake.hygiene;

import io.hardbake.image.Finding;
import io.hardbake.image.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Each path's provenance is of a known kind, and a package's is one that dpkg lists. */
final class Origins {
  private static final Pattern PACKAGE = Pattern.compile("package:([^=]+)=(.+)");
  private static final Pattern OTHER =
      Pattern.compile("(?:settle|template|recipe|kubernetes):[^:\\s].*");

  private Origins() {}

  static List<Finding> check(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    for (Manifest.Line line : subject.manifest().map(Manifest::lines).orElse(List.of())) {
      String word = line.provenance().value();
      String where = line.path().value();
      Matcher origin = PACKAGE.matcher(word);
      if (!origin.matches()) {
        if (!OTHER.matcher(word).matches()) {
          findings.add(Rule.H18.finding(where, "comes from nowhere that is known: " + word));
        }
        continue;
      }
      Subject.Installed installed = subject.packages().get(origin.group(1));
      if (installed == null) {
        findings.add(
            Rule.H18.finding(where, "comes from a package that is not installed: " + word));
      } else if (!installed.version().equals(origin.group(2))) {
        findings.add(
            Rule.H18.finding(
                where, "comes from %s, but %s is installed".formatted(word, installed.version())));
      }
    }
    return findings;
  }
}
