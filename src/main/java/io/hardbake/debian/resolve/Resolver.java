package io.hardbake.debian.resolve;

import io.hardbake.debian.PackageIndex;
import io.hardbake.failure.UnresolvableException;
import java.util.Collection;

/** Chooses packages. */
@SuppressWarnings("DoNotCallSuggester") // The shape first; the bodies follow.
public final class Resolver {
  private Resolver() {}

  /**
   * The essential packages, the requested ones, and all they need.
   *
   * @param requested names, or {@code name=version} for one version
   */
  public static Resolution resolve(PackageIndex index, Collection<String> requested)
      throws UnresolvableException {
    throw new UnresolvableException("not yet", "wait");
  }
}
