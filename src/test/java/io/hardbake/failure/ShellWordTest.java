package io.hardbake.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell itself is asked what it takes a word for. */
final class ShellWordTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "two words",
        "it's",
        "''",
        "$HOME",
        "a`id`",
        "a\\b",
        "~",
        "a*",
        "a;b&c|d>e",
        "\"quoted\"",
        "a\nb",
        "#",
        "{a,b}",
        "!!"
      })
  void isOneWordToAShell(String word) throws Exception {
    Process shell =
        new ProcessBuilder(
                List.of("/bin/sh", "-c", "printf '%s|' " + ShellWord.of(word) + "; echo \"$#\""))
            .start();
    assertEquals(
        word + "|0\n", new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(0, shell.waitFor());
  }

  @Test
  void isQuotedOnlyWhereItHasToBe() {
    for (String plain :
        List.of("/srv/a-b_c.d/e:f", "vpn@one.service", "../x=1,2+3%", "/home/Jürgen")) {
      assertEquals(plain, ShellWord.of(plain));
    }
    assertEquals("'/srv/my cluster'", ShellWord.of("/srv/my cluster"));
  }
}
