package io.hardbake.cli;

import io.hardbake.bake.ToolVersion;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.image.Architecture;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Where the process begins, and where every failure becomes a message and an exit code of the
 * contract.
 */
@Command(
    name = "hardbake",
    description =
        "Bakes the machines of Kubernetes the Hard Way; nothing of the target runs while baking.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    scope = ScopeType.INHERIT, // each command has the two as well
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BakeCommand.class,
      PlanCommand.class,
      LockCommand.class,
      MirrorCommand.class,
      LoadCommand.class,
      PushCommand.class,
      ClusterCommand.class,
      SeedCommand.class,
      InspectCommand.class,
      DiffCommand.class,
      VerifyCommand.class,
      CacheCommand.class,
      CredentialsCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Runnable {
  static final int BUG = 1;
  static final int USAGE = 2;
  static final int DIFFERENT = 5;
  static final int HOST = 7;
  static final int INTERRUPTED = 130;

  /** A third of a second is what it takes; an overloaded machine gets the time to tidy up. */
  private static final int MILLIS_TO_STOP = 4000;

  private final Map<String, String> environment;

  @Spec private @Nullable CommandSpec spec;

  private Main(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] arguments) {
    // Else the digits of a date, a version or a size would be those of the user's language.
    Locale.setDefault(Locale.ROOT);
    CountDownLatch ended = new CountDownLatch(1);
    stopOnSignal(Thread.currentThread(), ended);
    int code =
        run(
            arguments,
            System.getenv(),
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    ended.countDown();
    System.exit(code);
  }

  /** On Ctrl-C the work in progress takes its temporary files away, which may not take long. */
  private static void stopOnSignal(Thread main, CountDownLatch ended) {
    Thread hook =
        new Thread(
            () -> {
              if (ended.getCount() > 0) {
                main.interrupt();
                try {
                  ended.await(MILLIS_TO_STOP, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Runs one command line and gives its exit code; for tests as much as for {@link #main}.
   *
   * @param environment the process's: it names options, proxies and the store
   */
  static int run(
      String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    CommandLine line = new CommandLine(new Main(environment));
    line.setOut(out);
    line.setErr(err);
    line.setDefaultValueProvider(new EnvironmentDefaults(environment));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(Architecture.class, Main::architecture);
    line.setParameterExceptionHandler((e, args) -> usage(e, err));
    line.setExecutionExceptionHandler((e, command, result) -> failure(e, err));
    return line.execute(arguments);
  }

  /** The environment of a command's process. */
  static Map<String, String> environment(CommandSpec command) {
    return ((Main) command.root().userObject()).environment;
  }

  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), "a command is missing");
  }

  private static Architecture architecture(String word) {
    return Architecture.named(word)
        .orElseThrow(
            () -> new TypeConversionException("'" + word + "' is neither amd64 nor arm64"));
  }

  private static int usage(ParameterException e, PrintWriter err) {
    say(
        err,
        String.valueOf(e.getMessage()),
        "see: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    return USAGE;
  }

  private static int failure(Exception e, PrintWriter err) {
    if (e instanceof BakeException known) {
      say(err, String.valueOf(known.getMessage()), known.remedy());
      return known.exitCode();
    }
    if (e instanceof InterruptedException || e instanceof ClosedByInterruptException) {
      say(err, "interrupted", "run the same command again: what was fetched is kept");
      return INTERRUPTED;
    }
    if (e instanceof InvalidPathException path) {
      say(
          err,
          "the name cannot be used for a file in this locale: " + path.getInput(),
          "run hardbake in a UTF-8 locale, such as: LC_ALL=C.UTF-8");
      return HOST;
    }
    IOException io =
        e instanceof UncheckedIOException unchecked
            ? unchecked.getCause()
            : e instanceof IOException plain ? plain : null;
    if (io != null) {
      HostException host = host(io);
      if (host != null) {
        say(err, String.valueOf(host.getMessage()), host.remedy());
        return host.exitCode();
      }
    }
    say(err, "this is a bug: " + e, "please report it with the lines below");
    e.printStackTrace(err);
    return BUG;
  }

  /**
   * The failures of a machine that reach us as plain I/O errors, told apart as far as Java tells
   * them.
   */
  private static @Nullable HostException host(IOException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    for (String full : List.of("no space left", "not enough space", "disk full", "disk quota")) {
      if (text.contains(full)) {
        return new HostException(
            "the disk is full: " + e.getMessage(),
            "make room there (df -h and df -i tell whether space or files are short; hardbake cache"
                + " prune removes what was not used lately), or choose another place: --output for"
                + " results, HARDBAKE_CACHE for the store; then run the command again",
            e);
      }
    }
    if (e instanceof AccessDeniedException
        || text.contains("read-only file system")
        || text.contains("permission denied")) {
      return new HostException(
          "no right to write: " + e.getMessage(),
          "choose another place with --output, or another cache with HARDBAKE_CACHE",
          e);
    }
    if (e instanceof FileAlreadyExistsException
        || e instanceof NotDirectoryException
        || text.contains("not a directory")) {
      return new HostException(
          "a directory is needed where something else stands: " + e.getMessage(),
          "move it away, or choose another place with --output or, for the cache, HARDBAKE_CACHE",
          e);
    }
    if (e instanceof NoSuchFileException) {
      return new HostException(
          "there is no " + e.getMessage(), "correct the path, or make what is missing", e);
    }
    if (e instanceof FileNotFoundException || e instanceof FileSystemException) {
      return new HostException(
          "the file system refused: " + e.getMessage(),
          "check that the path exists and can be used",
          e);
    }
    return null;
  }

  private static void say(PrintWriter err, String problem, String remedy) {
    err.println("hardbake: " + problem);
    err.println("  remedy: " + remedy.replace("\n", "\n          "));
    err.flush();
  }

  /** What {@code --version} says. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"hardbake " + ToolVersion.text()};
    }
  }
}
