package io.hardbake.failure;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** A word of a command that somebody is told to type, as a POSIX shell takes it for one word. */
public final class ShellWord {
  /** What no shell takes for more than it is. */
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_@%+=:,./-]+");

  private ShellWord() {}

  /** The word itself where that will do, or else in single quotes. */
  public static String of(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** The same for a path. */
  public static String of(Path path) {
    return of(path.toString());
  }
}
