package io.hardbake.recipe;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UsageException;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All recipes of a directory, each with its chain; a book with a mistake in it does not open. */
public final class RecipeBook {
  private static final String EXTENSION = ".yaml";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

  private final SortedMap<String, Recipe> recipes;
  private final SortedMap<String, Role> roles;
  private final Map<String, Sha256> digests;

  private RecipeBook(
      SortedMap<String, Recipe> recipes,
      SortedMap<String, Role> roles,
      Map<String, Sha256> digests) {
    this.recipes = Collections.unmodifiableSortedMap(recipes);
    this.roles = Collections.unmodifiableSortedMap(roles);
    this.digests = digests;
  }

  /** Reads {@code images}, with the templates that stand in {@code templates} beside it. */
  public static RecipeBook load(Path images) throws BakeException, IOException {
    return load(images, images.resolveSibling("templates"));
  }

  /**
   * Reads every {@code *.yaml} of a directory.
   *
   * @throws RecipeException naming file and line, if anything in them is wrong
   */
  public static RecipeBook load(Path images, Path templates) throws BakeException, IOException {
    SortedMap<String, Recipe> recipes = new TreeMap<>();
    Map<String, Sha256> digests = new HashMap<>();
    for (Path file : files(images)) {
      byte[] content = YamlTree.content(file);
      Recipe recipe = RecipeReader.read(file, content, name(file), templates);
      recipes.put(recipe.name(), recipe);
      digests.put(recipe.at().file(), Sha256.of(content));
    }
    SortedMap<String, Role> roles = new TreeMap<>();
    for (Recipe recipe : recipes.values()) {
      List<Recipe> chain = chain(recipe, recipes);
      Role role = new Role(chain, machineTop(chain, recipes), boxTop(chain, recipes));
      if (!recipe.isAbstract()) {
        role.check();
        roles.put(role.name(), role);
      }
    }
    return new RecipeBook(recipes, roles, digests);
  }

  /** Of the file as it was when one of these recipes was read from it. */
  public Sha256 digest(Recipe recipe) {
    return Objects.requireNonNull(digests.get(recipe.at().file()), recipe.name());
  }

  /** All roles that can be baked, by name. */
  public SortedMap<String, Role> roles() {
    return roles;
  }

  /** The role of this name, to be baked. */
  public Role role(String name) throws BakeException {
    Role role = roles.get(name);
    if (role != null) {
      return role;
    }
    Recipe recipe = recipes.get(name);
    if (recipe != null) {
      throw Problem.at(
          recipe.at(),
          name + " is abstract and cannot be baked itself",
          "bake a role that builds on it (%s), or remove `abstract: true`"
              .formatted(String.join(", ", roles.keySet())));
    }
    throw new UsageException(
        "there is no role " + name,
        Suggestion.among(roles.keySet(), name)
            + "the roles are "
            + String.join(", ", roles.keySet()));
  }

  private static List<Path> files(Path images) throws BakeException, IOException {
    if (!Files.isDirectory(images)) {
      throw new HostException(
          "there is no directory " + images + " with recipes",
          "name the directory that has images/ and templates/ with --project; without it, it is where"
              + " the launcher is");
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(images)) {
      files = all.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
    }
    for (Path file : files) {
      if (file.toString().endsWith(".yml")) {
        throw Problem.at(
            new Location(file.toString(), 1),
            "a recipe's file name ends in .yaml",
            "rename it to " + file.getFileName().toString().replaceFirst("yml$", "yaml"));
      }
    }
    files.removeIf(file -> !file.toString().endsWith(EXTENSION));
    return files;
  }

  private static String name(Path file) throws RecipeException {
    String fileName = file.getFileName().toString();
    String name = fileName.substring(0, fileName.length() - EXTENSION.length());
    // An image's repository is called so too, and no part of one ends with a hyphen.
    if (!NAME.matcher(name).matches() || name.endsWith("-")) {
      throw Problem.at(
          new Location(file.toString(), 1),
          "'" + name + "' is no name for a role",
          "name the file with lower-case letters, digits and hyphens, a letter first and no hyphen last");
    }
    return name;
  }

  /** The recipe that disks put on top: the one last named in the chain. */
  private static Optional<Recipe> machineTop(List<Recipe> chain, Map<String, Recipe> recipes)
      throws RecipeException {
    return top(chain, Recipe::machine, "for disks", recipes);
  }

  /** The recipe that boxes put on top of disks. The lock knows nothing of it. */
  private static Optional<Recipe> boxTop(List<Recipe> chain, Map<String, Recipe> recipes)
      throws RecipeException {
    Optional<Recipe> top = top(chain, Recipe::box, "for boxes", recipes);
    if (top.isPresent()
        && (!top.get().packages().isEmpty()
            || top.get().boot().kernel().isPresent()
            || !top.get().kubernetes().binaries().isEmpty())) {
      throw Problem.at(
          top.get().at(),
          "a recipe for boxes brings no packages, kernel or binaries of its own",
          "move them to the recipe that is named under machine:");
    }
    return top;
  }

  private static Optional<Recipe> top(
      List<Recipe> chain,
      Function<Recipe, Optional<Recipe.Reference>> naming,
      String purpose,
      Map<String, Recipe> recipes)
      throws RecipeException {
    Optional<Recipe.Reference> named =
        chain.stream().flatMap(recipe -> naming.apply(recipe).stream()).reduce((a, b) -> b);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    Recipe top = recipes.get(named.get().name());
    if (top == null) {
      throw missing(named.get(), purpose, recipes);
    }
    if (!top.isAbstract()
        || top.from().isPresent()
        || top.machine().isPresent()
        || top.box().isPresent()) {
      throw Problem.at(
          named.get().at(),
          top.name() + " cannot be put on top of a role",
          "make it `abstract: true`, without from:, machine: and box:");
    }
    return Optional.of(top);
  }

  private static RecipeException missing(
      Recipe.Reference named, String purpose, Map<String, Recipe> recipes) {
    return Problem.at(
        named.at(),
        "there is no recipe " + named.name() + " " + purpose,
        Suggestion.among(recipes.keySet(), named.name())
            + "the recipes are "
            + String.join(", ", recipes.keySet()));
  }

  /** From the first ancestor down to {@code recipe}. */
  private static List<Recipe> chain(Recipe recipe, Map<String, Recipe> recipes)
      throws RecipeException {
    Map<String, Recipe> seen = new LinkedHashMap<>();
    Recipe current = recipe;
    while (true) {
      seen.put(current.name(), current);
      Optional<Recipe.Reference> from = current.from();
      if (from.isEmpty()) {
        break;
      }
      Recipe parent = recipes.get(from.get().name());
      if (parent == null) {
        throw missing(from.get(), "to build on", recipes);
      }
      if (seen.containsKey(parent.name())) {
        throw Problem.at(
            from.get().at(),
            "recipes build on each other in a circle: "
                + String.join(" → ", seen.keySet())
                + " → "
                + parent.name(),
            "remove one `from:` of the circle");
      }
      current = parent;
    }
    List<Recipe> chain = new ArrayList<>(seen.values());
    Collections.reverse(chain);
    return chain;
  }
}
