package io.hardbake.lock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hardbake.failure.RecipeException;
import io.hardbake.image.Architecture;
import io.hardbake.io.AtomicFile;
import io.hardbake.io.Sha256;
import io.hardbake.io.Sha512;
import io.hardbake.io.Size;
import io.hardbake.lock.Lock.ArchitectureLock;
import java.io.CharConversionException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The lock as a file, in its one canonical form: JSON with a package a line, so that a diff reads
 * well, keys and packages in a fixed order, a final newline.
 */
public final class LockFile {
  /** Grows when the form changes; an older form is stale. */
  static final int FORMAT = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          // A careless merge keeps both sides.
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** A directory's name, into which copies go. */
  private static final Pattern ARCHIVE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private final Path path;
  private final String command;

  public LockFile(Path path) {
    this(path, "./hardbake lock");
  }

  /**
   * The lock of a project.
   *
   * @param command writes it anew
   */
  public LockFile(Path path, String command) {
    this.path = path;
    this.command = command;
  }

  public Path path() {
    return path;
  }

  /**
   * Reads the lock; empty where there is none, or one of another form.
   *
   * @throws RecipeException if the file is damaged: a merge left its marks, say
   */
  public Optional<Lock> read() throws IOException, RecipeException {
    return Files.exists(path) ? read(Files.readAllBytes(path)) : Optional.empty();
  }

  /** The same, of bytes that are the file's. */
  private Optional<Lock> read(byte[] content) throws IOException, RecipeException {
    try {
      JsonNode root = JSON.readTree(content);
      if (root.path("format").asInt() != FORMAT || asksForProvidedNames(root)) {
        return Optional.empty();
      }
      return Optional.of(lock(root));
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw damaged(line, e.getOriginalMessage(), e);
    } catch (CharConversionException | IllegalArgumentException | DateTimeException e) {
      throw damaged(1, String.valueOf(e.getMessage()), e);
    }
  }

  /** As hardbake once wrote them: a recipe's words instead of the packages that answer to them. */
  private static boolean asksForProvidedNames(JsonNode root) {
    for (JsonNode architecture : root.path("architectures")) {
      for (JsonNode recipe : architecture.path("recipes")) {
        if (!words(recipe, "packages").containsAll(words(recipe, "requested"))) {
          return true;
        }
      }
    }
    return false;
  }

  public void write(Lock lock) throws IOException {
    AtomicFile.write(path, bytes(lock));
  }

  /**
   * Makes this the lock in the file; what says the same already is not touched.
   *
   * @return the file's digest
   * @throws RecipeException if what is in the file is damaged
   */
  public Sha256 keep(Lock lock) throws IOException, RecipeException {
    if (Files.exists(path)) {
      byte[] content = Files.readAllBytes(path);
      if (read(content).equals(Optional.of(lock))) {
        return Sha256.of(content);
      }
    }
    write(lock);
    return Sha256.of(bytes(lock));
  }

  private static byte[] bytes(Lock lock) {
    return text(lock).getBytes(StandardCharsets.UTF_8);
  }

  /** The canonical form. */
  public static String text(Lock lock) {
    StringBuilder text = new StringBuilder("{\n");
    text.append("  \"format\": ").append(FORMAT).append(",\n");
    text.append("  \"inputs\": \"").append(lock.inputs()).append("\",\n");
    text.append("  \"date\": \"").append(lock.date()).append("\",\n");
    if (!lock.suites().isEmpty()) {
      ObjectNode suites = NODES.objectNode();
      lock.suites().forEach((suite, date) -> suites.put(suite, date.toString()));
      text.append("  \"suites\": ").append(suites).append(",\n");
    }
    text.append("  \"keyring\": \"").append(lock.keyring()).append("\",\n");
    text.append("  \"kubernetes\": {\n    \"release\": ");
    write(lock.kubernetes(), text);
    text.append("  },\n  \"architectures\": {");
    String comma = "\n";
    for (var entry : lock.architectures().entrySet()) {
      text.append(comma).append("    \"").append(entry.getKey()).append("\": {\n");
      write(entry.getValue(), text);
      text.append("    }");
      comma = ",\n";
    }
    return text.append("\n  }\n}\n").toString();
  }

