package io.hardbake.bake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.hardbake.attestation.Envelope;
import io.hardbake.attestation.Resource;
import io.hardbake.attestation.SigningKey;
import io.hardbake.attestation.Statement;
import io.hardbake.bake.Outputs.Description;
import io.hardbake.bake.Outputs.Written;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.image.Artifact;
import io.hardbake.io.Bytes;
import io.hardbake.io.JsonText;
import io.hardbake.io.Sha256;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.recipe.Body;
import io.hardbake.recipe.Item;
import io.hardbake.recipe.Recipe;
import io.hardbake.recipe.RecipeBook;
import io.hardbake.recipe.Role;
import io.hardbake.sbom.Bill;
import io.hardbake.sbom.DebianPart;
import io.hardbake.sbom.PackageUrl;
import io.hardbake.template.Templates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says beside each artifact what it was made of. A statement is about one artifact, so that it does
 * not depend on what else was baked at the time. Safe for several threads.
 */
final class Statements {
  private static final String PLAIN = ".intoto.json";
  private static final String SIGNED = ".intoto.jsonl";

  private final BakeOptions options;
  private final Inputs inputs;
  private final Map<String, Role> roles = new HashMap<>();
  private final KubernetesBinaries kubernetes;
  private final Optional<SigningKey> key;

  /**
   * What people may edit while a bake runs, as it was when the bake read it.
   *
   * @param lock the digest of the lock's file
   */
  record Inputs(RecipeBook book, Templates templates, Sha256 lock) {}

  Statements(
      BakeOptions options,
      List<Role> roles,
      Inputs inputs,
      KubernetesBinaries kubernetes,
      Optional<SigningKey> key) {
    this.options = options;
    this.inputs = inputs;
    this.kubernetes = kubernetes;
    this.key = key;
    roles.forEach(role -> this.roles.put(role.name(), role));
  }

  /** Writes the statements of all artifacts of one role for one architecture. */
  List<Artifact> write(List<Written> ofImage)
      throws BakeException, IOException, InterruptedException {
    Map<Bill.Kind, Description> descriptions = new HashMap<>();
    ofImage.forEach(
        written -> written.description().ifPresent(it -> descriptions.put(written.kind(), it)));
    List<Artifact> statements = new ArrayList<>();
    for (Written written : ofImage) {
      for (Artifact artifact : written.artifacts()) {
        Description description = requireNonNull(descriptions.get(written.kind()));
        byte[] statement = statement(artifact, format(written, artifact), description).json();
        statements.add(Documents.write(beside(artifact, PLAIN), statement));
        Path file = beside(artifact, SIGNED);
        List<Signed> kept = signed(statement, file);
        if (key.isPresent()) {
          statements.add(Documents.write(file, sign(statement, key.get(), kept)));
        } else if (kept.isEmpty()) {
          // One of an earlier bake, about another artifact or other inputs.
          Files.deleteIfExists(file);
        }
      }
    }
    return statements;
  }

  /** An envelope in a file, and the line that it is there, which may hold more than we know of. */
  private record Signed(Envelope envelope, String line) {}

  /** The envelopes in a file that hold this statement, byte for byte, whoever signed them. */
  private static List<Signed> signed(byte[] statement, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    List<Signed> signed = new ArrayList<>();
    try {
      for (byte[] document : JsonText.documents(Files.readAllBytes(file))) {
        Envelope envelope = Envelope.parse(document, file.toString());
        if (envelope.payloadType().equals(Envelope.IN_TOTO)
            && envelope.payload().equals(Bytes.of(statement))) {
          // One that stands alone may have been written over several lines.
          String line = new String(document, UTF_8).lines().collect(Collectors.joining(" "));
          signed.add(new Signed(envelope, line));
        }
      }
    } catch (IntegrityException e) {
      return List.of();
    }
    return signed;
  }

