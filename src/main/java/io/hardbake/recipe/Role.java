package io.hardbake.recipe;

import io.hardbake.failure.RecipeException;
import io.hardbake.image.Architecture;
import io.hardbake.image.ContainerSettings;
import io.hardbake.image.Hardware;
import io.hardbake.io.Sha512;
import io.hardbake.io.Size;
import io.hardbake.kubernetes.KubernetesVersion;
import io.hardbake.settle.Account;
import io.hardbake.tree.AbsolutePath;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A recipe with its ancestors: what is baked.
 *
 * <p>Lists add up along the chain. What has a name or a path (items, users, units, variables,
 * labels) is replaced by a descendant that names it again. A single value is the last one said.
 *
 * @param chain from the ancestor that builds on nothing to the recipe itself
 * @param top the recipe that a disk of this role has on top
 * @param boxTop the recipe that a box has on top of that
 */
public record Role(List<Recipe> chain, Optional<Recipe> top, Optional<Recipe> boxTop) {
  /** Joins a role's name and its machine's; no recipe's own name has it. */
  private static final String ON = "+";

  private static final URI PUBLIC_MIRROR = URI.create("https://ftp.debian.org/debian");
  private static final URI PUBLIC_SECURITY_MIRROR =
      URI.create("https://security.debian.org/debian-security");

  /** Names that every template knows, and that are therefore no recipe's to define. */
  static final List<String> RESERVED_VARIABLES =
      List.of("architecture", "debian", "kubernetes", "machine", "role");

