package io.hardbake.kubernetes;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Kubernetes, written {@code v1.18.6} or {@code v1.19.0-rc.2} as in its git tags.
 *
 * <p>Ordered as semver 2.0.0, section 11, orders: a pre-release comes before its release.
 *
 * @param preRelease the dot-separated identifiers after the hyphen; empty for a release
 */
public record KubernetesVersion(int major, int minor, int patch, String preRelease)
    implements Comparable<KubernetesVersion> {

  // Nine digits always fit an int; no version of anything has more.
  private static final String NUMBER = "(0|[1-9][0-9]{0,8})";
  private static final String IDENTIFIER = "(?:0|[1-9][0-9]{0,8}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
  private static final String IDENTIFIERS = IDENTIFIER + "(?:\\." + IDENTIFIER + ")*";
  private static final Pattern FORM =
      Pattern.compile(
          "v?" + NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-(" + IDENTIFIERS + "))?");
  private static final Pattern PRE_RELEASE = Pattern.compile("|" + IDENTIFIERS);

  private static final Comparator<KubernetesVersion> ORDER =
      Comparator.comparingInt(KubernetesVersion::major)
          .thenComparingInt(KubernetesVersion::minor)
          .thenComparingInt(KubernetesVersion::patch)
          .thenComparing(KubernetesVersion::preRelease, KubernetesVersion::comparePreReleases);

  public KubernetesVersion {
    if (major < 0 || minor < 0 || patch < 0) {
      throw new IllegalArgumentException("negative number in a version");
    }
    if (!PRE_RELEASE.matcher(preRelease).matches()) {
      throw new IllegalArgumentException("not a pre-release: " + preRelease);
    }
  }

  /** The version that {@code text} writes, with or without the leading {@code v}; else empty. */
  public static Optional<KubernetesVersion> parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    String preRelease = m.group(4);
    return Optional.of(
        new KubernetesVersion(
            Integer.parseInt(m.group(1)),
            Integer.parseInt(m.group(2)),
            Integer.parseInt(m.group(3)),
            preRelease == null ? "" : preRelease));
  }

  /** {@link #parse} for text that the program itself wrote. */
  public static KubernetesVersion of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a Kubernetes version: " + text));
  }

  /**
   * Whether this is {@code major.minor} or later, pre-releases of {@code major.minor.0} included.
   */
  public boolean atLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }

  @Override
  public int compareTo(KubernetesVersion other) {
    return ORDER.compare(this, other);
  }

  private static int comparePreReleases(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Boolean.compare(a.isEmpty(), b.isEmpty());
    }
    String[] left = a.split("\\.", -1);
    String[] right = b.split("\\.", -1);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int order = compareIdentifiers(left[i], right[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  /** Numbers by value and before words, words by their ASCII. */
  private static int compareIdentifiers(String a, String b) {
    boolean leftIsNumber = isNumber(a);
    boolean rightIsNumber = isNumber(b);
    if (leftIsNumber && rightIsNumber) {
      return Integer.compare(Integer.parseInt(a), Integer.parseInt(b));
    }
    return leftIsNumber == rightIsNumber ? a.compareTo(b) : leftIsNumber ? -1 : 1;
  }

  private static boolean isNumber(String identifier) {
    return identifier.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** As in the git tag: {@code v1.18.6}. */
  @Override
  public String toString() {
    return "v" + major + "." + minor + "." + patch + (preRelease.isEmpty() ? "" : "-" + preRelease);
  }
}
