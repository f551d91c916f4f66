package io.hardbake.hygiene;

import io.hardbake.image.Finding;
import io.hardbake.image.Manifest;
import io.hardbake.io.Bytes;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.Meta;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Setuid, setgid, capabilities and what everybody may write: equal to what is allowed. */
final class Rights {
  private static final String CAPABILITY = "security.capability";
  private static final String PACKAGE = "package:";
  private static final int SET_ID = 06000;
  private static final int WRITABLE = 0002;

  private final Subject subject;
  private final Allowed allowed;
  private final AccountNames names;
  private final Map<AbsolutePath, String> packages = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private Rights(Subject subject, Allowed allowed) throws IOException {
    this.subject = subject;
    this.allowed = allowed;
    this.names = AccountNames.of(subject.tree());
    subject
        .manifest()
        .ifPresent(
            manifest -> manifest.lines().forEach(line -> packages.put(line.path(), name(line))));
  }

  static List<Finding> check(Subject subject, Allowed allowed) throws IOException {
    Rights rights = new Rights(subject, allowed);
    subject.tree().entries().forEach(rights::check);
    return rights.findings;
  }

  private void check(AbsolutePath path, Entry entry) {
    if (entry instanceof Symlink) {
      return;
    }
    mode(path, entry);
    capability(path, entry);
  }

  private void mode(AbsolutePath path, Entry entry) {
    int mode = entry.meta().mode();
    Optional<Allowed.Right> right = allowed.right(path).filter(r -> isListed(r.packageName()));
    String actual = "%s %s".formatted(octal(mode), names.owner(entry.meta()));
    String expected =
        right.map(r -> "%s %s".formatted(octal(r.mode()), r.owner())).orElse("anything else");
    if (actual.equals(expected)) {
      return;
    }
    if (right.isPresent() && isConfigured(right.get().packageName())) {
      Rule rule = (right.get().mode() & SET_ID) != 0 ? Rule.H15 : Rule.H17;
      findings.add(
          rule.unless(
              path.value(),
              "is %s, and has to be %s".formatted(actual, expected),
              line(rule, path, entry.meta())));
      return;
    }
    if ((mode & SET_ID) != 0) {
      findings.add(unexpected(Rule.H15, path, actual, entry.meta()));
    }
    if ((mode & WRITABLE) != 0) {
      findings.add(unexpected(Rule.H17, path, actual, entry.meta()));
    }
  }

  private void capability(AbsolutePath path, Entry entry) {
    Bytes value = entry.meta().xattrs().get(CAPABILITY);
    String actual = value == null ? "" : value.toString();
    Optional<Allowed.Capability> expected =
        allowed.capability(path).filter(c -> isListed(c.packageName()));
    if (expected.isPresent() && expected.get().hex().equals(actual)) {
      return;
    }
    String wanted =
        expected.filter(c -> isConfigured(c.packageName())).map(Allowed.Capability::hex).orElse("");
    if (!actual.equals(wanted)) {
      String problem =
          wanted.isEmpty()
              ? "has the capability " + actual
              : "has the capability '%s', and has to have %s".formatted(actual, wanted);
      findings.add(
          actual.isEmpty()
              ? Rule.H16.finding(path.value(), problem)
              : Rule.H16.unless(
                  path.value(), problem, Lines.line("capability", path.value(), actual, of(path))));
    }
  }

  private Finding unexpected(Rule rule, AbsolutePath path, String actual, Meta meta) {
    return rule.unless(path.value(), "is " + actual, line(rule, path, meta));
  }

  private String line(Rule rule, AbsolutePath path, Meta meta) {
    String kind = rule == Rule.H15 ? "setuid" : "writable";
    return Lines.line(kind, path.value(), octal(meta.mode()), names.owner(meta), of(path));
  }

  /** The package to which a line belongs, where that is known, and dpkg knows it too. */
  private String of(AbsolutePath path) {
    String name = packages.getOrDefault(path, "-");
    return isListed(name) ? name : "-";
  }

  /** Whether what is allowed for a package may be there. */
  private boolean isListed(String packageName) {
    return packageName.equals("-") || subject.packages().containsKey(packageName);
  }

  /** Whether it has to be: what an unpacked package has still to get, it gets at first boot. */
  private boolean isConfigured(String packageName) {
    Subject.Installed installed = subject.packages().get(packageName);
    return packageName.equals("-") || (installed != null && installed.configured());
  }

  private static String name(Manifest.Line line) {
    String word = line.provenance().value();
    int equals = word.indexOf('=');
    return word.startsWith(PACKAGE) && equals > 0 ? word.substring(PACKAGE.length(), equals) : "-";
  }

  private static String octal(int mode) {
    return String.format(Locale.ROOT, "%04o", mode);
  }
}
