package io.hardbake.fetch;

import io.hardbake.failure.UnreachableException.Absence;
import io.hardbake.io.BulkInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A body read from whichever candidate gives it: when one fails, the next goes on from the same
 * byte; when all have failed, it pauses and begins with the first again. Reading throws {@link
 * Exhausted} in the end, {@link TooLong} beyond the limit, {@link BodyStream.Cancelled} when
 * interrupted, and nothing else.
 */
final class Body extends BulkInputStream {
  /** New bytes that count as progress, after which patience starts anew. */
  private static final long PROGRESS = 1 << 16;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** However much longer a mirror asks to be left alone. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final Transport transport;
  private final FetchSettings settings;
  private final List<URI> candidates;
  private final long limit;
  private final OptionalLong size;
  private final Map<URI, String> validators = new LinkedHashMap<>();
  private final Map<URI, String> failures = new LinkedHashMap<>();

  /** Candidates that asked in this round to be left alone, and for how long. */
  private final Map<URI, Duration> busy = new HashMap<>();

  private final Set<URI> contributors = new LinkedHashSet<>();

  /** Candidates that failed, but did not say in the end that they do not have it. */
  private final Set<URI> doubtful = new HashSet<>();

  private final long start;

  private long position;
  private long lastProgress;
  private int failedRounds;
  private int next;
  private @Nullable String remedy;
  private @Nullable Source source;

  /** How it ended, if badly: a reader that swallowed the failure meets it again. */
  private @Nullable IOException end;

  /**
   * @param start how many bytes the caller has already
   * @param limit the most bytes there may be, the caller's included
   * @param size how many there have to be, where that is known
   */
  Body(
      Transport transport,
      FetchSettings settings,
      List<URI> candidates,
      long start,
      long limit,
      OptionalLong size) {
    this.transport = transport;
    this.settings = settings;
    this.candidates = new ArrayList<>(candidates);
    this.start = start;
    this.position = start;
    this.lastProgress = start;
    this.limit = limit;
    this.size = size;
  }

  /** {@code total} is the length that it has to have, from whoever knows it. */
  private record Source(URI uri, InputStream in, OptionalLong total) {}

  /** No candidate gave the rest; the message has a line for each. */
  static final class Exhausted extends IOException {
    private final Absence absence;
    private final Optional<String> remedy;

    Exhausted(String message, Absence absence, Optional<String> remedy) {
      super(message);
      this.absence = absence;
      this.remedy = remedy;
    }

    /** What can be done about the first candidate that gave a reason of its own. */
    Optional<String> remedy() {
      return remedy;
    }

    /** How many candidates were reached and do not have it. */
    Absence absence() {
      return absence;
    }
  }

  /** A candidate has or sends more than the limit. */
  static final class TooLong extends IOException {
    private final String found;

    TooLong(String found) {
      super(found);
      this.found = found;
    }

    /** How much there is, as far as that is known. */
    String found() {
      return found;
    }
  }

  /** Who sent all of it, from the first byte on; nothing when that was more than one. */
  Optional<URI> sender() {
    return start == 0 && contributors.size() == 1
        ? Optional.of(contributors.iterator().next())
        : Optional.empty();
  }

  /** Bytes there are so far, those included that the caller had. */
  long position() {
    return position;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (end != null) {
      throw end;
    }
    try {
      return readOn(buffer, offset, length);
    } catch (IOException e) {
      end = e;
      throw e;
    }
  }

  private int readOn(byte[] buffer, int offset, int length) throws IOException {
    while (true) {
      URI at = source == null ? candidate() : source.uri();
      try {
        if (source == null) {
          source = open(at);
        }
        int n = source.in().read(buffer, offset, length);
        if (n < 0 && position < source.total().orElse(0)) {
          throw new EOFException(
              "closed after %d of %d bytes".formatted(position, source.total().getAsLong()));
        }
        advance(Math.max(0, n));
        return n;
      } catch (TooLong | BodyStream.Cancelled e) {
        throw e;
      } catch (InterruptedException e) {
        throw new BodyStream.Cancelled(e);
      } catch (IOException e) {
        failed(at, e);
      }
    }
  }

