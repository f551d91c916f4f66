package io.hardbake.debian;

/** Foreign text made fit for an error message: short, printable, one line. */
final class Quoted {
  private static final int LONGEST = 80;

  private Quoted() {}

  static String of(char c) {
    return of(String.valueOf(c));
  }

  static String of(String text) {
    StringBuilder shown = new StringBuilder("'");
    text.codePoints()
        .limit(LONGEST)
        .forEach(
            c -> {
              if (c < 0x20 || (c >= 0x7f && c < 0xa0) || !Character.isDefined(c)) {
                shown.append("\\u%04x".formatted(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.append(text.length() > LONGEST ? "…'" : "'").toString();
  }
}
