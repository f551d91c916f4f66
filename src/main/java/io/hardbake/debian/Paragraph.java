package io.hardbake.debian;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One deb822(5) paragraph: fields in their order, found without regard to case. A value keeps its
 * continuation lines as they stand in the file, leading space included, separated by newlines; only
 * at its two ends it is trimmed.
 */
public final class Paragraph {
  private final Map<String, String> fields;

  public Paragraph(Map<String, String> fields) {
    this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** The fields as written, in file order. */
  public Map<String, String> fields() {
    return fields;
  }

  public Optional<String> get(String field) {
    String asWritten = fields.get(field);
    if (asWritten != null) {
      return Optional.of(asWritten);
    }
    for (Map.Entry<String, String> entry : fields.entrySet()) {
      if (entry.getKey().equalsIgnoreCase(field)) {
        return Optional.of(entry.getValue());
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Paragraph that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
