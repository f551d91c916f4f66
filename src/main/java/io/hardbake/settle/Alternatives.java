package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * update-alternatives(1): groups of programs for one purpose. All groups are in automatic mode, so
 * the choice of the highest priority wins.
 *
 * <p>Choices are read from the literal calls in the scripts; a call with a variable in it is not
 * literal and is left out, which its rule has to answer for.
 */
final class Alternatives {
  private static final AbsolutePath LINKS = AbsolutePath.of("/etc/alternatives");
  private static final AbsolutePath STATE = AbsolutePath.of("/var/lib/dpkg/alternatives");
  private static final Pattern CALL =
      Pattern.compile(
          "update-alternatives\\s+(?:--quiet\\s+)?--install\\s+([^\\n;|&<>$]+)(?=[\\n;|&<>]|$)");

  /** A candidate; slaves by name, each with the path that it would link to. */
  private record Choice(String path, int priority, Map<String, String> slaves) {}

  /** All candidates for one name; slave links by slave name. */
  private record Group(String link, Map<String, String> slaveLinks, List<Choice> choices) {}

  private final Map<String, Group> groups = new TreeMap<>();

  /**
   * Adds the literal calls in a script's text.
   *
   * @throws IllegalStateException if there is none
   */
  void addCallsOf(String script) {
    Matcher call = CALL.matcher(script.replace("\\\n", " "));
    if (!call.find()) {
      throw new IllegalStateException("no literal call of update-alternatives in: " + script);
    }
    do {
      add(Arrays.asList(call.group(1).strip().split("\\s+")));
    } while (call.find());
  }

  /** {@code LINK NAME PATH PRIORITY [--slave LINK NAME PATH]...} */
  private void add(List<String> words) {
    Group group =
        groups.computeIfAbsent(
            words.get(1), name -> new Group(words.get(0), new TreeMap<>(), new ArrayList<>()));
    Map<String, String> slaves = new TreeMap<>();
    for (int i = 4; i < words.size(); i += 4) {
      if (!words.get(i).equals("--slave")) {
        throw new IllegalStateException("not an update-alternatives call: " + words);
      }
      group.slaveLinks().put(words.get(i + 2), words.get(i + 1));
      slaves.put(words.get(i + 2), words.get(i + 3));
    }
    group.choices().add(new Choice(words.get(2), Integer.parseInt(words.get(3)), slaves));
  }

  /** Makes the links and the state files. */
  void writeTo(TreeEditor editor) {
    groups.forEach(
        (name, group) -> {
          group.choices().sort(Comparator.comparing(Choice::path));
          link(name, group, editor);
          editor.write(STATE.child(name), state(group));
        });
  }

  private static void link(String name, Group group, TreeEditor editor) {
    Choice best = group.choices().get(0);
    for (Choice choice : group.choices()) {
      best = choice.priority() > best.priority() ? choice : best;
    }
    link(name, group.link(), best.path(), editor);
    best.slaves()
        .forEach(
            (slave, target) -> {
              // A slave whose file is missing is skipped with a warning.
              if (editor.exists(AbsolutePath.of(target))) {
                link(slave, group.slaveLinks().getOrDefault(slave, ""), target, editor);
              }
            });
  }

  private static void link(String name, String link, String target, TreeEditor editor) {
    editor.link(LINKS.child(name), target);
    editor.link(AbsolutePath.of(link), LINKS.child(name).value());
  }

  /** The administrative file: mode, link, slaves, empty line, choices, empty line. */
  private static String state(Group group) {
    StringBuilder text = new StringBuilder("auto\n").append(group.link()).append('\n');
    group
        .slaveLinks()
        .forEach((name, link) -> text.append(name).append('\n').append(link).append('\n'));
    text.append('\n');
    for (Choice choice : group.choices()) {
      text.append(choice.path()).append('\n').append(choice.priority()).append('\n');
      for (String slave : group.slaveLinks().keySet()) {
        text.append(choice.slaves().getOrDefault(slave, "")).append('\n');
      }
    }
    return text.append('\n').toString();
  }
}
