package io.hardbake.recipe;

import io.hardbake.failure.RecipeException;
import io.hardbake.image.Architecture;
import io.hardbake.io.DirectoryOrUrl;
import io.hardbake.io.DirectoryOrUrl.CredentialsException;
import io.hardbake.io.Sha512;
import io.hardbake.io.Size;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.kubernetes.KubernetesVersion;
import io.hardbake.recipe.Node.Field;
import io.hardbake.recipe.Node.Scalar;
import io.hardbake.recipe.Node.Sequence;
import io.hardbake.settle.Account;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Turns the YAML of one file into a {@link Recipe}. */
final class RecipeReader {
  private static final String NOLOGIN = "/usr/sbin/nologin";
  private static final int MAX_USER_ID = 59_999;
  private static final int MAX_PROCESSORS = 512;
  private static final int MAX_PORT = 65_535;

  private final String name;
  private final Fields fields;

  private RecipeReader(String name, Fields fields) {
    this.name = name;
    this.fields = fields;
  }

  /**
   * Reads {@code content}.
   *
   * @param file of which it is
   * @param templates the directory in which the templates that it names must exist
   */
  static Recipe read(Path file, byte[] content, String name, Path templates)
      throws RecipeException, IOException {
    Fields fields = Fields.of(YamlTree.read(file, content), Section.RECIPE);
    return new RecipeReader(name, fields).recipe(new ItemReader(name, fields, templates));
  }

  private Recipe recipe(ItemReader items) throws RecipeException {
    Optional<String> from = fields.text("from", Form.ROLE);
    Optional<String> machine = fields.text("machine", Form.ROLE);
    Optional<String> box = fields.text("box", Form.ROLE);
    return new Recipe(
        name,
        new Location(fields.at().file(), 1),
        fields.text("description", Form.ANY).orElse(""),
        from.map(parent -> new Recipe.Reference(parent, fields.at("from"))),
        fields.flag("abstract"),
        debian(),
        kubernetes(),
        packages(),
        users(),
        items.read(),
        units(),
        variables(),
        container(),
        machine.map(top -> new Recipe.Reference(top, fields.at("machine"))),
        box.map(top -> new Recipe.Reference(top, fields.at("box"))),
        boot(),
        hardware(),
        mentions());
  }

  private Recipe.Boot boot() throws RecipeException {
    Optional<Node> node = fields.node("boot");
    if (node.isEmpty()) {
      return Recipe.Boot.NONE;
    }
    Fields boot = Fields.of(node.get(), Section.BOOT);
    Optional<List<String>> commandLine = Optional.empty();
    if (boot.node("commandLine").isPresent()) {
      commandLine = Optional.of(boot.texts("commandLine", Form.KERNEL_WORD));
    }
    return new Recipe.Boot(boot.text("kernel", Form.PACKAGE), commandLine);
  }

  private Recipe.Hardware hardware() throws RecipeException {
    Optional<Node> node = fields.node("hardware");
    if (node.isEmpty()) {
      return Recipe.Hardware.NONE;
    }
    Fields hardware = Fields.of(node.get(), Section.HARDWARE);
    Optional<Integer> processors = Optional.empty();
    if (hardware.node("processors").isPresent()) {
      processors =
          Optional.of(number(hardware.node("processors").get(), "processors", 1, MAX_PROCESSORS));
    }
    return new Recipe.Hardware(
        hardware.text("disk", Form.DISK_SIZE).map(RecipeReader::size),
        hardware.text("memory", Form.MEMORY_SIZE).map(RecipeReader::size),
        processors);
  }

  /** A number with its unit, MiB or GiB, of a form that was checked. */
  private static Size size(String text) {
    long number = Long.parseLong(text.substring(0, text.length() - 3));
    return text.endsWith("GiB") ? Size.gib(number) : Size.mib(number);
  }

  private SortedMap<String, Location> mentions() throws RecipeException {
    SortedMap<String, Location> mentions = new TreeMap<>();
    mention(fields, "packages", mentions);
    mentionKernel(mentions);
    Optional<Node> node = fields.node("container");
    if (node.isPresent()) {
      mention(Fields.of(node.get(), Section.CONTAINER), "mask", mentions);
    }
    node = fields.node("units");
    if (node.isPresent()) {
      Fields units = Fields.of(node.get(), Section.UNITS);
      for (String key : units.all().keySet()) {
        mention(units, key, mentions);
      }
    }
    return mentions;
  }

  private void mentionKernel(SortedMap<String, Location> mentions) throws RecipeException {
    Optional<Node> node = fields.node("boot");
    if (node.isPresent()) {
      Fields boot = Fields.of(node.get(), Section.BOOT);
      Optional<String> kernel = boot.text("kernel", Form.PACKAGE);
      for (Architecture architecture : Architecture.values()) {
        kernel.ifPresent(name -> mentions.put(name + "-" + architecture, boot.at("kernel")));
      }
    }
  }

