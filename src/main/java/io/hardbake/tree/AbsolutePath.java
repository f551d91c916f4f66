package io.hardbake.tree;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A normalized absolute path inside a tree: {@code /} or {@code /a/b}, without empty, {@code .} or
 * {@code ..} components.
 *
 * <p>The order is by component, so a directory comes directly before what it contains: {@code /a},
 * {@code /a/b}, {@code /a-b}.
 */
public final class AbsolutePath implements Comparable<AbsolutePath> {
  public static final AbsolutePath ROOT = new AbsolutePath("/");

  private final String value;

  /** No record, since parents need no second look: trees ask for millions of them. */
  private AbsolutePath(String value) {
    this.value = value;
  }

  /**
   * The path that {@code value} is.
   *
   * @throws IllegalArgumentException if it is not normalized and absolute
   */
  public static AbsolutePath of(String value) {
    String flaw = flaw(value);
    if (flaw != null) {
      throw new IllegalArgumentException("not a normalized absolute path (" + flaw + "): " + value);
    }
    return new AbsolutePath(value);
  }

  public String value() {
    return value;
  }

  private static @Nullable String flaw(String value) {
    if (!value.startsWith("/")) {
      return "does not begin with /";
    }
    if (value.indexOf('\0') >= 0) {
      return "contains NUL";
    }
    if (value.length() == 1) {
      return null;
    }
    // By hand, since every entry of every tree comes through here.
    int end;
    for (int start = 1; start <= value.length(); start = end + 1) {
      int slash = value.indexOf('/', start);
      end = slash < 0 ? value.length() : slash;
      if (end == start) {
        return "empty component";
      }
      boolean dot = value.charAt(start) == '.';
      if (dot && (end - start == 1 || (end - start == 2 && value.charAt(start + 1) == '.'))) {
        return value.substring(start, end) + " component";
      }
    }
    return null;
  }

  public boolean isRoot() {
    return value.length() == 1;
  }

  /** The last component; empty for the root. */
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  /** The directory that contains this path; the root is its own parent. */
  public AbsolutePath parent() {
    int slash = value.lastIndexOf('/');
    return slash <= 0 ? ROOT : new AbsolutePath(value.substring(0, slash));
  }

  /** This path and one more component. */
  public AbsolutePath child(String name) {
    return of(isRoot() ? "/" + name : value + "/" + name);
  }

  /**
   * What a path means that is written relative to this directory, or absolute: empty names, {@code
   * .} and {@code ..} are taken out, the last as if no name before it were a symbolic link.
   */
  public AbsolutePath resolve(String written) {
    Deque<String> names = new ArrayDeque<>(written.startsWith("/") ? List.of() : components());
    for (String name : written.split("/", -1)) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    return of("/" + String.join("/", names));
  }

  /** The components from the root down; empty for the root. */
  public List<String> components() {
    return isRoot() ? List.of() : Arrays.asList(value.substring(1).split("/", -1));
  }

  /** Whether this path lies below {@code directory}; a path does not lie below itself. */
  public boolean isBelow(AbsolutePath directory) {
    return directory.isRoot()
        ? !isRoot()
        : value.length() > directory.value.length()
            && value.startsWith(directory.value)
            && value.charAt(directory.value.length()) == '/';
  }

  /** The path without its leading slash, as archives name it; empty for the root. */
  public String relative() {
    return value.substring(1);
  }

  @Override
  public int compareTo(AbsolutePath other) {
    int length = Math.min(value.length(), other.value.length());
    for (int i = 0; i < length; i++) {
      char a = value.charAt(i);
      char b = other.value.charAt(i);
      if (a != b) {
        return Integer.compare(a == '/' ? 0 : a, b == '/' ? 0 : b);
      }
    }
    return Integer.compare(value.length(), other.value.length());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AbsolutePath path && value.equals(path.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
