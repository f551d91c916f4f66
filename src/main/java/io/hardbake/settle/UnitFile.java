package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.FileTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The {@code [Install]} section of a systemd unit (systemd.unit(5)).
 *
 * @param path where the unit stands, as {@code deb-systemd-helper} spells it: {@code
 *     /lib/systemd/system/…}
 * @param also units that are enabled along
 * @param aliases further names
 * @param wants {@code TARGET.wants} and {@code TARGET.requires}, in file order
 * @param defaultInstance of a template
 */
record UnitFile(
    String path,
    List<String> also,
    List<String> aliases,
    List<String> wants,
    Optional<String> defaultInstance) {

  private static final List<String> DIRECTORIES =
      List.of("/etc/systemd/system/", "/lib/systemd/system/", "/usr/lib/systemd/system/");
  private static final Pattern CONTINUED = Pattern.compile("\\\\\\R");
  private static final Pattern SETTING = Pattern.compile("^\\s*(\\w+)\\s*=\\s*(\\S.*)$");

  /** Finds and reads a unit; an instance is found as its template. */
  static Optional<UnitFile> find(String unit, FileTree.Builder tree) {
    for (AbsolutePath place : places(unit)) {
      Optional<String> text = Texts.in(tree, place);
      if (text.isPresent()) {
        return Optional.of(parse(place.value(), text.get()));
      }
    }
    return Optional.empty();
  }

  /**
   * Where the file of a unit may stand, the first that is there being the one that counts: an
   * instance may have one of its own, and else has its template's.
   */
  static List<AbsolutePath> places(String unit) {
    String template = unit.replaceFirst("@.+\\.", "@.");
    return Stream.of(unit, template)
        .distinct()
        .flatMap(file -> DIRECTORIES.stream().map(each -> AbsolutePath.of(each + file)))
        .toList();
  }

  static UnitFile parse(String path, String text) {
    List<String> also = new ArrayList<>();
    List<String> aliases = new ArrayList<>();
    List<String> wants = new ArrayList<>();
    Optional<String> defaultInstance = Optional.empty();
    for (String line : CONTINUED.matcher(text).replaceAll(" ").lines().toList()) {
      Matcher setting = SETTING.matcher(line);
      if (setting.matches()) {
        List<String> values = Arrays.asList(setting.group(2).strip().split("\\s+"));
        switch (setting.group(1)) {
          case "WantedBy" -> values.forEach(target -> wants.add(target + ".wants"));
          case "RequiredBy" -> values.forEach(target -> wants.add(target + ".requires"));
          case "Also" -> also.addAll(values);
          case "Alias" -> aliases.addAll(values);
          case "DefaultInstance" -> defaultInstance = Optional.of(values.get(0));
          default -> {}
        }
      }
    }
    return new UnitFile(path, also, aliases, wants, defaultInstance);
  }
}
