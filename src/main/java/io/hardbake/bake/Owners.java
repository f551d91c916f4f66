package io.hardbake.bake;

import io.hardbake.failure.RecipeException;
import io.hardbake.recipe.Location;
import io.hardbake.recipe.Owner;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The numbers behind a recipe's owner names: what the image's own passwd(5) and group(5) say. Root
 * is 0 even where no package brings these files.
 */
final class Owners {
  private static final AbsolutePath PASSWD = AbsolutePath.of("/etc/passwd");
  private static final AbsolutePath GROUP = AbsolutePath.of("/etc/group");

  private final Map<String, Integer> users;
  private final Map<String, Integer> groups;
  private final List<Unconfigured> left;

  private Owners(Map<String, Integer> users, Map<String, Integer> groups, List<Unconfigured> left) {
    this.users = users;
    this.groups = groups;
    this.left = left;
  }

  /** {@code left} are packages whose scripts have not run, and may make more owners. */
  static Owners of(FileTree tree, List<Unconfigured> left) throws IOException {
    return new Owners(ids(tree, PASSWD), ids(tree, GROUP), left);
  }

  /** {@code meta} with the owner set; {@code at} is where the recipe names it. */
  Meta apply(Owner owner, Meta meta, Location at) throws RecipeException {
    return meta.withOwner(
        id(users, owner.user(), "user", at), id(groups, owner.group(), "group", at));
  }

  private int id(Map<String, Integer> ids, String name, String kind, Location at)
      throws RecipeException {
    if (Character.isDigit(name.charAt(0))) {
      return Integer.parseInt(name);
    }
    Integer id = ids.get(name);
    if (id == null) {
      String problem = "%s: the image has no %s %s".formatted(at, kind, name);
      String remedy = "add it under users:, or take one of: " + String.join(", ", ids.keySet());
      if (left.isEmpty()) {
        throw new RecipeException(problem, remedy);
      }
      throw new RecipeException(
          "%s; at first boot one may be made by what is left to dpkg: %s"
              .formatted(problem, Unconfigured.names(left)),
          remedy
              + "; for one that first boot makes, put chown into an executable script in"
              + " /usr/lib/hardbake/firstboot.d instead");
    }
    return id;
  }

  private static Map<String, Integer> ids(FileTree tree, AbsolutePath path) throws IOException {
    Map<String, Integer> ids = new TreeMap<>(Map.of("root", 0));
    Optional<RegularFile> file = tree.file(path);
    if (file.isPresent()) {
      for (String line : file.get().content().text().split("\n", -1)) {
        String[] fields = line.split(":", -1);
        if (fields.length > 2) {
          ids.put(fields[0], Integer.parseInt(fields[2]));
        }
      }
    }
    return ids;
  }
}
