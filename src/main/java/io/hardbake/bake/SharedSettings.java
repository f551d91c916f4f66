package io.hardbake.bake;

import io.hardbake.failure.RecipeException;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha512;
import io.hardbake.kubernetes.KubernetesVersion;
import io.hardbake.recipe.KubernetesSettings;
import io.hardbake.recipe.RecipeBook;
import io.hardbake.recipe.Role;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What roles that are baked together have in common: each setting as the first role has it that has
 * it at all. Roles that contradict each other are refused.
 */
final class SharedSettings {
  private final List<Role> roles;

  /** {@code roles} are one or more. */
  SharedSettings(List<Role> roles) {
    this.roles = List.copyOf(roles);
  }

  /** Those of all roles that there are: a lock is for all of them. */
  static SharedSettings of(RecipeBook book) {
    return new SharedSettings(List.copyOf(book.roles().values()));
  }

  Optional<URI> debianMirror() throws RecipeException {
    return one(
        "the Debian mirror", "bake has one mirror of Debian", role -> role.debian().mirror());
  }

  Optional<URI> debianSecurityMirror() throws RecipeException {
    return one(
        "the security mirror",
        "bake has one mirror of Debian's security archive",
        role -> role.debian().securityMirror());
  }

  /** Kubernetes as all of them want it, with the binaries of all. */
  KubernetesSettings kubernetes() throws RecipeException {
    KubernetesVersion version =
        one(
                "Kubernetes",
                "cluster has one version",
                role -> Optional.of(role.kubernetes().version()))
            .orElseThrow();
    SortedSet<String> binaries = new TreeSet<>();
    roles.forEach(role -> binaries.addAll(role.kubernetes().binaries()));
    Map<Architecture, Sha512> pins = new TreeMap<>();
    for (Architecture architecture : Architecture.values()) {
      one(
              "Kubernetes for %s with sha512".formatted(architecture),
              "release has one digest",
              role -> Optional.ofNullable(role.kubernetes().sha512().get(architecture)))
          .ifPresent(pin -> pins.put(architecture, pin));
    }
    Optional<URI> mirror =
        one(
            "the Kubernetes mirror",
            "bake has one mirror of Kubernetes",
            role -> role.kubernetes().mirror());
    return new KubernetesSettings(version, binaries, mirror, pins);
  }

  private <T> Optional<T> one(String what, String why, Function<Role, Optional<T>> setting)
      throws RecipeException {
    Optional<T> first = Optional.empty();
    String owner = "";
    for (Role role : roles) {
      Optional<T> own = setting.apply(role);
      if (first.isEmpty() && own.isPresent()) {
        first = own;
        owner = role.name();
      } else if (own.isPresent() && !own.equals(first)) {
        throw new RecipeException(
            "%s: %s wants %s %s, but %s wants %s"
                .formatted(
                    role.recipe().at(), role.name(), what, own.get(), owner, first.orElseThrow()),
            "a %s: say it once, in the recipe that the roles build on".formatted(why));
      }
    }
    return first;
  }
}
