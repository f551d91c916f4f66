package io.hardbake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./hardbake} itself, in front of a Java that only says how it was called. */
final class LauncherTest {
  @TempDir private Path directory;
  private Path home;
  private Path launcher;
  private Path java;

  @BeforeEach
  void install() throws IOException {
    home = Files.createDirectories(directory.toRealPath().resolve("a source tree"));
    launcher = Files.copy(Path.of("hardbake"), home.resolve("hardbake"));
    Files.writeString(Files.createDirectory(home.resolve("target")).resolve("hardbake.jar"), "");
    java = Files.createDirectories(directory.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nenv\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Called(int code, List<String> lines) {
    void says(String line) {
      assertTrue(lines.contains(line), () -> line + " in " + lines);
    }
  }

  private Called call(Path what, String... arguments) throws Exception {
    return call(Map.of("LC_ALL", "C"), what, arguments);
  }

  private Called call(Map<String, String> environment, Path what, String... arguments)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(what.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
    builder.environment().putAll(environment);
    Process process = builder.directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Called(process.waitFor(), said.lines().toList());
  }

  @Test
  void handsOverItsHomeAndEachWord() throws Exception {
    Called called = call(launcher, "bake", "a role");
    assertEquals(0, called.code(), called.lines()::toString);
    called.says("-Dhardbake.home=" + home);
    called.says(home.resolve("target/hardbake.jar").toString());
    assertEquals(
        List.of("bake", "a role"),
        called.lines().subList(called.lines().size() - 2, called.lines().size()));
    called.says("LANG=C.UTF-8");
  }

  /** As a host says that has no de_DE.UTF-8, a German one, one of BSD, and one without locale. */
  @ParameterizedTest
  @CsvSource({
    "echo ANSI_X3.4-1968, de_DE.UTF-8, C.UTF-8",
    "echo US-ASCII, de_DE.UTF-8, C.UTF-8",
    "echo UTF-8, de_DE.UTF-8, de_DE.UTF-8",
    "echo ISO-8859-1, de_DE, de_DE",
    "exit 127, de_DE.UTF-8, de_DE.UTF-8",
    "exit 127, POSIX, C.UTF-8",
  })
  void aLocaleThatIsNotInstalledIsNotUsed(String says, String locale, String used)
      throws Exception {
    Called called = call(withLocale(says, Map.of("LC_ALL", locale)), launcher, "plan");
    called.says("LANG=" + used);
  }

  /** Else failures would not be understood; for letters the user's locale stays. */
  @Test
  void theSystemSpeaksEnglish() throws Exception {
    Map<String, String> german =
        Map.of("LC_ALL", "de_DE", "LC_MESSAGES", "de_DE", "LC_TIME", "en_DK", "LANG", "de_AT");
    Map<String, String> shorter = Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "de_DE");
    for (Map<String, String> environment : List.of(german, shorter)) {
      Called called = call(withLocale("echo ISO-8859-1", environment), launcher, "plan");
      assertEquals(
          List.of("LANG=de_DE", "LC_MESSAGES=C"),
          called.lines().stream()
              .filter(line -> line.matches("(LANG|LC_[A-Z]+)=.*"))
              .sorted()
              .toList());
    }
  }

  /** With a program {@code locale} that does {@code what}. */
  private Map<String, String> withLocale(String what, Map<String, String> environment)
      throws IOException {
    Path program = Files.createDirectories(directory.resolve("bin")).resolve("locale");
    Files.writeString(program, "#!/bin/sh\n" + what + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> with = new HashMap<>(environment);
    with.put("PATH", program.getParent() + ":" + System.getenv("PATH"));
    return with;
  }

  @Test
  void isFoundThroughLinks() throws Exception {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("absolute"), launcher);
    Files.createSymbolicLink(
        bin.resolve("relative"), Path.of("../" + home.getFileName(), "hardbake"));
    Files.createSymbolicLink(bin.resolve("twice"), Path.of("relative"));
    for (String link : List.of("absolute", "relative", "twice")) {
      call(bin.resolve(link), "plan").says("-Dhardbake.home=" + home);
    }
  }

  @ParameterizedTest
  @CsvSource({"1.8.0_402, 8", "11.0.22, 11"})
  void refusesAJavaThatIsTooOld(String version, String spoken) throws Exception {
    saysItsVersion(version);
    Called called = call(launcher, "plan");
    assertEquals(7, called.code());
    called.says("hardbake: " + java + " is Java " + spoken + ", which is too old");
  }

  @ParameterizedTest
  @ValueSource(strings = {"17", "17.0.15", "25-ea", "next"})
  void takesTheOthers(String version) throws Exception {
    saysItsVersion(version);
    assertEquals(0, call(launcher, "plan").code());
  }

  private void saysItsVersion(String version) throws IOException {
    Files.writeString(
        directory.resolve("jdk/release"),
        "IMPLEMENTOR=\"someone\"\nJAVA_VERSION=\"%s\"\nOS_NAME=\"Linux\"\n".formatted(version));
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Files.delete(java);
    Called withoutJava = call(launcher, "plan");
    assertEquals(7, withoutJava.code());
    withoutJava.says("hardbake: no Java found (looked for: " + java + ")");
    Files.delete(home.resolve("target/hardbake.jar"));
    Called unbuilt = call(launcher, "plan");
    assertEquals(7, unbuilt.code());
    unbuilt.says("hardbake: " + home.resolve("target/hardbake.jar") + " is missing");
  }
}
