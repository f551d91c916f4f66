package io.hardbake.recipe;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The groups of keys that a recipe is made of: the one list of what may be written. */
@SuppressWarnings("ImmutableEnumChecker") // The sets are unmodifiable; their type does not show it.
enum Section {
  RECIPE(
      "recipe",
      "a recipe",
      Set.of(),
      Set.of(
          "abstract",
          "boot",
          "box",
          "container",
          "debian",
          "description",
          "directories",
          "files",
          "from",
          "hardware",
          "kubernetes",
          "links",
          "machine",
          "packages",
          "remove",
          "units",
          "users",
          "variables")),
  DEBIAN("debian", "debian", Set.of(), Set.of("suite", "mirror", "securityMirror")),
  KUBERNETES(
      "kubernetes", "kubernetes", Set.of(), Set.of("version", "binaries", "mirror", "sha512")),
  PINS("pins", "sha512", Set.of(), Set.of("amd64", "arm64")),
  DIRECTORY("directory", "a directory", Set.of("path"), Set.of("mode", "owner")),
  FILE("file", "a file", Set.of("path"), Set.of("template", "source", "content", "mode", "owner")),
  LINK("link", "a link", Set.of("path", "target"), Set.of()),
  USER("account", "a user", Set.of("name", "id"), Set.of("home", "shell", "groups")),
  UNITS("units", "units", Set.of(), Set.of("enable", "disable", "mask")),
  BOOT("boot", "boot", Set.of(), Set.of("kernel", "commandLine")),
  HARDWARE("hardware", "hardware", Set.of(), Set.of("disk", "memory", "processors")),
  CONTAINER(
      "container",
      "container",
      Set.of(),
      Set.of("command", "stopSignal", "environment", "ports", "labels", "mask"));

  private final String definition;
  private final String words;
  private final SortedSet<String> required;
  private final SortedSet<String> keys;

  Section(String definition, String words, Set<String> required, Set<String> optional) {
    this.definition = definition;
    this.words = words;
    this.required = Collections.unmodifiableSortedSet(new TreeSet<>(required));
    SortedSet<String> all = new TreeSet<>(required);
    all.addAll(optional);
    this.keys = Collections.unmodifiableSortedSet(all);
  }

  /** The name under {@code $defs} in the schema. */
  String definition() {
    return definition;
  }

  /** What a message calls it. */
  String words() {
    return words;
  }

  SortedSet<String> required() {
    return required;
  }

  /** All keys, required ones included. */
  SortedSet<String> keys() {
    return keys;
  }
}