  private static void write(ArchitectureLock lock, StringBuilder text) {
    List<ObjectNode> recipes = new ArrayList<>();
    lock.recipes()
        .forEach(
            (name, recipe) -> {
              ObjectNode node = NODES.objectNode().put("name", name);
              node.set("requested", words(recipe.requested()));
              node.set("packages", words(recipe.packages()));
              recipes.add(node);
            });
    List<ObjectNode> packages = lock.packages().values().stream().map(LockFile::node).toList();
    text.append("      \"recipes\": [");
    lines(recipes, text);
    text.append("],\n      \"packages\": [");
    lines(packages, text);
    text.append("]\n");
  }

  private static void write(LockedKubernetes kubernetes, StringBuilder text) {
    ObjectNode release = NODES.objectNode().put("version", kubernetes.version());
    ObjectNode tarballs = release.putObject("sha512");
    kubernetes.tarballs().forEach((arch, sha512) -> tarballs.put(arch.debianName(), sha512));
    text.append(release);
    kubernetes
        .debianSource()
        .ifPresent(
            build -> {
              text.append(",\n    \"debian-source\": {\n      \"version\": ");
              text.append(NODES.textNode(build.version()));
              text.append(",\n      \"orig\": ").append(node(build.orig()));
              text.append(",\n      \"packaging\": ").append(node(build.packaging()));
              text.append(",\n      \"toolchains\": {");
              String comma = "\n";
              for (var entry : build.toolchains().entrySet()) {
                text.append(comma).append("        \"").append(entry.getKey()).append("\": {\n");
                write(entry.getValue(), text);
                text.append("        }");
                comma = ",\n";
              }
              text.append("\n      }\n    }");
            });
    text.append("\n");
  }

  private static void write(LockedKubernetes.Toolchain toolchain, StringBuilder text) {
    String margin = "          \"";
    text.append(margin).append("version\": ").append(NODES.textNode(toolchain.version()));
    text.append(",\n").append(margin).append("compiler\": ").append(node(toolchain.compiler()));
    text.append(",\n").append(margin).append("library\": ").append(node(toolchain.library()));
    text.append(",\n").append(margin).append("reflect2\": ").append(node(toolchain.reflect2()));
    text.append("\n");
  }

  private static void lines(List<ObjectNode> nodes, StringBuilder text) {
    String comma = "\n  ";
    for (ObjectNode node : nodes) {
      text.append(comma).append(node);
      comma = ",\n  ";
    }
    text.append("\n");
  }

  private static ArrayNode words(Iterable<String> words) {
    ArrayNode array = NODES.arrayNode();
    words.forEach(array::add);
    return array;
  }

  private static ObjectNode node(LockedPackage locked) {
    return put(
        NODES
            .objectNode()
            .put("name", locked.name())
            .put("version", locked.version())
            .put("installed", locked.installed().bytes()),
        locked.file());
  }

  private static ObjectNode node(LockedFile file) {
    return put(NODES.objectNode(), file);
  }

  private static ObjectNode put(ObjectNode node, LockedFile file) {
    return node.put("archive", file.archive())
        .put("path", file.path())
        .put("size", file.size().bytes())
        .put("sha256", file.sha256().hex());
  }

  private static Lock lock(JsonNode root) {
    SortedMap<Architecture, ArchitectureLock> architectures = new TreeMap<>();
    required(root, "architectures")
        .properties()
        .forEach(e -> architectures.put(architecture(e.getKey()), packagesOf(e.getValue())));
    return new Lock(
        new Sha256(word(root, "inputs")),
        Instant.parse(word(root, "date")),
        suites(root.path("suites")),
        new Sha256(word(root, "keyring")),
        kubernetes(required(root, "kubernetes")),
        architectures);
  }

