package io.hardbake.debian;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.hardbake.debian.trust.TestKey;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/**
 * A tiny Debian archive on loopback: packages are added, then published under a Release that the
 * archive's own key signs. What was published can be replaced byte by byte, to see it refused.
 */
public final class TestArchive implements AutoCloseable {
  /** When the archive is published, and what its tests take for now. */
  public static final Instant NOW = Instant.parse("2024-06-01T12:00:00Z");

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final String codename;
  private final TestKey key;
  private final HttpServer server;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, HttpHandler> liars = new ConcurrentHashMap<>();
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> packages = new ArrayList<>();
  private final List<String> sources = new ArrayList<>();

  public TestArchive(String codename) throws Exception {
    this.codename = codename;
    this.key = TestKey.simple();
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/debian/", this::answer);
    server.setExecutor(pool); // so that one that stalls holds up nobody else
    server.start();
  }

  /**
   * Adds a package.
   *
   * @param control its control fields; at least Package, Version
   * @param contents by absolute path
   */
  public TestArchive add(String control, Map<String, String> contents) throws IOException {
    return add(control, full -> deb(full, contents));
  }

  /**
   * Adds a package that {@code build} makes of its control fields, those that all have included.
   */
  public TestArchive add(String control, Build build) throws IOException {
    Paragraph fields = Deb822.all(control.getBytes(UTF_8)).get(0);
    String name = fields.get("Package").orElseThrow();
    Map<String, String> full = new LinkedHashMap<>(fields.fields());
    full.putIfAbsent("Architecture", "amd64");
    full.putIfAbsent("Maintainer", "Test <test@example.org>");
    full.putIfAbsent("Description", "a test");
    StringBuilder text = new StringBuilder();
    full.forEach((field, value) -> text.append(field).append(": ").append(value).append('\n'));
    byte[] deb = build.deb(text.toString());
    String path =
        "pool/main/%s/%s_%s_amd64.deb"
            .formatted(
                name, name, fields.get("Version").orElseThrow().replaceFirst("^[0-9]+:", ""));
    files.put(path, deb);
    packages.add(
        text + "Filename: %s\nSize: %d\nSHA256: %s\n".formatted(path, deb.length, Sha256.of(deb)));
    return this;
  }

  /** Makes a package. */
  @FunctionalInterface
  public interface Build {
    byte[] deb(String control) throws IOException;
  }

  /** Takes a package out of the index at the next publication, and its file away at once. */
  public TestArchive drop(String name) {
    packages.removeIf(paragraph -> paragraph.startsWith("Package: " + name + "\n"));
    return remove("pool/main/" + name + "/");
  }

  /** Adds a source package of one file. */
  public TestArchive addSource(String name, String version, byte[] content) {
    return addSource(name, version, Map.of(name + "_" + version + ".tar.xz", content));
  }

  /** Adds a source package of these files, by name. */
  public TestArchive addSource(String name, String version, Map<String, byte[]> contents) {
    StringBuilder paragraph =
        new StringBuilder(
            "Package: %s\nVersion: %s\nDirectory: pool/main/%s\nChecksums-Sha256:\n"
                .formatted(name, version, name));
    new TreeMap<>(contents)
        .forEach(
            (file, content) -> {
              files.put("pool/main/" + name + "/" + file, content);
              paragraph.append(" %s %d %s\n".formatted(Sha256.of(content), content.length, file));
            });
    sources.add(paragraph.toString());
    return this;
  }

  /** Publishes what was added, signed now and valid for a week. */
  public TestArchive publish() throws Exception {
    return publish(
        Map.of(
            "Suite",
            "testing",
            "Codename",
            codename,
            "Date",
            date(NOW),
            "Valid-Until",
            date(NOW.plusSeconds(7 * 86400))));
  }

  /** Publishes what was added under a Release with these fields. */
  public TestArchive publish(Map<String, String> fields) throws Exception {
    SortedMap<String, byte[]> indexes = new TreeMap<>();
    byte[] binary = String.join("\n", packages).getBytes(UTF_8);
    byte[] source = String.join("\n", sources).getBytes(UTF_8);
    indexes.put("main/binary-amd64/Packages", binary);
    indexes.put("main/binary-amd64/Packages.xz", xz(binary));
    indexes.put("main/source/Sources", source);
    indexes.put("main/source/Sources.xz", xz(source));
    StringBuilder release = new StringBuilder();
    new TreeMap<>(fields).forEach((k, v) -> release.append(k).append(": ").append(v).append('\n'));
    release.append("Acquire-By-Hash: yes\nComponents: main\nArchitectures: amd64\nSHA256:\n");
    indexes.forEach(
        (path, bytes) -> {
          release.append(" %s %d %s\n".formatted(Sha256.of(bytes), bytes.length, path));
          String directory = path.substring(0, path.lastIndexOf('/') + 1);
          files.put(dists(path), bytes);
          files.put(dists(directory + "by-hash/SHA256/" + Sha256.of(bytes)), bytes);
        });
    files.put(dists("InRelease"), key.clearSign(release.toString(), NOW));
    return this;
  }

