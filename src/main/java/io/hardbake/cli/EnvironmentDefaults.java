package io.hardbake.cli;

import io.hardbake.image.Architecture;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Every long option but {@code --help} and {@code --version} can also come from the environment:
 * {@code --kubernetes-mirror} as {@code HARDBAKE_KUBERNETES_MIRROR}. Those that mean something else
 * to another command carry their command's name: {@code HARDBAKE_VERIFY_KEY}. What is on the
 * command line counts before what is in the environment. An empty variable is as good as none.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
  /**
   * The {@code fallbackValue} of every option that is either given or not. Without it picocli takes
   * one that is given for the opposite of its default, which the environment may have made true.
   */
  static final String GIVEN = "true";

  /** Of different meaning from command to command: one value can not be right for all of them. */
  private static final Set<String> AMBIGUOUS =
      Set.of("--controllers", "--credentials", "--days", "--key", "--out");

  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return value(argument).orElse(argument.defaultValue());
  }

  private Optional<String> value(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return Optional.empty();
    }
    Optional<String> value =
        Optional.ofNullable(environment.get(variable(option))).filter(text -> !text.isEmpty());
    // A list of them is for bake: who wants one image then takes this machine's.
    boolean isForOthers =
        option.type() == Architecture.class && value.isPresent() && value.get().contains(",");
    return isForOthers ? Optional.empty() : value;
  }

  /** The variable that an option of a command is read from. */
  static String variable(OptionSpec option) {
    String name = option.longestName();
    String command =
        AMBIGUOUS.contains(name)
            ? option.command().qualifiedName().replaceFirst("^hardbake ", "") + " "
            : "";
    return "HARDBAKE_"
        + (command + name.replaceFirst("^-+", "")).replaceAll("[ -]", "_").toUpperCase(Locale.ROOT);
  }

  /** The variable that gave an argument a value, or a part of one. */
  Optional<String> source(@Nullable ArgSpec argument, @Nullable String value) {
    if (value == null || !(argument instanceof OptionSpec option)) {
      return Optional.empty();
    }
    return value(option)
        .filter(whole -> List.of(whole.split(",", -1)).contains(value) || whole.equals(value))
        .map(whole -> variable(option));
  }

  /** The variables that gave a command's options the values of which a text speaks. */
  List<String> sources(ParseResult parsed, String text) {
    return parsed.commandSpec().options().stream()
        .filter(option -> !parsed.hasMatchedOption(option))
        .filter(
            option ->
                value(option)
                    .filter(value -> speaksOf(text, option.longestName()) || speaksOf(text, value))
                    .isPresent())
        .map(EnvironmentDefaults::variable)
        .sorted()
        .toList();
  }

  private static boolean speaksOf(String text, String word) {
    return word.length() > 1 && text.contains(word);
  }
}
