package io.hardbake.recipe;

/** Where a file's bytes come from. */
public sealed interface Body {
  /** A FreeMarker template, named relative to the templates directory. */
  record Template(String name) implements Body {}

  /** A file of the templates directory, byte for byte. */
  record Source(String name) implements Body {}

  /** The text that stands in the recipe itself. */
  record Text(String text) implements Body {}
}
