package io.hardbake.engine;

import java.util.regex.Pattern;

/** A terminal's stream as text: without the control sequences of ECMA-48. */
final class Terminal {
  private static final Pattern CONTROL =
      Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|[@-Z\\\\-_])|\r");

  private Terminal() {}

  static String plain(String stream) {
    return CONTROL.matcher(stream).replaceAll("");
  }
}
