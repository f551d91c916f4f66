package io.hardbake.debian;

/**
 * A version, {@code [epoch:]upstream[-revision]}, ordered as dpkg orders it.
 *
 * <p>Equality is the order's: {@code 1.0}, {@code 0:1.0} and {@code 1.0-0} are one version. The
 * text stays as it was written.
 *
 * @see <a href="https://manpages.debian.org/bookworm/dpkg-dev/deb-version.7.en.html">deb-version(7)
 *     </a>
 */
public final class DebVersion implements Comparable<DebVersion> {
  private final String text;
  private final int epoch;
  private final String upstream;
  private final String revision;

  private DebVersion(String text, int epoch, String upstream, String revision) {
    this.text = text;
    this.epoch = epoch;
    this.upstream = upstream;
    this.revision = revision;
  }

  /** Reads a version that comes from outside; no white space around it. */
  public static DebVersion parse(String text) throws MalformedControlException {
    int colon = text.indexOf(':');
    int epoch = colon < 0 ? 0 : parseEpoch(text, text.substring(0, colon));
    String rest = text.substring(colon + 1);
    int hyphen = rest.lastIndexOf('-');
    String upstream = hyphen < 0 ? rest : rest.substring(0, hyphen);
    String revision = hyphen < 0 ? "" : rest.substring(hyphen + 1);
    if (upstream.isEmpty()) {
      throw malformed(text, "the upstream version is empty");
    }
    if (hyphen >= 0 && revision.isEmpty()) {
      throw malformed(text, "the revision is empty");
    }
    if (!isDigit(upstream.charAt(0))) {
      throw malformed(text, "the upstream version does not begin with a digit");
    }
    requireOnly(text, upstream, ".-+~:");
    requireOnly(text, revision, ".+~");
    return new DebVersion(text, epoch, upstream, revision);
  }

  /** A version known to be one, such as a constant. */
  public static DebVersion of(String text) {
    try {
      return parse(text);
    } catch (MalformedControlException e) {
      throw new IllegalArgumentException(e);
    }
  }

  int epoch() {
    return epoch;
  }

  /** Without epoch and revision. */
  String upstream() {
    return upstream;
  }

  /** What follows the last hyphen, or nothing. */
  String revision() {
    return revision;
  }

  @Override
  public int compareTo(DebVersion other) {
    int byEpoch = Integer.compare(epoch, other.epoch);
    if (byEpoch != 0) {
      return byEpoch;
    }
    int byUpstream = comparePart(upstream, other.upstream);
    return byUpstream != 0 ? byUpstream : comparePart(revision, other.revision);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DebVersion that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * epoch + hashPart(upstream)) + hashPart(revision);
  }

  /** As written. */
  @Override
  public String toString() {
    return text;
  }

  /**
   * Runs of non-digits and runs of digits by turns. An absent run of digits counts as zero, and
   * leading zeros count for nothing.
   */
  private static int comparePart(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() || j < b.length()) {
      while (weight(a, i) != 0 || weight(b, j) != 0) {
        int difference = Integer.compare(weight(a, i), weight(b, j));
        if (difference != 0) {
          return difference;
        }
        i++;
        j++;
      }
      int endOfA = endOfDigits(a, i);
      int endOfB = endOfDigits(b, j);
      i = skipZeros(a, i, endOfA);
      j = skipZeros(b, j, endOfB);
      int byLength = Integer.compare(endOfA - i, endOfB - j);
      if (byLength != 0) {
        return byLength;
      }
      int byDigits = a.substring(i, endOfA).compareTo(b.substring(j, endOfB));
      if (byDigits != 0) {
        return byDigits;
      }
      i = endOfA;
      j = endOfB;
    }
    return 0;
  }

  /** Of one character in a run of non-digits: {@code ~} before the end, the end before letters. */
  private static int weight(String part, int index) {
    if (index >= part.length()) {
      return 0;
    }
    char c = part.charAt(index);
    if (isDigit(c)) {
      return 0;
    }
    if (c == '~') {
      return -1;
    }
    return isLetter(c) ? c : c + 256;
  }

  /**
   * Equal for parts that {@link #comparePart} calls equal: zeros at the head of runs are dropped.
   */
  private static int hashPart(String part) {
    int hash = 0;
    for (int i = 0; i < part.length(); ) {
      if (isDigit(part.charAt(i))) {
        int end = endOfDigits(part, i);
        for (i = skipZeros(part, i, end); i < end; i++) {
          hash = 31 * hash + part.charAt(i);
        }
      } else {
        hash = 31 * hash + part.charAt(i++);
      }
    }
    return hash;
  }

  private static int endOfDigits(String part, int from) {
    int end = from;
    while (end < part.length() && isDigit(part.charAt(end))) {
      end++;
    }
    return end;
  }

  private static int skipZeros(String part, int from, int end) {
    int i = from;
    while (i < end && part.charAt(i) == '0') {
      i++;
    }
    return i;
  }

  private static int parseEpoch(String text, String digits) throws MalformedControlException {
    if (digits.isEmpty() || endOfDigits(digits, 0) != digits.length()) {
      throw malformed(text, "the epoch is not a number");
    }
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw malformed(text, "the epoch is too large");
    }
  }

  private static void requireOnly(String text, String part, String punctuation)
      throws MalformedControlException {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (!isDigit(c) && !isLetter(c) && punctuation.indexOf(c) < 0) {
        throw malformed(text, "the character " + Quoted.of(c) + " may not stand there");
      }
    }
  }

  private static MalformedControlException malformed(String text, String reason) {
    return new MalformedControlException("not a version: " + Quoted.of(text) + " (" + reason + ")");
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
