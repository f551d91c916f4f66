package io.hardbake.debian;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** A paragraph's fields by type; what is absent or ill-formed is malformed, never an accident. */
record Fields(Paragraph paragraph) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  String required(String field) throws MalformedControlException {
    Optional<String> value = paragraph.get(field);
    if (value.isEmpty() || value.get().isEmpty()) {
      throw new MalformedControlException("the field " + field + " is missing");
    }
    return value.get();
  }

  String packageName(String field) throws MalformedControlException {
    String name = required(field);
    if (!BinaryPackage.NAME.matcher(name).matches()) {
      throw new MalformedControlException(field + " is not a package's name: " + Quoted.of(name));
    }
    return name;
  }

  DebVersion version(String field) throws MalformedControlException {
    return DebVersion.parse(required(field));
  }

  Size size(String field) throws MalformedControlException {
    return size(field, required(field));
  }

  Sha256 sha256(String field) throws MalformedControlException {
    return sha256(field, required(field));
  }

  String poolPath(String field) throws MalformedControlException {
    return poolPath(field, required(field));
  }

  static Size size(String field, String value) throws MalformedControlException {
    if (!NUMBER.matcher(value).matches()) {
      throw new MalformedControlException(field + " is not a size: " + Quoted.of(value));
    }
    return new Size(Long.parseLong(value));
  }

  static Sha256 sha256(String field, String value) throws MalformedControlException {
    if (!SHA256.matcher(value).matches()) {
      throw new MalformedControlException(field + " is not a SHA-256: " + Quoted.of(value));
    }
    return new Sha256(value);
  }

  /** A path that stays below a mirror's base and is fit for a URI. */
  static String poolPath(String field, String value) throws MalformedControlException {
    String path = value.startsWith("./") ? value.substring(2) : value;
    boolean printable =
        path.chars().allMatch(c -> c > ' ' && c < 0x7f && "\\?#\"<>[]^`{|}".indexOf(c) < 0);
    boolean inside =
        Arrays.stream(path.split("/", -1))
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (!printable || !inside) {
      throw new MalformedControlException(
          field + " is not a path inside the archive: " + Quoted.of(value));
    }
    return path;
  }
}
