package io.hardbake.cli;

import io.hardbake.bake.Baker;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UsageException;
import io.hardbake.fetch.Store;
import io.hardbake.fetch.StoreLocation;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hardbake cache}: the store of what was fetched and worked out. */
@Command(
    name = "cache",
    description = "Shows, prunes or verifies the store of downloads and of worked-out results.",
    synopsisSubcommandLabel = "(size | prune | verify)")
final class CacheCommand implements Runnable {
  private static final long DEFAULT_LIMIT_MIB = 4096;
  private static final long MOST_MIB = Long.MAX_VALUE >> 20;
  private static final int DEFAULT_DAYS = 90;

  @Spec private @Nullable CommandSpec spec;

  CacheCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "size, prune or verify is missing");
  }

  private Path root() {
    Path project = Path.of(System.getProperty("hardbake.home", "."));
    return StoreLocation.of(
            Main.environment(Objects.requireNonNull(spec)),
            Baker.ownStore(project.resolve("target")))
        .root();
  }

  private Store store() throws IOException {
    return Store.open(root());
  }

  private Console console(Speech speech) {
    return speech.console(Objects.requireNonNull(spec));
  }

  @Command(name = "size", description = "Says where the store is and how large.")
  int size(@Mixin Speech speech) throws IOException {
    try (Console console = console(speech)) {
      console.result(store().size() + " in " + root());
    }
    return 0;
  }

  @Command(
      name = "prune",
      description =
          "Removes what was not used for long, then the least recently used over the limit.")
  int prune(
      @Option(
              names = "--keep",
              paramLabel = "MIB",
              defaultValue = "" + DEFAULT_LIMIT_MIB,
              description =
                  "how large the store may stay; above it, what was used least recently goes, however"
                      + " young (default: ${DEFAULT-VALUE})")
          long limit,
      @Option(
              names = "--days",
              paramLabel = "N",
              defaultValue = "" + DEFAULT_DAYS,
              description =
                  "what was not used for so many days goes, however small the store (default:"
                      + " ${DEFAULT-VALUE})")
          int days,
      @Mixin Speech speech)
      throws IOException, BakeException {
    if (limit < 0) {
      throw new UsageException("--keep " + limit + ": no store is that small", "use --keep 0");
    }
    if (limit > MOST_MIB) {
      throw new UsageException(
          "--keep " + limit + ": no disk has that many MiB", "use --keep " + DEFAULT_LIMIT_MIB);
    }
    if (days < 0) {
      throw new UsageException("--days " + days + ": that time is yet to come", "use --days 0");
    }
    try (Console console = console(speech)) {
      Store.Pruned pruned = store().prune(Size.mib(limit), Duration.ofDays(days));
      console.result(
          "removed %d files, %s; %s left"
              .formatted(pruned.removed(), pruned.freed(), pruned.left()));
    }
    return 0;
  }

  @Command(name = "verify", description = "Re-hashes all files; what is damaged is removed.")
  int verify(@Mixin Speech speech) throws IOException, InterruptedException, BakeException {
    try (Console console = console(speech)) {
      Store.Verified verified = store().verify(console);
      console.result("checked %d files, %s".formatted(verified.checked(), verified.bytes()));
      if (!verified.damaged().isEmpty()) {
        throw new IntegrityException(
            "damaged and removed: "
                + verified.damaged().stream().map(Sha256::hex).collect(Collectors.joining(", ")),
            "nothing needs doing: the next bake fetches or makes them again; if it happens often, check the disk");
      }
    }
    return 0;
  }
}
