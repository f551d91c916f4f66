package io.hardbake.fetch;

import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request to one place: over HTTP, redirects followed, or from a file. */
final class Transport {
  private static final int MOST_REDIRECTS = 10;

  /** Any number of so many digits is a {@code long}; a mirror may send more. */
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** Statuses that may be another one in a moment. */
  private static final Set<Integer> TRANSIENT = Set.of(408, 425, 429, 500, 502, 503, 504);

  private static final String REMEDY_FORBIDDEN =
      "the host was reached and refuses access: name a mirror that asks for no name and password,"
          + " of which hardbake sends none; where a proxy answered in its place, have the proxy let"
          + " the address pass";

  private static final String REMEDY_UNREADABLE =
      "make the mirror's files readable for who runs hardbake, with chmod -R a+rX by their owner,"
          + " or name another mirror";
  private static final String REMEDY_DIRECTORY =
      "put the file in its place there, or name another mirror";

  private final FetchSettings settings;
  private final Proxies proxies;
  private @Nullable HttpClient client;

  Transport(FetchSettings settings) {
    this.settings = settings;
    this.proxies = Proxies.of(settings.environment());
  }

  /**
   * A body that began to arrive.
   *
   * @param from the position of its first byte in the whole
   * @param total the length of the whole, when the server told it
   * @param framed whether the body's end can be told from that of the connection
   * @param validator what to send as {@code If-Range} to get more of the same
   */
  record Reply(
      InputStream body,
      long from,
      OptionalLong total,
      boolean framed,
      Optional<String> validator) {}

  /** This place will not give it, however often it is asked. */
  static class Refused extends IOException {
    Refused(String message) {
      super(message);
    }
  }

  /** This place was reached, and has a reason of its own, against which something can be done. */
  static final class Denied extends Refused {
    private final String remedy;

    Denied(String message, String remedy) {
      super(message);
      this.remedy = remedy;
    }

    String remedy() {
      return remedy;
    }
  }

  /** This place may give it later. */
  static final class Busy extends IOException {
    private final Duration pause;

    Busy(String message, Duration pause) {
      super(message);
      this.pause = pause;
    }

    /** How long it asked to be left alone. */
    Duration pause() {
      return pause;
    }
  }

  /** This place was reached, and does not have it. */
  static final class Missing extends Refused {
    Missing(String message) {
      super(message);
    }
  }

  /**
   * Asks for everything from {@code position} on; the reply may begin before it.
   *
   * @param validator what an earlier reply from there had
   */
  Reply open(URI uri, long position, Optional<String> validator)
      throws IOException, InterruptedException {
    return switch (scheme(uri)) {
      case "file" -> openFile(uri, position);
      case "http", "https" -> openHttp(uri, position, validator);
      default -> throw new Refused("cannot fetch " + scheme(uri) + ": addresses");
    };
  }

  /**
   * Makes sure that the way to each of these is known.
   *
   * @throws UsageException where one leads by a proxy that is named, and cannot be used
   */
  void requireProxies(List<URI> uris) throws UsageException {
    for (URI uri : uris) {
      proxies.require(uri);
    }
  }

