package io.hardbake.fetch;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.io.Directories;
import io.hardbake.io.FileViews;
import io.hardbake.io.Removal;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.io.WriteFailure;
import io.hardbake.progress.Progress;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files by their SHA-256, kept between bakes. Safe for many threads and processes at once; what was
 * damaged since it was stored is never handed out.
 *
 * <pre>
 * sha256/ab/ab12…        a file, read-only; whole, since it was written elsewhere and renamed
 * sha256/ab/ab12….seal   what it looked like when it was last hashed, see {@link Seal}
 * derived/pack/cd/cd34…  by the digest of a key: which file is the result, in hexadecimal
 * partial/ab12…          a download that was interrupted and may be resumed
 * tmp/5f…/               files that one process is writing
 * locks                  see {@link Locks}
 * </pre>
 *
 * <p>A file whose seal is broken is hashed before it is used, and removed when the digest is
 * another. {@link #verify} hashes all.
 */
public final class Store {
  private static final Pattern KIND = Pattern.compile("[a-z0-9-]+");

  private final Path root;

  /** Nothing where the store can only be read. */
  private final Optional<Tools> tools;

  private Store(Path root, Optional<Tools> tools) {
    this.root = root;
    this.tools = tools;
  }

  private record Tools(Locks locks, Workshop workshop) {}

  /**
   * Opens the store in {@code root}, making it when it is missing; sweeps up after the dead. One
   * that cannot be written gives what it has.
   */
  public static Store open(Path root) throws IOException {
    return open(root, Progress.silent());
  }

  /** The same; {@code progress} hears of it when another process is waited for. */
  public static Store open(Path root, Progress progress) throws IOException {
    try {
      for (String room : List.of("sha256", "derived", "partial", "tmp")) {
        Directories.make(root.resolve(room));
      }
      Locks locks = Locks.open(root.resolve("locks"), progress);
      Workshop workshop = Workshop.open(root.resolve("tmp"), locks);
      new Upkeep(root).sweepPartials(locks);
      return new Store(root, Optional.of(new Tools(locks, workshop)));
    } catch (FileSystemException e) {
      if (isForReading(root)) {
        return new Store(root, Optional.empty());
      }
      throw WriteFailure.of(root, e);
    }
  }

  /** There, and with something in it, but not to be written; a full disk is another matter. */
  private static boolean isForReading(Path root) {
    return Files.isReadable(root.resolve("sha256"))
        && Stream.of(root, root.resolve("tmp"), root.resolve("locks"))
            .anyMatch(each -> Files.exists(each) && !Files.isWritable(each));
  }

  /** What it takes to write; throws where that cannot be done. */
  private Tools tools() throws HostException {
    return tools("");
  }

  /** The same for {@code missing}, such as {@code "lacks something of the kind 'layer', and "}. */
  private Tools tools(String missing) throws HostException {
    return tools.orElseThrow(
        () ->
            new HostException(
                "the store %s %scannot be written".formatted(root, missing),
                "name another directory for the store with HARDBAKE_CACHE, or make this one"
                    + " writable; a bake from a store that has all it needs only reads"));
  }

  private static String lacks(Sha256 sha256) {
    return "has no file with sha256 " + sha256 + ", and ";
  }

  /** The file with this digest, when it is here and whole. */
  public Optional<Path> find(Sha256 sha256) throws IOException {
    Path file = pathOf(sha256);
    Optional<Seal> seal = Seal.of(file);
    if (seal.isEmpty()) {
      return Optional.empty();
    }
    if (seal.get().isSetOn(file)) {
      if (tools.isPresent()) {
        Seal.touch(file, Instant.now());
      }
      return Optional.of(file);
    }
    return check(sha256) == Condition.WHOLE ? Optional.of(file) : Optional.empty();
  }

  /**
   * The cached result of a computation. The first to ask computes it; others, in this process or
   * another, wait for it.
   *
   * @param kind what it is, a short word in lower case: {@code "pack"}, {@code "layer"}
   * @param key all that the result depends on, the version of the computation included; any text
   * @param filler writes the result; runs at most once at a time for a kind and key, and must not
   *     ask for the same kind and key itself
   */
  public Path derived(String kind, String key, Filler filler)
      throws IOException, BakeException, InterruptedException {
    Path reference = referenceOf(kind, key);
    Optional<Path> present = follow(reference);
    if (present.isPresent()) {
      return present.get();
    }
    Locks locks = tools("lacks something of the kind '" + kind + "', and ").locks();
    Locks.Held held =
        locks.acquire(
            "derived " + kind + " " + reference.getFileName(),
            "works out what this needs, too (" + kind + ")");
    try {
      present = follow(reference);
      return present.isPresent() ? present.get() : compute(reference, filler);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw interrupted(e);
    } finally {
      held.close();
    }
  }

  /** Whether anything new can be kept; else the store is only read. */
  public boolean isWritable() {
    return tools.isPresent();
  }

  /** The cached result of a computation if it is here; nothing is computed. */
  public Optional<Path> known(String kind, String key) throws IOException {
    return follow(referenceOf(kind, key));
  }

  /** The digest of a file that the store has handed out. */
  public static Sha256 digestOf(Path kept) {
    return new Sha256(kept.getFileName().toString());
  }

  /**
   * What the file system says of a file that need not be the store's own; nothing if there is none.
   * As long as it says the same, nobody has written to the file, see {@link Seal}.
   */
  public static Optional<String> sealOf(Path file) throws IOException {
    return Seal.of(file).map(Seal::text);
  }

  /**
   * Waits until nobody else, here or in another process, does what {@code name} says.
   *
   * @return ends it when it is closed; nothing is waited for where the store can only be read
   */
  public Closeable alone(String name) throws IOException, InterruptedException {
    return tools.isPresent()
        ? tools.get().locks().acquire("alone " + name, "writes the same file")
        : () -> {};
  }

  /** Bytes on disk, everything included. */
  public Size size() throws IOException {
    return new Upkeep(root).size();
  }

  /**
   * Removes what was not used for longer than {@code age}, then the least recently used until the
   * rest fits {@code limit}. Use is known to the hour. A bake that runs meanwhile may lose files
   * that it counted on.
   */
  public Pruned prune(Size limit, Duration age) throws IOException, BakeException {
    return new Upkeep(root).prune(tools().locks(), limit, age, Instant.now());
  }

  /** Hashes everything anew and removes what is damaged. */
  public Verified verify(Progress progress)
      throws IOException, BakeException, InterruptedException {
    tools();
    return new Upkeep(root).verify(this, progress);
  }

  /** Waits until nobody else, here or in another process, downloads this file. */
  Locks.Held lockDownload(Sha256 sha256) throws IOException, BakeException, InterruptedException {
    return tools(lacks(sha256))
        .locks()
        .acquire(downloading(sha256.hex()), "downloads what this needs, too");
  }

  /** The name of the lock that whoever writes to {@code partial/HEX} has. */
  static String downloading(String hex) {
    return "download " + hex;
  }

  /** Where an interrupted download of this file stays to be resumed. */
  Path partialOf(Sha256 sha256) {
    return root.resolve("partial").resolve(sha256.hex());
  }

  Path pathOf(Sha256 sha256) {
    return pathIn(root, sha256);
  }

  static Path pathIn(Path root, Sha256 sha256) {
    return fanned(root.resolve("sha256"), sha256);
  }

  /**
   * Takes over a file of this file system whose digest the caller has just computed. It must be
   * synced already.
   */
  Path adopt(Path partial, Sha256 sha256) throws IOException, HostException {
    Optional<Path> present = find(sha256);
    if (present.isPresent()) {
      Files.delete(partial);
      return present.get();
    }
    Path file = pathOf(sha256);
    if (FileViews.hasModes(partial)) {
      Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("r--r--r--"));
    }
    replace(partial, file);
    seal(file);
    return file;
  }

  /** What a check finds. */
  enum Condition {
    WHOLE,
    DAMAGED,
    GONE
  }

  /** Hashes a file; seals it when it is whole, removes it when not. */
  Condition check(Sha256 sha256) throws IOException {
    Path file = pathOf(sha256);
    while (true) {
      Optional<Seal> before = Seal.of(file);
      if (before.isEmpty()) {
        return Condition.GONE;
      }
      boolean whole = isWhole(file, sha256);
      // Somebody may have put a whole one in its place meanwhile, or have taken it away.
      if (!Seal.of(file).equals(before)) {
        continue;
      }
      if (tools.isPresent()) {
        if (whole) {
          before.get().set(file, tools.get().workshop().newFile());
        } else {
          remove(file);
        }
      }
      return whole ? Condition.WHOLE : Condition.DAMAGED;
    }
  }

  private static boolean isWhole(Path file, Sha256 sha256) throws IOException {
    try {
      return Files.isRegularFile(file) && Sha256.of(file).equals(sha256);
    } catch (NoSuchFileException | AccessDeniedException e) {
      return false;
    } catch (IOException e) {
      // A bad sector is damage; to have too many files open, say, is not.
      if (String.valueOf(e.getMessage()).contains("Input/output error")) {
        return false;
      }
      throw e;
    }
  }

  static InterruptedException interrupted(Throwable cause) {
    InterruptedException interrupted = new InterruptedException();
    interrupted.initCause(cause);
    return interrupted;
  }

  static void remove(Path file) throws IOException {
    Removal.of(file);
    Removal.of(Seal.pathFor(file));
  }

  private Path referenceOf(String kind, String key) {
    if (!KIND.matcher(kind).matches()) {
      throw new IllegalArgumentException("not a kind: " + kind);
    }
    Sha256 digest = Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    return fanned(root.resolve("derived").resolve(kind), digest);
  }

  private Path compute(Path reference, Filler filler)
      throws IOException, BakeException, InterruptedException {
    Path partial = tools().workshop().newFile();
    try {
      Sha256 sha256;
      try (DigestingFile out = DigestingFile.create(partial)) {
        filler.fill(out.stream());
        sha256 = out.finish();
      }
      Path file = adopt(partial, sha256);
      refer(reference, sha256);
      return file;
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private void refer(Path reference, Sha256 sha256) throws IOException, HostException {
    Path name = tools().workshop().newFile();
    try {
      Files.writeString(name, sha256.hex() + "\n");
      replace(name, reference);
    } catch (IOException e) {
      throw WriteFailure.of(name, e);
    } finally {
      Files.deleteIfExists(name);
    }
  }

  /** A reference is not synced: one that is torn leads nowhere, and its file is computed anew. */
  private Optional<Path> follow(Path reference) throws IOException {
    Optional<Sha256> target = target(reference);
    return target.isPresent() ? find(target.get()) : Optional.empty();
  }

  static Optional<Sha256> target(Path reference) throws IOException {
    try {
      // One byte a character: garbage is no digest, and no failure to decode either.
      return Sha256.parse(Files.readString(reference, StandardCharsets.ISO_8859_1).strip());
    } catch (NoSuchFileException | AccessDeniedException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (Files.isDirectory(reference)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void seal(Path file) throws IOException, HostException {
    Optional<Seal> seal = Seal.of(file);
    if (seal.isPresent()) {
      seal.get().set(file, tools().workshop().newFile());
    }
  }

  private static void replace(Path from, Path to) throws IOException {
    Files.createDirectories(to.resolveSibling(""));
    if (Files.isDirectory(to)) {
      Removal.of(to); // No file can be renamed to it, and nobody but an accident puts it there.
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path fanned(Path directory, Sha256 sha256) {
    return directory.resolve(sha256.hex().substring(0, 2)).resolve(sha256.hex());
  }

  /** Writes a derived file. */
  @FunctionalInterface
  public interface Filler {
    void fill(OutputStream out) throws IOException, BakeException, InterruptedException;
  }

  /** What pruning removed and what it left. */
  public record Pruned(int removed, Size freed, Size left) {}

  /** How many files were hashed, and the digests of those that were damaged and are gone. */
  public record Verified(int checked, Size bytes, List<Sha256> damaged) {
    public Verified {
      damaged = List.copyOf(damaged);
    }
  }
}
