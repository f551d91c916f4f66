package io.hardbake.bake;

import io.hardbake.debian.trust.Keyring;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import io.hardbake.lock.Lock;
import io.hardbake.lock.LockFile;
import io.hardbake.progress.Progress;
import io.hardbake.recipe.RecipeBook;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Keeps the lock in step with the recipes and the archive: reads it, and resolves anew where it is
 * stale or names what is gone.
 */
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

  /**
   * A lock to work by.
   *
   * @param news why it was resolved anew; nothing where it is the one in the file
   */
  record Obtained(Lock lock, Optional<String> news) {}

  /** The lock in the file when it is fresh, else a new one; {@link #keep} writes it. */
  Obtained obtain(RecipeBook book) throws BakeException, IOException, InterruptedException {
    Optional<Lock> read = file.read();
    Optional<String> flaw = flaw(read, book);
    if (flaw.isEmpty()) {
      return new Obtained(read.orElseThrow(), flaw);
    }
    refuseToResolve(flaw.get());
    progress.note(flaw.get() + ": resolving anew");
    return new Obtained(resolve(book), flaw);
  }

  /** Why the lock cannot be used as it is. */
  private Optional<String> flaw(Optional<Lock> read, RecipeBook book) {
    if (read.isEmpty()) {
      return Optional.of(
          Files.exists(file.path()) ? otherForm() : "there is no lock " + file.path());
    }
    if (!read.get().inputs().equals(LockInputs.digest(book, keyring))) {
      return Optional.of(file.path() + " does not match the recipes and the keyring any more");
    }
    SortedSet<Architecture> lacking = new TreeSet<>(options.architectures());
    lacking.removeAll(read.get().architectures().keySet());
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of(file.path() + " is not for " + lacking.first());
  }

  private String otherForm() {
    return file.path() + " has another form than this hardbake writes";
  }

  private void refuseToResolve(String flaw) throws BakeException {
    if (options.sources().locked()) {
      throw new RecipeException(
          file.path() + ":1: " + flaw, "write it anew and commit it: " + options.lockCommand());
    }
    if (options.sources().offline()) {
      throw new UnreachableException(
          flaw + ", and resolving anew needs the network",
          "run once without --offline, or restore the lock that belongs to the recipes");
    }
  }

  /**
   * Resolves anew, for the architectures asked for and those that the lock has.
   *
   * @throws IntegrityException if a suite is older than the one that the lock was made from: old
   *     and signed, it would bring back every hole that was mended since
   */
  Lock resolve(RecipeBook book) throws BakeException, IOException, InterruptedException {
    Set<Architecture> architectures = EnumSet.copyOf(options.architectures());
    Optional<Lock> before = Optional.empty();
    try {
      before = file.read();
      before.ifPresent(lock -> architectures.addAll(lock.architectures().keySet()));
      if (before.isEmpty() && Files.exists(file.path())) {
        warnOfLoss(otherForm(), architectures);
      }
    } catch (RecipeException damaged) {
      // Only `hardbake lock` comes here with a damaged file, and is the remedy for it.
      warnOfLoss(String.valueOf(damaged.getMessage()), architectures);
    }
    Lock lock = resolver.resolve(book, architectures, Instant.now());
    if (before.isPresent()) {
      refuseThePast(before.get(), lock.suites());
      if (lock.date().isBefore(before.get().date())) {
        throw past("archive", lock.date(), before.get().date());
      }
    }
    return lock;
  }

  /** What the file says cannot be read, its architectures included. */
  private void warnOfLoss(String problem, Set<Architecture> architectures) {
    progress.warn(
        problem,
        "it is written anew, for %s only; name others with --arch"
            .formatted(new TreeSet<>(architectures)));
  }

  /** Each suite counts for itself: a main suite never expires, and may be older than others. */
  static void refuseThePast(Lock before, SortedMap<String, Instant> suites)
      throws IntegrityException {
    for (Map.Entry<String, Instant> suite : before.suites().entrySet()) {
      Instant now = suites.get(suite.getKey());
      if (now != null && now.isBefore(suite.getValue())) {
        throw past("suite " + suite.getKey(), now, suite.getValue());
      }
    }
  }

  private static IntegrityException past(String what, Instant now, Instant before) {
    return new IntegrityException(
        "the %s is of %s, but in the lock of %s already: the mirror is behind, or replays the past"
            .formatted(what, now, before),
        "choose another mirror with --mirror or --security-mirror; to go back on purpose, remove"
            + " the lock first");
  }

  /** Brings files that a lock names to where they are needed. */
  @FunctionalInterface
  interface Fetching {
    void files(Lock lock) throws BakeException, IOException, InterruptedException;
  }

  /** What is done with a lock. */
  @FunctionalInterface
  interface Use<R> {
    R of(Lock lock) throws BakeException, IOException, InterruptedException;
  }

  /**
   * Fetches all packages of the lock. Mirrors drop old versions; where the snapshot archive cannot
   * help either, the lock has to move on.
   *
   * @return the lock whose packages are there
   */
  Lock fetched(Lock lock, RecipeBook book, Fetching packages)
      throws BakeException, IOException, InterruptedException {
    try {
      packages.files(lock);
      return lock;
    } catch (UnreachableException gone) {
      // Who does not answer may do so later, and a newer lock would mean other packages.
      if (!gone.isMissing()) {
        throw gone;
      }
      return movedOn(gone, lock, book, packages);
    }
  }

  /**
   * Uses a lock whose packages are there. Only while it is used does it turn out whether Kubernetes
   * has to be compiled; where its source is gone by then, all is done again with a newer lock.
   *
   * @param all fetches packages and source
   */
  <R> R use(Lock lock, RecipeBook book, Fetching all, Use<R> use)
      throws BakeException, IOException, InterruptedException {
    try {
      return use.of(lock);
    } catch (UnreachableException gone) {
      // A release that nobody has is said to be unreachable, and no newer lock would mend that.
      if (!gone.isMissing()) {
        throw gone;
      }
      return use.of(movedOn(gone, lock, book, all));
    }
  }

  private Lock movedOn(UnreachableException gone, Lock lock, RecipeBook book, Fetching fetching)
      throws BakeException, IOException, InterruptedException {
    if (options.sources().locked() || options.sources().offline()) {
      throw withRemedyForTheLock(gone);
    }
    Lock renewed = renewedAfter(gone, lock, book);
    fetching.files(renewed);
    progress.warn(
        "the lock had to move on, since " + gone.getMessage(),
        "review and commit " + options.lockFile() + "; --locked fails instead");
    return renewed;
  }

  /** Mirrors drop what they replace: neither the network nor another mirror is to blame. */
  private UnreachableException withRemedyForTheLock(UnreachableException gone) {
    return new UnreachableException(
        String.valueOf(gone.getMessage()),
        "where a snapshot archive has what mirrors dropped, name one with HARDBAKE_SNAPSHOTS; else"
            + " renew the lock and commit it: "
            + options.lockCommand(),
        gone);
  }

  private Lock renewedAfter(UnreachableException gone, Lock lock, RecipeBook book)
      throws BakeException, IOException, InterruptedException {
    Lock renewed;
    try {
      renewed = resolve(book);
    } catch (UnreachableException e) {
      gone.addSuppressed(e);
      throw gone;
    }
    if (renewed.equals(lock)) {
      throw gone;
    }
    return renewed;
  }

  /** Makes this the lock in the file, and gives the file's digest. */
  Sha256 keep(Lock lock) throws BakeException, IOException {
    return file.keep(lock);
  }

  /** Resolves anew and writes the lock. */
  Lock renew(RecipeBook book) throws BakeException, IOException, InterruptedException {
    if (options.sources().locked()) {
      throw new UsageException(
          "--locked forbids what lock is for", "leave out --locked, or run hardbake plan --locked");
    }
    Lock lock = resolve(book);
    file.write(lock);
    return lock;
  }
}