  /** Whether the host answers, and not with a refusal that a proxy may have spoken for it. */
  boolean answers(URI uri) throws InterruptedException {
    if (scheme(uri).equals("file")) {
      return Files.exists(Path.of(uri));
    }
    try {
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .method("HEAD", HttpRequest.BodyPublishers.noBody())
              .timeout(settings.connectTimeout())
              .build();
      int status = client().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status != 403 && status != 407 && status < 500;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  private static Reply openFile(URI uri, long position) throws IOException {
    try {
      Path file = Path.of(uri);
      if (Files.isDirectory(file)) {
        throw new Denied("it is a directory", REMEDY_DIRECTORY);
      }
      long size = Files.size(file);
      InputStream in = Files.newInputStream(file);
      in.skipNBytes(Math.min(position, size));
      return new Reply(in, position, OptionalLong.of(size), true, Optional.empty());
    } catch (NoSuchFileException | IllegalArgumentException e) {
      throw new Missing("no such file");
    } catch (AccessDeniedException e) {
      throw new Denied("permission denied", REMEDY_UNREADABLE);
    }
  }

  private Reply openHttp(URI uri, long position, Optional<String> validator)
      throws IOException, InterruptedException {
    Set<URI> seen = new LinkedHashSet<>();
    URI at = uri;
    while (seen.add(at)) {
      if (seen.size() > MOST_REDIRECTS + 1) {
        throw new Refused("redirected more than " + MOST_REDIRECTS + " times");
      }
      HttpResponse<InputStream> response = send(at, position, validator);
      int status = response.statusCode();
      if (REDIRECTS.contains(status)) {
        drop(response);
        at = target(at, response.headers());
      } else if (status == 200 || status == 206) {
        return reply(response);
      } else {
        drop(response);
        String problem = "HTTP status " + status;
        if (status == 404 || status == 410) {
          throw new Missing(problem);
        }
        if (status == 407) {
          problem += ": the proxy wants a name and a password in its address";
        }
        if (status == 401 || status == 403) {
          throw new Denied(problem, REMEDY_FORBIDDEN);
        }
        if (TRANSIENT.contains(status)) {
          throw new Busy(problem, retryAfter(response.headers()));
        }
        throw new Refused(problem);
      }
    }
    throw new Refused("redirected in a circle, by way of " + at);
  }

  /** RFC 9110, 10.2.3, in seconds; a date, which hardly anybody sends, is passed over. */
  private static Duration retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .filter(value -> SECONDS.matcher(value).matches())
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .orElse(Duration.ZERO);
  }

  /** There is no body at all, against the JDK's documentation, when a proxy refuses a tunnel. */
  private static void drop(HttpResponse<InputStream> response) throws IOException {
    Optional<InputStream> body = Optional.ofNullable(response.body());
    if (body.isPresent()) {
      body.get().close();
    }
  }

  private HttpResponse<InputStream> send(URI uri, long position, Optional<String> validator)
      throws IOException, InterruptedException {
    HttpRequest.Builder request;
    try {
      proxies.require(uri); // A redirect may lead to where nobody thought of a proxy.
      request = HttpRequest.newBuilder(uri).timeout(settings.stallTimeout());
    } catch (IllegalArgumentException e) {
      throw new Refused("not an address: " + e.getMessage());
    } catch (UsageException e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
    request.header("User-Agent", "hardbake");
    if (position > 0) {
      request.header("Range", "bytes=" + position + "-");
      validator.ifPresent(value -> request.header("If-Range", value));
    }
    try {
      return client().send(request.build(), info -> new BodyStream(settings.stallTimeout()));
    } catch (IllegalArgumentException e) {
      // So the JDK's client meets a header that it cannot read.
      throw new Refused("an answer with a malformed Content-Length or other header");
    }
  }

  private static URI target(URI from, HttpHeaders headers) throws Refused {
    URI to;
    try {
      to = from.resolve(headers.firstValue("Location").orElse(""));
    } catch (IllegalArgumentException e) {
      throw new Refused("redirected to what is not an address: " + e.getMessage());
    }
    boolean safe = scheme(to).equals("https") || scheme(to).equals("http");
    boolean worse = scheme(from).equals("https") && scheme(to).equals("http");
    if (!safe || worse) {
      throw new Refused("redirected to " + to + ", which is less safe");
    }
    return to;
  }

  private static Reply reply(HttpResponse<InputStream> response) throws IOException {
    HttpHeaders headers = response.headers();
    // RFC 9110, 13.1.5: a weak entity tag must not be sent as If-Range.
    Optional<String> validator =
        headers
            .firstValue("ETag")
            .filter(tag -> !tag.startsWith("W/"))
            .or(() -> headers.firstValue("Last-Modified"));
    if (response.statusCode() == 200) {
      Optional<String> length = headers.firstValue("Content-Length");
      if (length.isPresent() && !LENGTH.matcher(length.get()).matches()) {
        response.body().close();
        throw new Refused("an answer with a malformed Content-Length");
      }
      OptionalLong total =
          length.isPresent() ? OptionalLong.of(Long.parseLong(length.get())) : OptionalLong.empty();
      return new Reply(response.body(), 0, total, framed(headers), validator);
    }
    Matcher range = CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
    if (!range.matches()) {
      response.body().close();
      throw new Refused("a partial answer that does not say which part it is");
    }
    OptionalLong total =
        range.group(2).equals("*")
            ? OptionalLong.empty()
            : OptionalLong.of(Long.parseLong(range.group(2)));
    long from = Long.parseLong(range.group(1));
    return new Reply(response.body(), from, total, framed(headers), validator);
  }

  /** RFC 9112, 6.3: what has neither lasts until the connection is closed, for whatever reason. */
  private static boolean framed(HttpHeaders headers) {
    return headers.firstValue("Content-Length").isPresent()
        || headers.firstValue("Transfer-Encoding").isPresent();
  }

  /** Made when first needed: a bake that finds everything in the store has no use for it. */
  private synchronized HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              // Parallel connections serve many files as well as HTTP/2 streams, and every mirror,
              // proxy and cache speaks it.
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(settings.connectTimeout())
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(proxies);
      proxies.authenticator().ifPresent(builder::authenticator);
      made = builder.build();
      client = made;
    }
    return made;
  }

  private static String scheme(URI uri) {
    String scheme = uri.getScheme();
    return scheme == null ? "relative" : scheme.toLowerCase(Locale.ROOT);
  }
}
