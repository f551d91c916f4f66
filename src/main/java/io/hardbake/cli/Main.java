package io.hardbake.cli;

import io.hardbake.bake.ToolVersion;
import io.hardbake.fetch.StoreLocation;
import io.hardbake.image.Architecture;
import io.hardbake.io.NativeZstd;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Where the process begins, and where every failure is told. */
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
  static final int USAGE = 2;
  static final int DIFFERENT = 5;

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
    // Attempts that follow each other within seconds ask the name server anew.
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
    NativeZstd.spare(() -> StoreLocation.usual(System.getenv()));
    CountDownLatch ended = new CountDownLatch(1);
    AtomicBoolean stopping = new AtomicBoolean();
    stopOnSignal(Thread.currentThread(), ended, stopping);
    StandardOutput standard = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    PrintWriter out = new PrintWriter(standard, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = Failure.BUG;
    try {
      code = run(arguments, System.getenv(), out, err);
      out.flush();
      if (code == 0 && standard.failure().isPresent()) {
        Failure failure = standard.failure().get();
        say(err, failure.problem(), failure.remedy());
        code = failure.exitCode();
      }
    } finally {
      ended.countDown();
    }
    // A signal's exit is on its way then, and an exit from here could overtake it with another
    // code.
    if (!stopping.get()) {
      System.exit(code);
    }
  }

  /** On Ctrl-C the work in progress takes its temporary files away, which may not take long. */
  private static void stopOnSignal(Thread main, CountDownLatch ended, AtomicBoolean stopping) {
    Thread hook =
        new Thread(
            () -> {
              if (ended.getCount() > 0) {
                stopping.set(true);
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
    EnvironmentDefaults defaults = new EnvironmentDefaults(environment);
    CommandLine line = commandLine(environment, defaults);
    line.setOut(out);
    line.setErr(err);
    line.setParameterExceptionHandler((e, args) -> usage(e, err, defaults));
    line.setExecutionExceptionHandler((e, command, result) -> failure(e, command, defaults));
    try {
      return line.execute(arguments);
    } catch (Error e) { // picocli handles exceptions alone
      return failure(e, command(line), defaults);
    }
  }

  /** The command that was at work. */
  private static CommandLine command(CommandLine line) {
    CommandLine command = line;
    for (ParseResult parsed = line.getParseResult();
        parsed != null;
        parsed = parsed.hasSubcommand() ? parsed.subcommand() : null) {
      command = parsed.commandSpec().commandLine();
    }
    return command;
  }

  /** All commands, as they are parsed. */
  static CommandLine commandLine(Map<String, String> environment, EnvironmentDefaults defaults) {
    CommandLine line = new CommandLine(new Main(environment));
    line.setDefaultValueProvider(defaults);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(Architecture.class, Main::architecture);
    line.registerConverter(Path.class, Path::of); // picocli's own keeps the cause to itself
    return line;
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

  private static int usage(ParameterException e, PrintWriter err, EnvironmentDefaults defaults) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidPathException path) {
        return failure(path, e.getCommandLine(), defaults);
      }
    }
    List<String> sources = defaults.source(e.getArgSpec(), e.getValue()).stream().toList();
    say(
        err,
        String.valueOf(e.getMessage()),
        "see: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help" + set(sources));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    return USAGE;
  }

  /** Who mistyped nothing has to know where the value is that is wrong. */
  private static String set(List<String> variables) {
    return variables.isEmpty() ? "" : "\nthe environment sets it: " + String.join(", ", variables);
  }

  private static int failure(Throwable e, CommandLine command, EnvironmentDefaults defaults) {
    Failure failure = Failure.of(e, command.getCommandSpec());
    if (failure.exitCode() == USAGE) {
      List<String> sources = defaults.sources(command.getParseResult(), failure.problem());
      failure = new Failure(failure.problem(), failure.remedy() + set(sources), USAGE);
    }
    PrintWriter err = command.getErr();
    say(err, failure.problem(), failure.remedy());
    if (failure.exitCode() == Failure.BUG) {
      e.printStackTrace(err);
    }
    OptionSpec json = command.getCommandSpec().findOption("--json");
    if (json != null && Boolean.TRUE.equals(json.getValue())) {
      new JsonConsole(command.getOut()).failure(failure);
    }
    return failure.exitCode();
  }

  private static void say(PrintWriter err, String problem, String remedy) {
    err.println("hardbake: " + Console.told(problem, remedy));
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