  private static void mention(Fields fields, String key, SortedMap<String, Location> mentions)
      throws RecipeException {
    for (Node item : fields.list(key)) {
      mentions.put(Fields.text(item, key, Form.ANY), item.at());
    }
  }

  private Recipe.Debian debian() throws RecipeException {
    Optional<Node> node = fields.node("debian");
    if (node.isEmpty()) {
      return Recipe.Debian.NONE;
    }
    Fields debian = Fields.of(node.get(), Section.DEBIAN);
    return new Recipe.Debian(
        debian.text("suite", Form.SUITE), url(debian, "mirror"), url(debian, "securityMirror"));
  }

  /** The form alone lets through what is no host, and a percent sign that escapes nothing. */
  private static Optional<URI> url(Fields fields, String key) throws RecipeException {
    Optional<String> raw = fields.text(key, Form.ANY);
    if (raw.isPresent()) {
      try {
        DirectoryOrUrl.refuseCredentials(raw.get());
      } catch (CredentialsException e) {
        throw credentials(fields, key, e);
      }
    }
    Optional<String> text = fields.text(key, Form.URL);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI url = new URI(text.get());
      if (url.getHost() != null) {
        return Optional.of(url);
      }
    } catch (URISyntaxException e) {
      // It has no host either.
    }
    throw Problem.at(
        fields.at(key), "\"" + text.get() + "\" is not " + Form.URL.words(), Form.URL.remedy());
  }

  private static RecipeException credentials(Fields fields, String key, CredentialsException e) {
    return Problem.at(fields.at(key), key + " is " + e.problem(), CredentialsException.REMEDY);
  }

  /** A relative path is one below the directory in which hardbake was started. */
  private static Optional<URI> mirror(Fields kubernetes) throws RecipeException {
    Optional<String> text = kubernetes.text("mirror", Form.ANY);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(DirectoryOrUrl.parse(text.get()));
    } catch (CredentialsException e) {
      throw credentials(kubernetes, "mirror", e);
    } catch (URISyntaxException e) {
      throw Problem.at(
          kubernetes.at("mirror"),
          "\"" + text.get() + "\" is neither a directory nor a URL that can be fetched",
          "write a path, or a URL that begins with https://");
    }
  }

  private Recipe.Kubernetes kubernetes() throws RecipeException {
    Optional<Node> node = fields.node("kubernetes");
    if (node.isEmpty()) {
      return Recipe.Kubernetes.NONE;
    }
    Fields kubernetes = Fields.of(node.get(), Section.KUBERNETES);
    Optional<KubernetesVersion> version = Optional.empty();
    Optional<String> text = kubernetes.text("version", Form.VERSION);
    if (text.isPresent()) {
      version = KubernetesVersion.parse(text.get());
      if (version.isEmpty()) {
        throw Problem.at(
            kubernetes.at("version"),
            "\"" + text.get() + "\" is not " + Form.VERSION.words(),
            Form.VERSION.remedy());
      }
    }
    return new Recipe.Kubernetes(
        version, binaries(kubernetes), mirror(kubernetes), pins(kubernetes));
  }

  private static SortedSet<String> binaries(Fields kubernetes) throws RecipeException {
    SortedSet<String> binaries = kubernetes.distinctTexts("binaries", Form.ANY);
    for (Node item : kubernetes.list("binaries")) {
      String binary = Fields.text(item, "binaries", Form.ANY);
      if (!KubernetesBinaries.NAMES.contains(binary)) {
        throw Problem.at(
            item.at(),
            "Kubernetes has no binary " + binary + " that hardbake bakes",
            Suggestion.among(KubernetesBinaries.NAMES, binary)
                + "the binaries are "
                + String.join(", ", KubernetesBinaries.NAMES));
      }
    }
    return binaries;
  }

  private static Map<Architecture, Sha512> pins(Fields kubernetes) throws RecipeException {
    Map<Architecture, Sha512> pins = new TreeMap<>();
    Optional<Node> node = kubernetes.node("sha512");
    if (node.isPresent()) {
      Fields digests = Fields.of(node.get(), Section.PINS);
      for (Architecture architecture : Architecture.values()) {
        digests
            .text(architecture.debianName(), Form.SHA512)
            .ifPresent(hex -> pins.put(architecture, new Sha512(hex)));
      }
    }
    return pins;
  }

  private List<String> packages() throws RecipeException {
    fields.distinctTexts("packages", Form.PACKAGE);
    return fields.texts("packages", Form.PACKAGE);
  }

  private List<Account> users() throws RecipeException {
    List<Account> users = new ArrayList<>();
    for (Node item : fields.list("users")) {
      Fields user = Fields.of(item, Section.USER);
      String userName = user.requiredText("name", Form.USER);
      if (users.stream().anyMatch(other -> other.name().equals(userName))) {
        throw Problem.at(user.at(), "the user " + userName + " stands twice", "remove one");
      }
      users.add(
          new Account(
              userName,
              number(user.node("id").orElseThrow(), "id", 1, MAX_USER_ID),
              user.text("home", Form.ACCOUNT_PATH).orElse("/nonexistent"),
              user.text("shell", Form.ACCOUNT_PATH).orElse(NOLOGIN),
              List.copyOf(user.distinctTexts("groups", Form.USER))));
    }
    return users;
  }

  private Units units() throws RecipeException {
    Optional<Node> node = fields.node("units");
    if (node.isEmpty()) {
      return Units.NONE;
    }
    Fields units = Fields.of(node.get(), Section.UNITS);
    Map<String, String> seen = new TreeMap<>();
    for (String key : units.all().keySet()) {
      for (Node item : units.list(key)) {
        String unit = Fields.text(item, key, Form.UNIT);
        String other = seen.put(unit, key);
        if (other != null) {
          throw Problem.at(
              item.at(),
              "%s stands under %s and under %s".formatted(unit, other, key),
              "decide for one");
        }
      }
    }
    return new Units(
        units.distinctTexts("enable", Form.UNIT),
        units.distinctTexts("disable", Form.UNIT),
        units.distinctTexts("mask", Form.UNIT));
  }

  private SortedMap<String, Object> variables() throws RecipeException {
    SortedMap<String, Object> variables = new TreeMap<>();
    Optional<Node> node = fields.node("variables");
    if (node.isEmpty()) {
      return variables;
    }
    for (Map.Entry<String, Field> field :
        Fields.mapping(node.get(), "variables").fields().entrySet()) {
      String variable = field.getKey();
      Location at = field.getValue().at();
      Fields.check(at, variable, Form.VARIABLE);
      if (Role.RESERVED_VARIABLES.contains(variable)) {
        throw Problem.at(
            at,
            "every template already knows " + variable + " from hardbake",
            "choose another name");
      }
      variables.put(variable, value(field.getValue().value(), variable, true));
    }
    return variables;
  }

  private static Object value(Node node, String variable, boolean listAllowed)
      throws RecipeException {
    if (node instanceof Scalar scalar && scalar.type() == Scalar.Type.TEXT) {
      return scalar.text();
    }
    if (node instanceof Scalar scalar && scalar.type() == Scalar.Type.BOOLEAN) {
      return Boolean.valueOf(scalar.text());
    }
    if (node instanceof Scalar scalar && scalar.type() == Scalar.Type.INTEGER) {
      return (long) number(node, variable, 0, Integer.MAX_VALUE);
    }
    if (listAllowed && node instanceof Sequence sequence) {
      List<Object> values = new ArrayList<>();
      for (Node item : sequence.items()) {
        values.add(value(item, variable, false));
      }
      return List.copyOf(values);
    }
    throw Fields.mistyped(
        node, variable, "text, a whole number, true, false" + (listAllowed ? " or a list" : ""));
  }

  private Recipe.Container container() throws RecipeException {
    Optional<Node> node = fields.node("container");
    if (node.isEmpty()) {
      return Recipe.Container.NONE;
    }
    Fields container = Fields.of(node.get(), Section.CONTAINER);
    Optional<List<String>> command = Optional.empty();
    if (container.node("command").isPresent()) {
      command = Optional.of(container.texts("command", Form.ANY));
    }
    return new Recipe.Container(
        command,
        container.text("stopSignal", Form.SIGNAL),
        new TreeMap<>(container.textMap("environment", Form.ENVIRONMENT)),
        ports(container),
        new TreeMap<>(container.textMap("labels", Form.ANY)),
        container.distinctTexts("mask", Form.UNIT));
  }

  /** As OCI writes them: {@code 6443/tcp}. */
  private static SortedSet<String> ports(Fields container) throws RecipeException {
    SortedSet<String> ports = new TreeSet<>();
    for (Node item : container.list("ports")) {
      boolean bare = item instanceof Scalar scalar && scalar.type() == Scalar.Type.INTEGER;
      String port =
          bare
              ? number(item, "ports", 1, MAX_PORT) + "/tcp"
              : Fields.text(item, "ports", Form.PORT);
      if (Integer.parseInt(port.substring(0, port.indexOf('/'))) > MAX_PORT) {
        throw Problem.at(item.at(), "\"" + port + "\" is not a port", Form.PORT.remedy());
      }
      if (!ports.add(port)) {
        throw Problem.at(item.at(), port + " stands twice under ports", "remove one of the two");
      }
    }
    return ports;
  }

  /** A decimal number within bounds; a leading zero would make it octal. */
  private static int number(Node node, String what, int min, int max) throws RecipeException {
    if (!(node instanceof Scalar scalar) || scalar.type() != Scalar.Type.INTEGER) {
      throw Fields.mistyped(node, what, "a whole number");
    }
    if (scalar.text().matches("0|[1-9][0-9]{0,9}")) {
      long value = Long.parseLong(scalar.text());
      if (value >= min && value <= max) {
        return (int) value;
      }
    }
    throw Problem.at(
        scalar.at(),
        "%s should be a number from %d to %d, but it is %s"
            .formatted(what, min, max, scalar.text()),
        "write a decimal number in that range");
  }
}