  private Source open(URI uri) throws IOException, InterruptedException {
    Transport.Reply reply = transport.open(uri, position, Optional.ofNullable(validators.get(uri)));
    try {
      contributors.add(uri);
      reply.validator().ifPresent(value -> validators.put(uri, value));
      if (reply.total().orElse(0) > limit) {
        throw new TooLong("%d bytes".formatted(reply.total().getAsLong()));
      }
      if (reply.from() > position) {
        throw new Transport.Refused("sent another part than was asked for");
      }
      // A server without ranges sends everything again. Whether it is the same as before, the
      // digest will tell.
      reply.body().skipNBytes(position - reply.from());
      // Where the connection's end is that of the body, a broken one looks like a whole one.
      OptionalLong total = reply.total().isPresent() || reply.framed() ? reply.total() : size;
      return new Source(uri, reply.body(), total);
    } catch (IOException e) {
      reply.body().close();
      throw e;
    }
  }

  private void advance(long bytes) throws TooLong {
    position += bytes;
    if (position > limit) {
      throw new TooLong("more than %d bytes".formatted(limit));
    }
    if (position - lastProgress >= PROGRESS) {
      lastProgress = position;
      failedRounds = 0;
    }
  }

  /** The candidate whose turn it is; pauses when all were asked. */
  private URI candidate() throws Exhausted, BodyStream.Cancelled {
    if (next >= candidates.size()) {
      next = 0;
      failedRounds++;
      if (candidates.isEmpty() || failedRounds >= settings.attempts()) {
        throw new Exhausted(describeFailures(), absence(), Optional.ofNullable(remedy));
      }
      pause();
    }
    return candidates.get(next);
  }

  private Absence absence() {
    if (position > start) {
      return Absence.NOWHERE;
    }
    if (doubtful.isEmpty()) {
      return Absence.EVERYWHERE;
    }
    return doubtful.containsAll(failures.keySet()) ? Absence.UNKNOWN : Absence.SOMEWHERE;
  }

  private void failed(URI uri, IOException e) {
    closeSource();
    failures.put(uri, describe(e));
    if (e instanceof Transport.Missing) {
      doubtful.remove(uri);
    } else {
      doubtful.add(uri);
    }
    if (e instanceof Transport.Busy answer) {
      busy.put(uri, answer.pause());
    }
    if (remedy == null && e instanceof Transport.Denied denied) {
      remedy = denied.remedy();
    }
    if (e instanceof Transport.Refused) {
      candidates.remove(next);
    } else {
      next++;
    }
  }

  private void pause() throws BodyStream.Cancelled {
    long full = settings.backOff().toMillis() << Math.min(failedRounds - 1, 16);
    full = Math.min(full, LONGEST_PAUSE.toMillis());
    // As long as the first needs whom it is allowed to ask again; another may be asked at once.
    Duration asked =
        candidates.stream()
            .map(uri -> busy.getOrDefault(uri, Duration.ZERO))
            .min(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    long wait = Math.min(asked.toMillis(), LONGEST_WAIT.toMillis());
    busy.clear();
    try {
      // Jitter, so that parallel downloads do not come back all at once.
      Thread.sleep(wait + full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
    } catch (InterruptedException e) {
      throw new BodyStream.Cancelled(e);
    }
  }

  private String describeFailures() {
    StringBuilder text = new StringBuilder();
    failures.forEach((uri, why) -> text.append("\n  ").append(uri).append(": ").append(why));
    return text.toString();
  }

  /** The JDK's client often says why only in a cause, and of an unknown host nowhere. */
  private static String describe(IOException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof UnresolvedAddressException) {
        return "no such host";
      }
      if (t.getMessage() != null) {
        return t.getMessage();
      }
    }
    return e instanceof ConnectException ? "cannot connect" : e.getClass().getSimpleName();
  }

  private void closeSource() {
    Source open = source;
    source = null;
    if (open != null) {
      try {
        open.in().close();
      } catch (IOException e) {
        // Only a local file's stream can say this, and it was read only.
      }
    }
  }

  @Override
  public void close() {
    closeSource();
  }
}
