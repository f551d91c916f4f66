package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.FileTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** systemd.preset(5): the first line that matches a unit decides; without one it is enabled. */
record Presets(List<Line> lines) {
  private static final AbsolutePath DIRECTORY = AbsolutePath.of("/usr/lib/systemd/system-preset");

  record Line(boolean enable, Pattern unit) {}

  static Presets of(FileTree.Builder tree) {
    List<Line> lines = new ArrayList<>();
    Optional<AbsolutePath> directory = tree.resolve(DIRECTORY);
    if (directory.isPresent()) {
      for (AbsolutePath file : tree.children(directory.get()).keySet()) {
        Texts.in(tree, file).ifPresent(text -> lines.addAll(parse(text)));
      }
    }
    return new Presets(lines);
  }

  private static List<Line> parse(String text) {
    List<Line> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length >= 2 && (words[0].equals("enable") || words[0].equals("disable"))) {
        lines.add(new Line(words[0].equals("enable"), glob(words[1])));
      }
    }
    return lines;
  }

  private static Pattern glob(String glob) {
    return Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"));
  }

  boolean enable(String unit) {
    return lines.stream()
        .filter(line -> line.unit().matcher(unit).matches())
        .map(Line::enable)
        .findFirst()
        .orElse(true);
  }
}
