package io.hardbake.fetch;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Measuring, pruning and checking a store's directory. Others may be writing to it meanwhile. */
final class Upkeep {
  private static final Duration PARTIALS_KEPT = Duration.ofDays(7);

  private final Path root;

  Upkeep(Path root) {
    this.root = root;
  }

  private record Stored(Path file, Sha256 sha256, Size size, Instant lastUse) {
    static final Comparator<Stored> OLDEST_FIRST =
        Comparator.comparing(Stored::lastUse).thenComparing(Stored::sha256);
  }

  Size size() throws IOException {
    long bytes = 0;
    for (Path file : files(root)) {
      bytes += sizeOf(file).bytes();
    }
    return new Size(bytes);
  }

  Store.Pruned prune(Locks locks, Size limit, Duration age, Instant now) throws IOException {
    removePartialsOlderThan(locks, age, now);
    List<Stored> all = new ArrayList<>(stored());
    all.sort(Stored.OLDEST_FIRST);
    Size left = all.stream().map(Stored::size).reduce(Size.ZERO, Size::plus);
    Size freed = Size.ZERO;
    int removed = 0;
    for (Stored one : all) {
      boolean old = Duration.between(one.lastUse(), now).compareTo(age) > 0;
      if (!old && left.compareTo(limit) <= 0) {
        break; // Oldest first: nothing that follows is older.
      }
      Store.remove(one.file());
      left = left.minus(one.size());
      freed = freed.plus(one.size());
      removed++;
    }
    removeDanglingReferences();
    return new Store.Pruned(removed, freed, left);
  }

  Store.Verified verify(Store store, Progress progress) throws IOException, InterruptedException {
    List<Stored> all = new ArrayList<>(stored());
    all.sort(Comparator.comparing(Stored::sha256));
    Size total = all.stream().map(Stored::size).reduce(Size.ZERO, Size::plus);
    Size bytes = Size.ZERO;
    int checked = 0;
    List<Sha256> damaged = new ArrayList<>();
    try (Progress.Task task = progress.begin("verifying " + all.size() + " files", total)) {
      for (Stored one : all) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        Store.Condition found = store.check(one.sha256());
        if (found == Store.Condition.DAMAGED) {
          damaged.add(one.sha256());
        }
        if (found != Store.Condition.GONE) { // as it is where somebody prunes meanwhile
          checked++;
          bytes = bytes.plus(one.size());
        }
        task.advance(one.size().bytes());
      }
    }
    removeDanglingReferences();
    return new Store.Verified(checked, bytes, damaged);
  }

  /** An interrupted download that nobody resumed for a week will not be resumed. */
  void sweepPartials(Locks locks) throws IOException {
    removePartialsOlderThan(locks, PARTIALS_KEPT, Instant.now());
  }

  /** Not those of downloads that are under way. */
  private void removePartialsOlderThan(Locks locks, Duration age, Instant now) throws IOException {
    for (Path partial : files(root.resolve("partial"))) {
      Instant written = Seal.lastUse(partial);
      if (Duration.between(written, now).compareTo(age) > 0) {
        removeUnlessWritten(partial, locks);
      }
    }
  }

  private static void removeUnlessWritten(Path partial, Locks locks) throws IOException {
    Optional<Locks.Held> held =
        locks.tryAcquire(Store.downloading(partial.getFileName().toString()));
    if (held.isPresent()) {
      try {
        Files.deleteIfExists(partial);
      } finally {
        held.get().close();
      }
    }
  }

  private void removeDanglingReferences() throws IOException {
    for (Path reference : files(root.resolve("derived"))) {
      Optional<Sha256> target = Store.target(reference);
      if (target.isEmpty() || !Files.exists(Store.pathIn(root, target.get()))) {
        Files.deleteIfExists(reference);
      }
    }
  }

  /** Every stored file; whatever else lies about in the directory is not hardbake's. */
  private List<Stored> stored() throws IOException {
    List<Stored> all = new ArrayList<>();
    for (Path file : files(root.resolve("sha256"))) {
      Optional<Sha256> sha256 = Sha256.parse(file.getFileName().toString());
      if (sha256.isPresent()) {
        all.add(new Stored(file, sha256.get(), sizeOf(file), Seal.lastUse(file)));
      }
    }
    return all;
  }

  private static Size sizeOf(Path file) throws IOException {
    try {
      return new Size(Files.size(file));
    } catch (NoSuchFileException e) {
      return Size.ZERO; // Gone since it was listed.
    }
  }

  /** What others remove or rename meanwhile is passed over, which a stream of paths cannot do. */
  private static List<Path> files(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (Files.isRegularFile(file)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return passOver(e);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            return e == null ? FileVisitResult.CONTINUE : passOver(e);
          }
        });
    return files;
  }

  private static FileVisitResult passOver(IOException e) throws IOException {
    if (e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }
}