  /** Locks had none at first. */
  private static SortedMap<String, Instant> suites(JsonNode node) {
    SortedMap<String, Instant> suites = new TreeMap<>();
    node.properties().forEach(e -> suites.put(e.getKey(), Instant.parse(e.getValue().asText())));
    return suites;
  }

  private static Architecture architecture(String name) {
    return Architecture.named(name)
        .orElseThrow(() -> new IllegalArgumentException("the architecture " + name));
  }

  private static ArchitectureLock packagesOf(JsonNode node) {
    SortedMap<String, LockedRecipe> recipes = new TreeMap<>();
    for (JsonNode recipe : required(node, "recipes")) {
      recipes.put(
          word(recipe, "name"),
          new LockedRecipe(
              new TreeSet<>(words(recipe, "requested")), new TreeSet<>(words(recipe, "packages"))));
    }
    SortedMap<String, LockedPackage> packages = new TreeMap<>();
    for (LockedPackage locked : packages(required(node, "packages"))) {
      packages.put(locked.name(), locked);
    }
    return new ArchitectureLock(packages, recipes);
  }

  private static LockedKubernetes kubernetes(JsonNode node) {
    JsonNode release = required(node, "release");
    SortedMap<Architecture, String> tarballs = new TreeMap<>();
    required(release, "sha512")
        .properties()
        .forEach(
            e -> tarballs.put(architecture(e.getKey()), new Sha512(e.getValue().asText()).hex()));
    return new LockedKubernetes(
        word(release, "version"),
        tarballs,
        Optional.ofNullable(node.get("debian-source")).map(LockFile::build));
  }

  private static LockedKubernetes.Build build(JsonNode node) {
    SortedMap<Architecture, LockedKubernetes.Toolchain> toolchains = new TreeMap<>();
    required(node, "toolchains")
        .properties()
        .forEach(e -> toolchains.put(architecture(e.getKey()), toolchain(e.getValue())));
    return new LockedKubernetes.Build(
        word(node, "version"),
        file(required(node, "orig")),
        file(required(node, "packaging")),
        toolchains);
  }

  private static LockedKubernetes.Toolchain toolchain(JsonNode node) {
    return new LockedKubernetes.Toolchain(
        word(node, "version"),
        file(required(node, "compiler")),
        file(required(node, "library")),
        file(required(node, "reflect2")));
  }

  private static List<LockedPackage> packages(JsonNode array) {
    List<LockedPackage> packages = new ArrayList<>();
    array.forEach(
        node ->
            packages.add(
                new LockedPackage(
                    word(node, "name"),
                    word(node, "version"),
                    size(node, "installed"),
                    file(node))));
    return packages;
  }

  private static LockedFile file(JsonNode node) {
    String path = word(node, "path");
    if (URI.create(path).isAbsolute()) {
      throw new IllegalArgumentException(path + " is no path below an archive");
    }
    String archive = word(node, "archive");
    if (!ARCHIVE.matcher(archive).matches()) {
      throw new IllegalArgumentException(archive + " is no name of an archive");
    }
    return new LockedFile(archive, path, size(node, "size"), new Sha256(word(node, "sha256")));
  }

  private static Size size(JsonNode node, String key) {
    return new Size(required(node, key).asLong(-1));
  }

  private static List<String> words(JsonNode node, String key) {
    List<String> words = new ArrayList<>();
    required(node, key).forEach(word -> words.add(word.asText()));
    return words;
  }

  private static String word(JsonNode node, String key) {
    return required(node, key).asText();
  }

  private static JsonNode required(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null) {
      throw new IllegalArgumentException("\"" + key + "\" is missing");
    }
    return value;
  }

  private RecipeException damaged(int line, String problem, Exception cause) {
    return new RecipeException(
        path + ":" + line + ": the lock is damaged: " + problem,
        "restore it from version control, or write it anew with: " + command,
        cause);
  }
}