  public Role {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a role has at least its own recipe");
    }
  }

  /** A role without disks. */
  public Role(List<Recipe> chain) {
    this(chain, Optional.empty(), Optional.empty());
  }

  /**
   * The role as a machine with a disk: its chain, and on top what containers do not have; named
   * {@code controller+machine}. The top's word is the last.
   */
  public Optional<Role> machine() {
    return top.map(this::under);
  }

  /** The role as a Vagrant box: its {@link #machine}, and on top what only boxes have. */
  public Optional<Role> box() {
    return machine().flatMap(machine -> boxTop.map(machine::under));
  }

  private Role under(Recipe recipe) {
    List<Recipe> whole = new ArrayList<>(chain);
    whole.add(recipe.named(name() + ON + recipe.name()));
    return new Role(whole);
  }

  /** What the kernel of this {@link #machine} is told besides where its root is. */
  public List<String> kernelCommandLine() {
    return last(recipe -> recipe.boot().commandLine()).orElse(List.of());
  }

  /** What machines of the role have; a recipe has to say only what it wants another way. */
  public Hardware hardware() {
    return new Hardware(
        last(recipe -> recipe.hardware().disk()).orElse(Size.gib(10)),
        last(recipe -> recipe.hardware().memory()).orElse(Size.gib(1)),
        last(recipe -> recipe.hardware().processors()).orElse(1));
  }

  /** The recipe of the role's own file. */
  public Recipe recipe() {
    return chain.get(chain.size() - 1);
  }

  public String name() {
    return recipe().name();
  }

  public String description() {
    return recipe().description();
  }

  /** The Debian to bake from; {@code RecipeBook} made sure that the chain says which suite. */
  public DebianSettings debian() {
    return new DebianSettings(
        last(recipe -> recipe.debian().suite()).orElseThrow(),
        last(recipe -> recipe.debian().mirror()),
        last(recipe -> recipe.debian().securityMirror()));
  }

  /** The Kubernetes to bake; a pin counts only for the version that it was written beside. */
  public KubernetesSettings kubernetes() {
    SortedSet<String> binaries = new TreeSet<>();
    Map<Architecture, Sha512> pins = new TreeMap<>();
    for (Recipe recipe : chain) {
      binaries.addAll(recipe.kubernetes().binaries());
      if (recipe.kubernetes().version().isPresent()) {
        pins.clear();
      }
      pins.putAll(recipe.kubernetes().sha512());
    }
    return new KubernetesSettings(
        last(recipe -> recipe.kubernetes().version()).orElseThrow(),
        binaries,
        last(recipe -> recipe.kubernetes().mirror()),
        pins);
  }

  /** Users in the order of the chain. */
  public List<Account> users() {
    Map<String, Account> byName = new LinkedHashMap<>();
    chain.forEach(recipe -> recipe.users().forEach(user -> byName.put(user.name(), user)));
    return List.copyOf(byName.values());
  }

  /** All that is put under a path or removed, in path order. */
  public NavigableMap<AbsolutePath, Item> items() {
    NavigableMap<AbsolutePath, Item> items = new TreeMap<>();
    chain.forEach(recipe -> items.putAll(recipe.items()));
    return Collections.unmodifiableNavigableMap(items);
  }

  public Units units() {
    return chain.stream().map(Recipe::units).reduce(Units.NONE, Units::and);
  }

  public SortedMap<String, Object> variables() {
    SortedMap<String, Object> variables = new TreeMap<>();
    chain.forEach(recipe -> variables.putAll(recipe.variables()));
    return Collections.unmodifiableSortedMap(variables);
  }

  /** How an engine runs the role; {@code RecipeBook} made sure that the chain says so. */
  public ContainerSettings container() {
    SortedMap<String, String> environment = new TreeMap<>();
    SortedMap<String, String> labels = new TreeMap<>();
    SortedSet<String> ports = new TreeSet<>();
    for (Recipe recipe : chain) {
      environment.putAll(recipe.container().environment());
      labels.putAll(recipe.container().labels());
      ports.addAll(recipe.container().ports());
    }
    return new ContainerSettings(
        last(recipe -> recipe.container().command()).orElseThrow(),
        environment,
        ports,
        last(recipe -> recipe.container().stopSignal()).orElseThrow(),
        labels);
  }

  /** Where the chain last mentions a package or a unit; where it does not, the role's own file. */
  public Location mention(String name) {
    return last(recipe -> Optional.ofNullable(recipe.mentions().get(name))).orElse(recipe().at());
  }

  /** The units that the container layer masks. */
  public SortedSet<String> containerMasks() {
    SortedSet<String> masks = new TreeSet<>();
    chain.forEach(recipe -> masks.addAll(recipe.container().mask()));
    return Collections.unmodifiableSortedSet(masks);
  }

  /**
   * What the role's templates may use: the role's variables, and {@code role}, {@code
   * architecture}, {@code kubernetes} (version, major, minor, patch, atLeast) and {@code debian}
   * (suite, mirror, securityMirror: never a mirror that only this bake uses).
   *
   * @param version of the binaries that are really baked, which a stand-in source may have changed
   */
  public Map<String, Object> model(KubernetesVersion version, Architecture architecture) {
    Map<String, Object> model = new TreeMap<>(variables());
    model.put("role", name());
    model.put("architecture", architecture.debianName());
    Predicate<String> atLeast = text -> isAtLeast(version, text);
    model.put(
        "kubernetes",
        ordered(
            Map.of(
                "version", version.toString(),
                "major", version.major(),
                "minor", version.minor(),
                "patch", version.patch(),
                "atLeast", atLeast)));
    model.put(
        "debian",
        ordered(
            Map.of(
                "suite", debian().suite(),
                "mirror", debian().mirror().orElse(PUBLIC_MIRROR).toString(),
                "securityMirror",
                    debian().securityMirror().orElse(PUBLIC_SECURITY_MIRROR).toString())));
    return Collections.unmodifiableMap(model);
  }

  /** A template may list a map, and one of the JDK's own is in another order each time. */
  public static SortedMap<String, Object> ordered(Map<String, ?> values) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** {@code text} is {@code major.minor}: flags and API versions change with nothing smaller. */
  private static boolean isAtLeast(KubernetesVersion version, String text) {
    KubernetesVersion least =
        KubernetesVersion.parse(text + ".0")
            .orElseThrow(
                () -> new IllegalArgumentException("write atLeast(\"1.20\"), not \"" + text + '"'));
    return version.atLeast(least.major(), least.minor());
  }

  private <T> Optional<T> last(Function<Recipe, Optional<T>> part) {
    Optional<T> result = Optional.empty();
    for (Recipe recipe : chain) {
      Optional<T> own = part.apply(recipe);
      if (own.isPresent()) {
        result = own;
      }
    }
    return result;
  }

  /** Refuses chains whose files are each in order, but not together. */
  void check() throws RecipeException {
    Location at = recipe().at();
    require(last(r -> r.debian().suite()), at, "debian.suite", "debian: {suite: bookworm}");
    require(
        last(r -> r.kubernetes().version()),
        at,
        "kubernetes.version",
        "kubernetes: {version: v1.18.6}");
    require(
        last(r -> r.container().command()),
        at,
        "container.command",
        "container: {command: [/sbin/init]}");
    require(
        last(r -> r.container().stopSignal()),
        at,
        "container.stopSignal",
        "container: {stopSignal: SIGRTMIN+3}");
    checkPaths();
    checkUsers(at);
    if (top.isPresent()) {
      checkMachine(machine().orElseThrow());
    }
    if (box().isPresent()) {
      checkMachine(box().orElseThrow());
    }
  }

  private static void checkMachine(Role machine) throws RecipeException {
    require(
        machine.last(r -> r.boot().kernel()),
        machine.recipe().at(),
        "boot.kernel",
        "boot: {kernel: linux-image-cloud}");
    machine.checkPaths();
    machine.checkUsers(machine.recipe().at());
  }

  private static void require(Optional<?> value, Location at, String key, String example)
      throws RecipeException {
    if (value.isEmpty()) {
      throw Problem.at(
          at,
          "neither the recipe nor one that it builds on says " + key,
          "add `from: base`, or write `" + example + "`");
    }
  }

  /** Nothing can stand below what is no directory. */
  private void checkPaths() throws RecipeException {
    NavigableMap<AbsolutePath, Item> items = items();
    for (Item item : items.values()) {
      if (item instanceof Item.Removal) {
        continue;
      }
      for (AbsolutePath above = item.path().parent(); !above.isRoot(); above = above.parent()) {
        Item other = items.get(above);
        if (other instanceof Item.File || other instanceof Item.Link) {
          throw Problem.at(
              item.at(),
              item.path() + " lies below " + above + ", which is no directory (" + other.at() + ")",
              "choose another path, or list " + above + " under directories:");
        }
      }
    }
  }

  private void checkUsers(Location at) throws RecipeException {
    Map<Integer, Account> byId = new TreeMap<>();
    for (Account user : users()) {
      Account other = byId.put(user.id(), user);
      if (other != null) {
        throw Problem.at(
            at,
            "users %s and %s both have id %d".formatted(other.name(), user.name(), user.id()),
            "give one of them another id");
      }
    }
  }
}
