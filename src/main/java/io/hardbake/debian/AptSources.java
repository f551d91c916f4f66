package io.hardbake.debian;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The archives a Debian host's own apt uses, from both of its formats. A file that cannot be read
 * or understood counts as absent: it is the host's business, and hardbake only borrows a mirror.
 *
 * @see <a
 *     href="https://manpages.debian.org/bookworm/apt/sources.list.5.en.html">sources.list(5)</a>
 */
final class AptSources {
  /** A place that serves suites; {@code file} is where the host says so. */
  record Entry(URI base, Set<String> suites, Set<String> components, String file) {}

  private static final Set<String> SCHEMES = Set.of("http", "https", "file");

  /** What apt takes for a no (apt-pkg/contrib/strutl.cc, StringToBool). */
  private static final Pattern OFF =
      Pattern.compile("no|false|without|off|disable|0+", Pattern.CASE_INSENSITIVE);

  private final List<Entry> entries;

  private AptSources(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** Those below {@code hostRoot}; none unless that host is a Debian machine. */
  static AptSources of(Path hostRoot) {
    if (!isDebian(hostRoot.resolve("etc/os-release"))) {
      return new AptSources(List.of());
    }
    List<Entry> entries = new ArrayList<>();
    Path apt = hostRoot.resolve("etc/apt");
    entries.addAll(read(apt.resolve("sources.list")));
    try (Stream<Path> parts = Files.list(apt.resolve("sources.list.d"))) {
      parts.sorted().forEach(part -> entries.addAll(read(part)));
    } catch (IOException e) {
      // No such directory: nothing more to say.
    }
    return new AptSources(entries);
  }

  /** The entries that serve the suite's main component, in the order apt reads them. */
  List<Entry> serving(String suite) {
    return entries.stream()
        .filter(entry -> entry.suites().contains(suite) && entry.components().contains("main"))
        .toList();
  }

  private static boolean isDebian(Path osRelease) {
    try (Stream<String> lines = Files.lines(osRelease, StandardCharsets.ISO_8859_1)) {
      return lines.map(line -> line.replace("\"", "").trim()).anyMatch("ID=debian"::equals);
    } catch (IOException | java.io.UncheckedIOException e) {
      return false;
    }
  }

  private static List<Entry> read(Path file) {
    String name = file.toString();
    try {
      if (name.endsWith(".sources")) {
        return deb822(Files.readAllBytes(file), name);
      }
      if (name.endsWith(".list")) {
        return oneLine(Files.readString(file, StandardCharsets.ISO_8859_1), name);
      }
      return List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** {@code deb [option=value …] uri suite component…} */
  static List<Entry> oneLine(String text, String file) {
    List<Entry> entries = new ArrayList<>();
    for (String line : text.lines().toList()) {
      int comment = line.indexOf('#');
      String rest = (comment < 0 ? line : line.substring(0, comment)).trim();
      if (!rest.startsWith("deb ") && !rest.startsWith("deb\t")) {
        continue;
      }
      rest = rest.substring(4).trim();
      String options = "";
      if (rest.startsWith("[")) {
        int close = rest.indexOf(']');
        if (close < 0) {
          continue;
        }
        options = rest.substring(1, close);
        rest = rest.substring(close + 1).trim();
      }
      List<String> words = words(rest);
      if (words.size() >= 3 && isDebiansOwn(signedBy(options))) {
        Set<String> components = new LinkedHashSet<>(words.subList(2, words.size()));
        base(words.get(0))
            .ifPresent(
                base -> entries.add(new Entry(base, Set.of(words.get(1)), components, file)));
      }
    }
    return entries;
  }

  /** Paragraphs of {@code Types}, {@code URIs}, {@code Suites}, {@code Components}. */
  static List<Entry> deb822(byte[] text, String file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    Deb822 reader = Deb822.withComments(new ByteArrayInputStream(text));
    for (Paragraph p = reader.next(); p != null; p = reader.next()) {
      if (p.get("Enabled").filter(word -> OFF.matcher(word.trim()).matches()).isPresent()
          || !words(p.get("Types").orElse("")).contains("deb")
          || !isDebiansOwn(p.get("Signed-By").orElse(""))) {
        continue;
      }
      Set<String> suites = new LinkedHashSet<>(words(p.get("Suites").orElse("")));
      Set<String> components = new LinkedHashSet<>(words(p.get("Components").orElse("")));
      for (String uri : words(p.get("URIs").orElse(""))) {
        base(uri).ifPresent(base -> entries.add(new Entry(base, suites, components, file)));
      }
    }
    return entries;
  }

  /**
   * Vendors use Debian's suite names for archives of their own, and name their own key with them.
   * Whatever gets past this is refused later, by the signature.
   */
  private static boolean isDebiansOwn(String signedBy) {
    return signedBy.isBlank() || signedBy.contains("debian-archive");
  }

  private static String signedBy(String options) {
    return words(options).stream()
        .filter(option -> option.startsWith("signed-by="))
        .findFirst()
        .map(option -> option.substring("signed-by=".length()))
        .orElse("");
  }

  /** Only what hardbake itself can fetch from: no cdrom:, copy:, mirror+file:, tor+http:. */
  private static Optional<URI> base(String word) {
    try {
      URI uri = new URI(word);
      String scheme = uri.getScheme();
      // A name with an underscore, which apt takes, is no host to Java.
      boolean reachable = "file".equals(scheme) || uri.getHost() != null;
      return scheme != null && SCHEMES.contains(scheme) && uri.getUserInfo() == null && reachable
          ? Optional.of(uri)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }
}