  /** Publishes a suite without packages beside the archive's own. */
  public TestArchive publishEmpty(String suite, Instant date) throws Exception {
    Sha256 nothing = Sha256.of(new byte[0]);
    String release =
        "Codename: %s\nDate: %s\nSHA256:\n".formatted(suite, date(date))
            + " %s 0 main/binary-amd64/Packages\n".formatted(nothing)
            + " %s 0 main/source/Sources\n".formatted(nothing);
    files.put("dists/" + suite + "/main/binary-amd64/Packages", new byte[0]);
    files.put("dists/" + suite + "/main/source/Sources", new byte[0]);
    files.put("dists/" + suite + "/InRelease", key.clearSign(release, NOW));
    return this;
  }

  /** The base that serves {@code dists/} and {@code pool/}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/debian/");
  }

  /** This archive alone, amd64, believed by its own key; {@code directory} takes the keyring. */
  public ArchiveSettings settings(Path directory) throws Exception {
    return new ArchiveSettings(
        List.of(new Suite(codename, List.of(uri()), Origin.DEFAULT_PRIORITY)),
        List.of("main"),
        Architecture.AMD64,
        key.keyring(directory));
  }

  /** What is served under a path relative to the base. */
  public byte[] file(String path) {
    return Objects.requireNonNull(files.get(path), path).clone();
  }

  public TestArchive replace(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  /** Answers in this way for every path that contains the word, until {@link #beHonest}. */
  public TestArchive misbehave(String word, HttpHandler handler) {
    liars.put(word, handler);
    return this;
  }

  public TestArchive beHonest() {
    liars.clear();
    return this;
  }

  /** Takes away every file whose path contains the word. */
  public TestArchive remove(String word) {
    files.keySet().removeIf(path -> path.contains(word));
    return this;
  }

  /** Replaces every file whose path contains the word. */
  public TestArchive replaceAll(String word, byte[] content) {
    files.replaceAll((path, old) -> path.contains(word) ? content : old);
    return this;
  }

  /** The paths that were asked for, in order. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  public TestKey key() {
    return key;
  }

  public String dists(String path) {
    return "dists/" + codename + "/" + path;
  }

  public static String date(Instant instant) {
    return DATE.format(instant);
  }

  @Override
  public void close() {
    server.stop(0);
    pool.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring("/debian/".length());
    requests.add(path);
    for (Map.Entry<String, HttpHandler> liar : liars.entrySet()) {
      if (path.contains(liar.getKey())) {
        try {
          liar.getValue().handle(exchange);
        } finally {
          exchange.close();
        }
        return;
      }
    }
    byte[] body = files.get(path);
    exchange.sendResponseHeaders(
        body == null ? 404 : 200, body == null || body.length == 0 ? -1 : body.length);
    if (body != null) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  /** A .deb with uncompressed members, as deb(5) allows. */
  public static byte[] deb(String control, Map<String, String> contents) throws IOException {
    ByteArrayOutputStream deb = new ByteArrayOutputStream();
    try (ArArchiveOutputStream ar = new ArArchiveOutputStream(deb)) {
      member(ar, "debian-binary", "2.0\n".getBytes(UTF_8));
      member(ar, "control.tar", tar(Map.of("/control", control)));
      member(ar, "data.tar", tar(contents));
    }
    return deb.toByteArray();
  }

  private static void member(ArArchiveOutputStream ar, String name, byte[] content)
      throws IOException {
    ar.putArchiveEntry(new ArArchiveEntry(name, content.length, 0, 0, 0100644, 0));
    ar.write(content);
    ar.closeArchiveEntry();
  }

  private static byte[] tar(Map<String, String> contents) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry("./"));
      tar.closeArchiveEntry();
      for (Map.Entry<String, String> file : new TreeMap<>(contents).entrySet()) {
        byte[] content = file.getValue().getBytes(UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry("." + file.getKey());
        entry.setSize(content.length);
        entry.setMode(0100644);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  public static byte[] xz(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (XZOutputStream out = new XZOutputStream(packed, new LZMA2Options(1))) {
      out.write(content);
    }
    return packed.toByteArray();
  }
}
