package io.hardbake.bake;

import io.hardbake.debian.trust.Keyring;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import io.hardbake.lock.Lock;
import io.hardbake.lock.LockFile;
import io.hardbake.progress.Progress;
import io.hardbake.recipe.RecipeBook;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Keeps the lock in step with the recipes: reads it, and resolves anew where it is stale. */
final class LockKeeper {
  private final LockFile file;
  private final LockResolver resolver;
  private final Keyring keyring;
  private final BakeOptions options;
  private final Progress progress;

  LockKeeper(
      LockFile file,
      LockResolver resolver,
      Keyring keyring,
      BakeOptions options,
      Progress progress) {
    this.file = file;
    this.resolver = resolver;
    this.keyring = keyring;
    this.options = options;
    this.progress = progress;
  }

  /** The lock in the file when it is fresh, else a new one, written to the file. */
  Lock obtain(RecipeBook book) throws BakeException, IOException, InterruptedException {
    Optional<Lock> fresh = fresh(book);
    if (fresh.isPresent()) {
      return fresh.get();
    }
    String why =
        file.read().isPresent()
            ? file.path() + " does not match the recipes any more"
            : "there is no lock " + file.path() + " of this form";
    if (options.sources().locked()) {
      throw new RecipeException(
          file.path() + ":1: " + why, "write it anew with: make lock, and commit it");
    }
    if (options.sources().offline()) {
      throw new UnreachableException(
          why + ", and resolving anew needs the network",
          "run once without --offline, or restore the lock that belongs to the recipes");
    }
    progress.note(why + ": resolving anew");
    return renew(book);
  }

  /** The lock in the file, when it matches the recipes and has the architectures asked for. */
  Optional<Lock> fresh(RecipeBook book) throws BakeException, IOException {
    Sha256 inputs = LockInputs.digest(book, keyring);
    return file.read()
        .filter(lock -> lock.inputs().equals(inputs))
        .filter(lock -> lock.architectures().keySet().containsAll(options.architectures()));
  }

  /**
   * Resolves anew, for the architectures asked for and those that the lock had, and writes the
   * lock.
   */
  Lock renew(RecipeBook book) throws BakeException, IOException, InterruptedException {
    Lock lock = resolve(book);
    write(lock);
    return lock;
  }

  void write(Lock lock) throws IOException {
    file.write(lock);
  }

  /** Resolves anew without writing. */
  Lock resolve(RecipeBook book) throws BakeException, IOException, InterruptedException {
    Set<Architecture> architectures = EnumSet.copyOf(options.architectures());
    file.read().ifPresent(lock -> architectures.addAll(lock.architectures().keySet()));
    return resolver.resolve(book, architectures, Instant.now());
  }
}
