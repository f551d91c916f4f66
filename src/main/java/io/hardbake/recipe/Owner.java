package io.hardbake.recipe;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who owns a path, as the recipe writes it: {@code root:adm}, {@code etcd}, {@code 0:0}. Names mean
 * what the image's own passwd and group files say, so they are looked up when the image is
 * assembled.
 *
 * @param user a name or a number
 * @param group a name or a number
 */
public record Owner(String user, String group) {
  /** The owner of what names none. */
  public static final Owner ROOT = new Owner("root", "root");

  static final String FORM = "([a-z_][a-z0-9_-]{0,31}|[0-9]{1,5})";
  private static final Pattern PATTERN = Pattern.compile(FORM + "(?::" + FORM + ")?");

  /** The owner that {@code text} writes; a user alone brings the group of the same name. */
  static Optional<Owner> parse(String text) {
    Matcher m = PATTERN.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    String user = m.group(1);
    String group = m.group(2);
    return Optional.of(new Owner(user, group == null ? user : group));
  }

  @Override
  public String toString() {
    return user + ":" + group;
  }
}
