package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.image.Architecture;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Options that come from the environment, alone and together with those that are given. */
final class EnvironmentDefaultsTest {
  @TempDir private Path directory;

  /** An option of one command, and the words that call the command. */
  record Each(List<String> command, OptionSpec option) {
    boolean isFlag() {
      return option.type() == boolean.class;
    }

    String name() {
      return option.longestName();
    }

    String variable() {
      return EnvironmentDefaults.variable(option);
    }

    @Override
    public String toString() {
      return String.join(" ", command) + " " + name();
    }
  }

  private static CommandLine line(Map<String, String> environment) {
    return Main.commandLine(environment, new EnvironmentDefaults(environment));
  }

  private static CommandLine subcommand(CommandLine line, String word) {
    return Objects.requireNonNull(line.getSubcommands().get(word), word);
  }

  private static List<Each> options() {
    List<Each> all = new ArrayList<>();
    collect(line(Map.of()), List.of(), all);
    return all;
  }

  private static void collect(CommandLine line, List<String> words, List<Each> all) {
    for (OptionSpec option : line.getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        all.add(new Each(words, option));
      }
    }
    line.getSubcommands()
        .forEach(
            (name, sub) -> {
              List<String> longer = new ArrayList<>(words);
              longer.add(name);
              collect(sub, longer, all);
            });
  }

  private static List<Each> flags() {
    return options().stream().filter(Each::isFlag).toList();
  }

  /** What else a command needs may be left out. */
  private static void collectErrors(CommandLine line) {
    line.getCommandSpec().parser().collectErrors(true);
    line.getSubcommands().values().forEach(EnvironmentDefaultsTest::collectErrors);
  }

  private static boolean value(CommandLine line, Each flag, boolean given) {
    List<String> words = new ArrayList<>(flag.command());
    if (given) {
      words.add(flag.name());
    }
    line.parseArgs(words.toArray(String[]::new));
    CommandLine last = line;
    for (String word : flag.command()) {
      last = subcommand(last, word);
    }
    return (Boolean) last.getCommandSpec().findOption(flag.name()).getValue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false", ""})
  void whatIsGivenIsTrueWhateverTheEnvironmentSays(String set) {
    List<Each> flags = flags();
    Map<String, String> environment = new HashMap<>();
    if (!set.isEmpty()) {
      flags.forEach(flag -> environment.put(flag.variable(), set));
    }
    CommandLine line = line(environment);
    collectErrors(line);
    List<String> wrong = new ArrayList<>();
    for (Each flag : flags) {
      if (value(line, flag, false) != set.equals("true") || !value(line, flag, true)) {
        wrong.add(flag.toString());
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void anEmptyVariableIsNone() {
    Map<String, String> empty = new HashMap<>();
    options().forEach(each -> empty.put(each.variable(), ""));
    EnvironmentDefaults defaults = new EnvironmentDefaults(empty);
    for (Each each : options()) {
      assertEquals(
          each.option().defaultValue(), defaults.defaultValue(each.option()), each::toString);
    }
  }

  @Test
  void allFlagsAreAmongThem() {
    List<String> flags = flags().stream().map(Each::toString).toList();
    for (String one :
        List.of("bake --offline", "cache size --json", "cluster down --credentials")) {
      assertTrue(flags.contains(one), flags::toString);
    }
  }

  @Test
  void aVariableMeansOneThing() {
    Map<String, Set<String>> meanings = new TreeMap<>();
    for (Each each : options()) {
      String kind = each.isFlag() ? "flag" : each.option().paramLabel();
      meanings.computeIfAbsent(each.variable(), name -> new TreeSet<>()).add(kind);
    }
    meanings.forEach((variable, kinds) -> assertEquals(1, kinds.size(), variable + kinds));
    for (String variable :
        List.of(
            "HARDBAKE_KUBERNETES_MIRROR",
            "HARDBAKE_SIGN_KEY",
            "HARDBAKE_QCOW2_COMPRESSION",
            "HARDBAKE_VERIFY_KEY",
            "HARDBAKE_CREDENTIALS_KEY",
            "HARDBAKE_CREDENTIALS_DAYS",
            "HARDBAKE_CACHE_PRUNE_DAYS",
            "HARDBAKE_CLUSTER_UP_CONTROLLERS",
            "HARDBAKE_SEED_CONTROLLERS",
            "HARDBAKE_MIRROR_OUT")) {
      assertTrue(meanings.containsKey(variable), variable);
    }
  }

  @Test
  void severalArchitecturesAreForWhatTakesSeveral() {
    Map<String, String> both = Map.of("HARDBAKE_ARCH", "amd64,arm64");
    CommandLine line = line(both);
    line.parseArgs("plan");
    assertEquals(
        Set.of(Architecture.AMD64, Architecture.ARM64), architecture(line, "plan").getValue());
    line.parseArgs("load");
    assertNull(architecture(line, "load").<@Nullable Object>getValue());
    CommandLine one = line(Map.of("HARDBAKE_ARCH", "arm64"));
    one.parseArgs("load");
    assertEquals(Architecture.ARM64, architecture(one, "load").getValue());
  }

  private static OptionSpec architecture(CommandLine line, String command) {
    return subcommand(line, command).getCommandSpec().findOption("--arch");
  }

  private String run(int code, Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("HARDBAKE_CACHE", directory.resolve("cache").toString());
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said, true);
    assertEquals(code, Main.run(arguments, all, writer, writer), said::toString);
    return said.toString();
  }

  @Test
  void neitherHelpNorVersionIsAskedForByTheEnvironment() {
    for (String value : List.of("0.1.0", "true")) {
      Map<String, String> set = Map.of("HARDBAKE_VERSION", value, "HARDBAKE_HELP", value);
      assertTrue(run(0, set, "cache", "size").startsWith("0 B in "), value);
    }
  }

  @Test
  void aWrongValueIsLookedForWhereItStands() {
    String hint = "the environment sets it: HARDBAKE_JOBS";
    Map<String, String> word = Map.of("HARDBAKE_JOBS", "many");
    assertTrue(run(2, word, "plan").contains(hint));
    assertFalse(run(2, Map.of("HARDBAKE_JOBS", "2"), "plan", "--jobs", "few").contains(hint));
    Map<String, String> none = Map.of("HARDBAKE_JOBS", "0");
    assertTrue(run(2, none, "plan").contains(hint));
    assertTrue(run(2, none, "plan", "--json").contains("sets it: HARDBAKE_JOBS\"}"));
    assertFalse(run(2, Map.of("HARDBAKE_JOBS", "2"), "plan", "--jobs", "0").contains(hint));
    assertTrue(
        run(2, Map.of("HARDBAKE_ARCH", "amd64,mips"), "plan").contains("sets it: HARDBAKE_ARCH"));
    assertTrue(
        run(2, Map.of("HARDBAKE_QCOW2_COMPRESSION", "xz"), "plan")
            .contains("sets it: HARDBAKE_QCOW2_COMPRESSION"));
  }
}
