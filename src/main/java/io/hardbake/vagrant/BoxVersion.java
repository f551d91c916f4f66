package io.hardbake.vagrant;

import io.hardbake.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the form {@code 11806.20240817.204310462710935}: Kubernetes v1.18.6, the lock's
 * date, and the first 48 bits of a digest of all boxes. Vagrant documents three numbers; RubyGems
 * orders them as numbers, of whatever length.
 */
record BoxVersion(String text) {
  private static final Pattern KUBERNETES =
      Pattern.compile("v?([0-9]{1,4})\\.([0-9]{1,2})\\.([0-9]{1,2})(?:[-+].*)?");
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int DIGEST_DIGITS = 48 / 4;

  /**
   * The version of these boxes.
   *
   * @param kubernetes such as {@code v1.18.6}
   * @param date of the lock
   * @param boxes in the catalog's order
   */
  static BoxVersion of(String kubernetes, Instant date, List<Box> boxes) {
    Matcher version = KUBERNETES.matcher(kubernetes);
    if (!version.matches()) {
      throw new IllegalArgumentException("not a version of Kubernetes: " + kubernetes);
    }
    long number =
        Long.parseLong(version.group(1)) * 10_000
            + Long.parseLong(version.group(2)) * 100
            + Long.parseLong(version.group(3));
    StringBuilder content = new StringBuilder();
    for (Box box : boxes) {
      content.append(
          "%s %s %s\n"
              .formatted(box.provider(), box.settings().architecture(), box.file().sha256()));
    }
    Sha256 digest = Sha256.of(content.toString().getBytes(StandardCharsets.US_ASCII));
    long digits = Long.parseLong(digest.hex().substring(0, DIGEST_DIGITS), 16);
    return new BoxVersion(
        String.format(Locale.ROOT, "%d.%s.%d", number, DATE.format(date), digits));
  }

  @Override
  public String toString() {
    return text;
  }
}
