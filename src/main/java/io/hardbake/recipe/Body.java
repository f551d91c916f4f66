package io.hardbake.recipe;

/** Where a file's bytes come from. */
public sealed interface Body {
  <R> R accept(Visitor<R> visitor);

  /** A FreeMarker template, named relative to the templates directory. */
  record Template(String name) implements Body {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.template(this);
    }
  }

  /** A file of the templates directory, byte for byte. */
  record Source(String name) implements Body {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.source(this);
    }
  }

  /** The text that stands in the recipe itself. */
  record Text(String text) implements Body {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.text(this);
    }
  }

  /** One case for each kind of body. */
  interface Visitor<R> {
    R template(Template template);

    R source(Source source);

    R text(Text text);
  }
}
