package io.hardbake.lock;

import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a bake takes in.
 *
 * @param inputs the digest of all that shaped the lock: recipes, keyring, format; another digest
 *     means that the lock is stale
 * @param date the newest of the signed Release files' dates: the one time that all outputs carry
 * @param suites the date of each suite's Release, by the name it was asked by; the older one where
 *     two architectures saw it at different moments. None in a lock of a hardbake that did not note
 *     them
 * @param keyring the digest of the OpenPGP keyring that vouched for the index
 * @param kubernetes the inputs of the Kubernetes sources
 * @param architectures the packages for each architecture
 */
public record Lock(
    Sha256 inputs,
    Instant date,
    SortedMap<String, Instant> suites,
    Sha256 keyring,
    LockedKubernetes kubernetes,
    SortedMap<Architecture, ArchitectureLock> architectures) {

  public Lock {
    suites = Collections.unmodifiableSortedMap(new TreeMap<>(suites));
    architectures = Collections.unmodifiableSortedMap(new TreeMap<>(architectures));
  }

  /**
   * One architecture's part.
   *
   * @param packages every package that some recipe needs, by name
   * @param recipes what each recipe asks for and gets, by the recipe's name
   */
  public record ArchitectureLock(
      SortedMap<String, LockedPackage> packages, SortedMap<String, LockedRecipe> recipes) {

    public ArchitectureLock {
      packages = Collections.unmodifiableSortedMap(new TreeMap<>(packages));
      recipes = Collections.unmodifiableSortedMap(new TreeMap<>(recipes));
      for (Map.Entry<String, LockedRecipe> recipe : recipes.entrySet()) {
        for (String name : recipe.getValue().packages()) {
          if (!packages.containsKey(name)) {
            throw new IllegalArgumentException(
                "recipe " + recipe.getKey() + " needs " + name + ", which is not locked");
          }
        }
      }
    }
  }
}
