package io.hardbake.bake;

import io.hardbake.debian.trust.Keyring;
import io.hardbake.io.Sha256;
import io.hardbake.recipe.Recipe;
import io.hardbake.recipe.RecipeBook;
import io.hardbake.recipe.Role;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that shapes a lock, in one text, whose digest the lock carries: a lock with another digest is
 * stale. What only shapes the configuration layer, templates above all, is not among it.
 */
final class LockInputs {
  /** Grows when hardbake resolves in another way than before. */
  private static final int RESOLUTION = 3;

  private LockInputs() {}

  static Sha256 digest(RecipeBook book, Keyring keyring) {
    StringBuilder text = new StringBuilder();
    text.append("resolution ").append(RESOLUTION).append('\n');
    text.append("keyring ").append(keyring.digest()).append('\n');
    chains(book)
        .forEach(
            (name, chain) -> {
              Role role = new Role(chain);
              text.append("recipe ").append(name);
              text.append(" from ").append(chain.stream().map(Recipe::name).toList());
              text.append(" suite ").append(role.debian().suite());
              // In their order, which may decide between alternatives.
              text.append(" packages ").append(role.recipe().packages());
              role.recipe()
                  .boot()
                  .kernel()
                  .ifPresent(kernel -> text.append(" kernel ").append(kernel));
              text.append('\n');
            });
    book.roles()
        .forEach(
            (name, role) -> {
              text.append("kubernetes ").append(role.kubernetes().version());
              text.append(' ').append(new TreeMap<>(role.kubernetes().sha512())).append('\n');
            });
    return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Every recipe that some role or its machine needs, itself included, with its chain from the
   * first ancestor down.
   */
  static SortedMap<String, List<Recipe>> chains(RecipeBook book) {
    SortedMap<String, List<Recipe>> chains = new TreeMap<>();
    for (Role role : book.roles().values()) {
      List<Recipe> whole = role.machine().map(Role::chain).orElse(role.chain());
      for (int length = 1; length <= whole.size(); length++) {
        List<Recipe> chain = whole.subList(0, length);
        chains.put(chain.get(length - 1).name(), List.copyOf(chain));
      }
    }
    return chains;
  }
}