  /** A file with what others signed, and what the key signs unless it has signed already. */
  private static byte[] sign(byte[] statement, SigningKey key, List<Signed> kept) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    kept.forEach(each -> file.writeBytes((each.line() + "\n").getBytes(UTF_8)));
    if (kept.stream().noneMatch(each -> each.envelope().isSignedBy(key))) {
      file.writeBytes(Envelope.sign(statement, key).json());
    }
    return file.toByteArray();
  }

  /** The statement that belongs to an artifact. */
  static Path beside(Path artifact) {
    return artifact.resolveSibling(artifact.getFileName() + PLAIN);
  }

  private static Path beside(Artifact artifact, String suffix) {
    return artifact.file().resolveSibling(artifact.file().getFileName() + suffix);
  }

  private Statement statement(Artifact artifact, Format format, Description description)
      throws BakeException, IOException, InterruptedException {
    Bill bill = description.bill();
    Role role = role(bill);
    SortedMap<String, Object> parameters = new TreeMap<>();
    parameters.put("architecture", bill.subject().architecture().debianName());
    parameters.put("formats", List.of(format.toString()));
    if (format.holdsQcow2()) {
      parameters.put("qcow2Compression", options.qcow2Compression().toString());
    }
    parameters.put("recipe", role.chain().stream().map(Statements::fileOf).toList());
    parameters.put("role", bill.subject().role());
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("created", bill.subject().created().toString());
    facts.put("kubernetes.origin", kubernetes.origin());
    facts.put("kubernetes.source", kubernetes.source().toString());
    facts.put("kubernetes.version", kubernetes.version().toString());
    facts.put("lock.inputs", "sha256:" + bill.subject().lock());
    return new Statement(
        List.of(Resource.of(name(artifact), artifact.sha256())),
        parameters,
        facts,
        materials(bill, role),
        List.of(
            Resource.of(
                "manifests/" + name(description.manifest()), description.manifest().sha256()),
            Resource.of("sbom/" + name(description.sbom()), description.sbom().sha256())),
        ToolVersion.text());
  }

  private Role role(Bill bill) {
    Role role = requireNonNull(roles.get(bill.subject().role()));
    return switch (bill.subject().kind()) {
      case IMAGE -> role;
      case DISK -> role.machine().orElseThrow();
      case BOX -> role.box().orElseThrow();
    };
  }

  private static Format format(Written written, Artifact artifact) {
    return switch (written.kind()) {
      case IMAGE -> Format.OCI;
      case DISK -> Format.QCOW2;
      case BOX ->
          written.boxes().stream()
              .filter(box -> box.file().equals(artifact))
              .map(box -> Format.of(box.provider()))
              .findFirst()
              .orElseThrow();
    };
  }

  /** Packages, Kubernetes' inputs, the lock, recipes and templates; each kind in a fixed order. */
  private List<Resource> materials(Bill bill, Role role)
      throws BakeException, IOException, InterruptedException {
    List<Resource> materials = new ArrayList<>();
    for (DebianPart part : bill.packages()) {
      SortedMap<String, String> annotations = new TreeMap<>();
      annotations.put("archive", part.origin().archive());
      annotations.put("path", part.origin().path());
      materials.add(
          new Resource(
              part.name(),
              Optional.of(PackageUrl.of(part, bill.distribution())),
              digest("sha256:" + part.sha256()),
              annotations));
    }
    if (!bill.programs().isEmpty()) {
      kubernetes
          .inputs()
          .forEach(
              (name, digest) ->
                  materials.add(
                      new Resource(name, Optional.empty(), digest(digest), new TreeMap<>())));
    }
    materials.add(Resource.of("images/hardbake.lock", inputs.lock()));
    for (Recipe recipe : role.chain()) {
      materials.add(Resource.of("images/" + fileOf(recipe), inputs.book().digest(recipe)));
    }
    SortedMap<String, Resource> templates = new TreeMap<>();
    for (Item item : role.items().values()) {
      Optional<String> name = item instanceof Item.File it ? source(it.body()) : Optional.empty();
      if (name.isPresent()) {
        String path = "templates/" + name.get();
        Sha256 sha256 = inputs.templates().source(name.get()).sha256();
        templates.put(path, Resource.of(path, sha256));
      }
    }
    materials.addAll(templates.values());
    return materials;
  }

  private static Optional<String> source(Body body) {
    if (body instanceof Body.Template template) {
      return Optional.of(template.name());
    }
    return body instanceof Body.Source source ? Optional.of(source.name()) : Optional.empty();
  }

  /** The file's name: a machine's and a box's recipe has another name than its file. */
  private static String fileOf(Recipe recipe) {
    return requireNonNull(Path.of(recipe.at().file()).getFileName()).toString();
  }

  private static String name(Artifact artifact) {
    return requireNonNull(artifact.file().getFileName()).toString();
  }

  /** Of {@code algorithm:digits}. */
  private static SortedMap<String, String> digest(String text) {
    String[] parts = text.split(":", 2);
    return new TreeMap<>(Map.of(parts[0], parts[1]));
  }
}
