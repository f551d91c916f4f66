package io.hardbake.hygiene;

import io.hardbake.failure.RecipeException;
import io.hardbake.io.Sha256;
import io.hardbake.tree.AbsolutePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is fine although a rule speaks against it. The resource {@code allowed.txt}, and files of a
 * user with the same form, have a line for each:
 *
 * <pre>
 *   setuid     PATH MODE OWNER:GROUP PACKAGE    setuid and setgid, of files and directories
 *   writable   PATH MODE OWNER:GROUP PACKAGE    what everybody may write
 *   capability PATH HEX PACKAGE                 the value of security.capability
 *   secret     GLOB SHA256 REASON...            a key or a token that is none, by its fingerprint
 *   login      PATH SHA256 REASON...            an authorized key of boxes, likewise
 *   changed    GLOB REASON...                   a package's file that is meant to differ
 * </pre>
 *
 * <p>A space, and whatever else cannot stand in a word, is escaped as manifests do it.
 *
 * <p>The first three say how things are as much as that they may be: where the package is
 * configured and the path is there, it has to be so; where it is only unpacked, it may be. A
 * package {@code -} is none in particular.
 */
public final class Allowed {
  private static final Pattern OCTAL = Pattern.compile("[0-7]{4}");
  private static final Pattern OWNER = Pattern.compile("[^:]+:[^:]+");

  private final SortedMap<AbsolutePath, Right> rights;
  private final SortedMap<AbsolutePath, Capability> capabilities;
  private final List<Known> secrets;
  private final List<Known> logins;
  private final List<Glob> changed;

  private Allowed(Reading reading) {
    this.rights = Collections.unmodifiableSortedMap(new TreeMap<>(reading.rights));
    this.capabilities = Collections.unmodifiableSortedMap(new TreeMap<>(reading.capabilities));
    this.secrets = List.copyOf(reading.secrets);
    this.logins = List.copyOf(reading.logins);
    this.changed = List.copyOf(reading.changed);
  }

  /** A mode and an owner out of the ordinary. */
  record Right(AbsolutePath path, int mode, String owner, String packageName) {}

  /** A capability as the extended attribute has it. */
  record Capability(AbsolutePath path, String hex, String packageName) {}

  private record Known(Glob glob, Sha256 fingerprint) {
    boolean is(AbsolutePath path, Sha256 other) {
      return fingerprint.equals(other) && glob.matches(path);
    }
  }

  /** What hardbake's own roles need. */
  public static Allowed ofRoles() {
    Reading reading = new Reading();
    for (Lines.Line line : Lines.resource("allowed.txt").lines()) {
      try {
        reading.add(line);
      } catch (IllegalArgumentException e) {
        throw new IllegalStateException("allowed.txt:" + line.number() + ": " + e.getMessage(), e);
      }
    }
    return new Allowed(reading);
  }

  /**
   * These, and those of a user's list.
   *
   * @param name of the list, for messages
   * @throws RecipeException if a line has not the form
   */
  public Allowed and(String name, String text) throws RecipeException {
    Reading reading = new Reading();
    reading.rights.putAll(rights);
    reading.capabilities.putAll(capabilities);
    reading.secrets.addAll(secrets);
    reading.logins.addAll(logins);
    reading.changed.addAll(changed);
    for (Lines.Line line : Lines.of(text).lines()) {
      try {
        reading.add(line);
      } catch (IllegalArgumentException e) {
        throw new RecipeException(
            "%s:%d: %s".formatted(name, line.number(), e.getMessage()),
            "write it like the lines that findings name, such as: setuid /usr/bin/su 4755 root:root util-linux",
            e);
      }
    }
    return new Allowed(reading);
  }

  Optional<Right> right(AbsolutePath path) {
    return Optional.ofNullable(rights.get(path));
  }

  Optional<Capability> capability(AbsolutePath path) {
    return Optional.ofNullable(capabilities.get(path));
  }

  boolean isSecret(AbsolutePath path, Sha256 fingerprint) {
    return secrets.stream().anyMatch(known -> known.is(path, fingerprint));
  }

  boolean isLogin(AbsolutePath path, Sha256 fingerprint) {
    return logins.stream().anyMatch(known -> known.is(path, fingerprint));
  }

  boolean isChanged(AbsolutePath path) {
    return changed.stream().anyMatch(glob -> glob.matches(path));
  }

  private static final class Reading {
    private final SortedMap<AbsolutePath, Right> rights = new TreeMap<>();
    private final SortedMap<AbsolutePath, Capability> capabilities = new TreeMap<>();
    private final List<Known> secrets = new ArrayList<>();
    private final List<Known> logins = new ArrayList<>();
    private final List<Glob> changed = new ArrayList<>();

    void add(Lines.Line line) {
      List<String> words = line.words();
      switch (words.get(0)) {
        case "setuid", "writable" -> {
          require(words.size() == 5, "kind, path, mode, owner and package are wanted");
          require(OCTAL.matcher(words.get(2)).matches(), "no mode of four digits: " + words.get(2));
          require(OWNER.matcher(words.get(3)).matches(), "no user:group: " + words.get(3));
          AbsolutePath path = AbsolutePath.of(line.plain(1));
          int mode = Integer.parseInt(words.get(2), 8);
          rights.put(path, new Right(path, mode, line.plain(3), line.plain(4)));
        }
        case "capability" -> {
          require(words.size() == 4, "kind, path, value and package are wanted");
          AbsolutePath path = AbsolutePath.of(line.plain(1));
          capabilities.put(path, new Capability(path, words.get(2), line.plain(3)));
        }
        case "secret" -> secrets.add(known(line));
        case "login" -> logins.add(known(line));
        case "changed" -> {
          require(words.size() > 2, "kind, path and a reason are wanted");
          changed.add(Glob.of(line.plain(1)));
        }
        default -> throw new IllegalArgumentException("unknown kind: " + words.get(0));
      }
    }

    private static Known known(Lines.Line line) {
      require(line.words().size() > 3, "kind, path, SHA-256 and a reason are wanted");
      return new Known(Glob.of(line.plain(1)), new Sha256(line.words().get(2)));
    }

    private static void require(boolean condition, String problem) {
      if (!condition) {
        throw new IllegalArgumentException(problem);
      }
    }
  }
}
