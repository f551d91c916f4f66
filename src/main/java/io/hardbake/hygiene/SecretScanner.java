package io.hardbake.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hardbake.io.BoundedInputStream;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.Content;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Looks through file bodies for secrets, in one pass, also within gzip. For use by one thread.
 *
 * <p>A body is searched for the few words of {@link SecretKind} that secrets begin with, in steps
 * as long as these words are where none can be (Horspool's search, for several words at once); the
 * regular expression is asked only where one is. So gigabytes of programs cost little.
 */
final class SecretScanner {
  /** How much is looked at behind a word: more than the longest key in use takes. */
  private static final int BEHIND = 1 << 14;

  /** How much is looked at before a word: its line, or the beginning of its document. */
  private static final int BEFORE = 1 << 12;

  private static final int CHUNK = 1 << 20;
  private static final Size UNPACKED = Size.mib(256);

  private static final int LENGTH = SecretKind.shortestWord();
  private static final int[] STEP = steps();

  private final byte[] buffer = new byte[BEFORE + CHUNK + BEHIND];

  /** Where the buffer, as it is filled now, says that it is a kubeconfig; null until one asks. */
  private @Nullable NavigableSet<Integer> kubeconfigs;

  /**
   * Something that looks like a secret.
   *
   * @param fingerprint of its text without line ends, so that the same key is known in other forms
   */
  record Sighting(SecretKind kind, Sha256 fingerprint) {}

  /** All secrets in a body, each once. */
  Set<Sighting> scan(Content content) throws IOException {
    Set<Sighting> found = new LinkedHashSet<>();
    boolean gzip;
    try (InputStream in = content.open()) {
      gzip = scan(in, found);
    }
    if (gzip) {
      try (InputStream in =
          new BoundedInputStream(
              new GZIPInputStream(new Promising(content.open())), UNPACKED, "a gzip file")) {
        scan(in, found);
      } catch (ZipException | EOFException | BoundedInputStream.LimitExceededException e) {
        // It only begins like gzip, or is so large that no manual or example is in it.
      }
    }
    return found;
  }

  /**
   * Says that there is more to come, since {@link GZIPInputStream} looks for another member only
   * then. Where there is none, it takes that for the end.
   */
  private static final class Promising extends FilterInputStream {
    Promising(InputStream in) {
      super(in);
    }

    @Override
    public int available() {
      return 1;
    }
  }

  /** Searches a stream; says whether it begins like gzip. */
  private boolean scan(InputStream in, Set<Sighting> found) throws IOException {
    int filled = in.readNBytes(buffer, 0, buffer.length);
    boolean gzip = filled > 2 && buffer[0] == 0x1f && buffer[1] == (byte) 0x8b;
    int from = 0;
    while (true) {
      boolean end = filled < buffer.length;
      int limit = end ? filled : filled - BEHIND;
      kubeconfigs = null;
      search(from, limit, filled, found);
      if (end) {
        return gzip;
      }
      int kept = limit - BEFORE;
      System.arraycopy(buffer, kept, buffer, 0, filled - kept);
      filled -= kept;
      filled += in.readNBytes(buffer, filled, buffer.length - filled);
      from = BEFORE;
    }
  }

  /** Searches for words that begin at {@code from} or later, and before {@code limit}. */
  private void search(int from, int limit, int filled, Set<Sighting> found) {
    int at = from;
    while (at < limit && at + LENGTH <= filled) {
      int step = STEP[buffer[at + LENGTH - 1] & 0xff];
      if (step > 0) {
        at += step;
        continue;
      }
      for (SecretKind kind : SecretKind.values()) {
        if (kind.hasWordAt(buffer, at, filled)) {
          confirm(kind, at, filled, found);
        }
      }
      at++;
    }
  }

  private void confirm(SecretKind kind, int at, int filled, Set<Sighting> found) {
    int start = Math.max(0, at - BEFORE);
    int end = Math.min(filled, at + BEHIND);
    if (kind.isOfKubeconfig() && kubeconfigs(filled).subSet(start, end).isEmpty()) {
      return;
    }
    String window = new String(buffer, start, end - start, ISO_8859_1);
    Matcher match = kind.pattern().matcher(window);
    int word = at - start;
    if (kind.lead() == 0) {
      match.region(word, window.length());
      if (match.lookingAt()) {
        found.add(new Sighting(kind, fingerprint(match.group(1))));
      }
      return;
    }
    // The expression may begin before the word, but has to reach over it.
    match.region(Math.max(0, word - kind.lead()), window.length());
    match.useTransparentBounds(true);
    while (match.find() && match.start() <= word) {
      if (match.end() > word) {
        found.add(new Sighting(kind, fingerprint(match.group(1))));
        return;
      }
    }
  }

  /** Found once for all words in the buffer: there may be one in every line. */
  private NavigableSet<Integer> kubeconfigs(int filled) {
    NavigableSet<Integer> found = kubeconfigs;
    if (found == null) {
      found = new TreeSet<>();
      Matcher match = SecretKind.KUBECONFIG_KIND.matcher(new String(buffer, 0, filled, ISO_8859_1));
      while (match.find()) {
        found.add(match.start());
      }
      kubeconfigs = found;
    }
    return found;
  }

  private static Sha256 fingerprint(String text) {
    return Sha256.of(text.replaceAll("\\\\[rn]|\\s", "").getBytes(ISO_8859_1));
  }

  /** How far a search may go on where the last byte of the window is this one. */
  private static int[] steps() {
    int[] steps = new int[256];
    Arrays.fill(steps, LENGTH);
    for (SecretKind kind : SecretKind.values()) {
      for (byte[] word : kind.words()) {
        for (int i = 0; i < LENGTH; i++) {
          int b = word[i] & 0xff;
          steps[b] = Math.min(steps[b], LENGTH - 1 - i);
        }
      }
    }
    return steps;
  }
}
