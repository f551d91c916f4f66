package io.hardbake.debian;

import io.hardbake.failure.IntegrityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A suite's table of contents: which files belong to it, each by SHA-256, and for how long that may
 * be believed. Read only from text whose signature was verified.
 *
 * @see <a href="https://wiki.debian.org/DebianRepository/Format">Debian repository format</a>
 */
record Release(
    String codename,
    String suite,
    Instant date,
    Optional<Instant> validUntil,
    boolean byHash,
    Map<String, ChecksumLine> files) {

  /** How far the archive's clock may be ahead of ours. */
  private static final Duration SKEW = Duration.ofMinutes(10);

  /** RFC 5322 with a one- or two-digit day, {@code UTC} or an offset; locale and case fixed. */
  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("EEE, d MMM uuuu H:mm:ss ")
          .appendPattern("[z][xx]")
          .toFormatter(Locale.ROOT);

  Release {
    files = Collections.unmodifiableMap(new HashMap<>(files));
  }

  static Release parse(byte[] text) throws MalformedControlException {
    List<Paragraph> paragraphs = Deb822.all(text);
    if (paragraphs.size() != 1) {
      throw new MalformedControlException(
          "a Release file is one paragraph, not " + paragraphs.size());
    }
    Paragraph release = paragraphs.get(0);
    Fields fields = new Fields(release);
    Map<String, ChecksumLine> files = new HashMap<>();
    for (ChecksumLine line : ChecksumLine.parse("SHA256", fields.required("SHA256"))) {
      ChecksumLine before = files.put(line.path(), line);
      if (before != null && !before.equals(line)) {
        throw new MalformedControlException("SHA256 names twice " + Quoted.of(line.path()));
      }
    }
    Optional<String> until = release.get("Valid-Until");
    return new Release(
        release.get("Codename").orElse(""),
        release.get("Suite").orElse(""),
        date("Date", fields.required("Date")),
        until.isEmpty() ? Optional.empty() : Optional.of(date("Valid-Until", until.get())),
        release.get("Acquire-By-Hash").filter("yes"::equals).isPresent(),
        files);
  }

  /**
   * Refuses what is signed but not meant for us: another suite's file, one that outlived itself, or
   * one of the future.
   *
   * @param asked the codename or suite name that was asked for
   */
  void check(String asked, Instant now) throws IntegrityException {
    if (!codename.equals(asked) && !suite.equals(asked)) {
      throw new IntegrityException(
          "the mirror's InRelease for %s belongs to %s (suite %s)"
              .formatted(asked, Quoted.of(codename), Quoted.of(suite)),
          "choose another mirror: this one mixes up suites, by accident or not");
    }
    if (date.isAfter(now.plus(SKEW))) {
      throw new IntegrityException(
          "the InRelease of %s is dated %s, but here it is %s".formatted(asked, date, now),
          "set this machine's clock");
    }
    if (validUntil.isPresent() && !now.isBefore(validUntil.get())) {
      throw new IntegrityException(
          "the InRelease of %s expired %s; here it is %s".formatted(asked, validUntil.get(), now),
          "choose a mirror that is kept up to date, or set this machine's clock; a bake from a"
              + " fresh lock needs no index");
    }
  }

  /** What the Release says of {@code path}, relative to the suite's directory. */
  Optional<ChecksumLine> file(String path) {
    return Optional.ofNullable(files.get(path));
  }

  private static Instant date(String field, String value) throws MalformedControlException {
    try {
      return ZonedDateTime.parse(value, DATE.withZone(ZoneOffset.UTC)).toInstant();
    } catch (DateTimeParseException e) {
      throw new MalformedControlException(field + " is not a date: " + Quoted.of(value));
    }
  }
}
