package io.hardbake.bake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** This hardbake's version, the same whether it runs from its jar or from classes. */
public final class ToolVersion {
  private ToolVersion() {}

  /** Such as {@code 0.1.0}. */
  public static String text() {
    try (InputStream in = ToolVersion.class.getResourceAsStream("version")) {
      if (in == null) {
        throw new IllegalStateException("the version is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
