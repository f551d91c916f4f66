package io.hardbake.cluster;

import io.hardbake.failure.UsageException;
import java.util.regex.Pattern;

/** The name of a cluster: it begins the names of its network and containers. */
public record ClusterName(String text) {
  public static final String DEFAULT = "hardbake";

  /** Short enough that the names of machines fit behind it in a host name's 63 characters. */
  private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

  public ClusterName {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("no name for a cluster: " + text);
    }
  }

  public static ClusterName parse(String text) throws UsageException {
    if (!FORM.matcher(text).matches()) {
      throw new UsageException(
          "'" + text + "' cannot name a cluster",
          "use up to 32 lower-case letters, digits and hyphens, such as " + DEFAULT);
    }
    return new ClusterName(text);
  }

  /** What the engine calls a machine of this cluster. */
  String container(String machine) {
    return text + "-" + machine;
  }

  @Override
  public String toString() {
    return text;
  }
}
