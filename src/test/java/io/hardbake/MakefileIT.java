package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Makefile, among programs that only say how they were called. */
class MakefileIT {
  @TempDir private Path directory;
  private Path said = Path.of("");

  @BeforeEach
  void layOut() throws Exception {
    Oracle.require("make", "setsid");
    said = directory.resolve("said");
    Files.copy(Path.of("Makefile"), directory.resolve("Makefile"));
    for (String name : List.of("setup", "engine", "libvirt", "e2e")) {
      program("src/test/host/" + name, "");
    }
    program("fakes/mvn", "");
    program("fakes/shellcheck", "");
    program("hardbake", "echo \"for $HARDBAKE_ARCH\" >>" + said);
  }

  private void program(String path, String then) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\necho \"${0##*/} $*\" >>%s\n%s\n".formatted(said, then));
    assertTrue(file.toFile().setExecutable(true));
  }

  /** In a session of its own, so that a signal to all of it is none to the tests. */
  private Oracle.Result make(Map<String, String> environment, String target) {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    for (String outer : List.of("MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "MAVEN")) {
      command.addAll(List.of("-u", outer));
    }
    environment.forEach((name, value) -> command.add(name + "=" + value));
    command.add("PATH=" + directory.resolve("fakes") + ":" + System.getenv("PATH"));
    command.addAll(List.of("setsid", "--wait", "make", "-C", directory.toString(), target));
    return Oracle.run(command, Duration.ofMinutes(1), Map.of());
  }

  private String said() throws IOException {
    return Files.readString(said);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void whatTestsNeedRunsAsLongAsTheyDo(int code) throws Exception {
    program("fakes/mvn", "case \"$*\" in *verify*) exit " + code + " ;; esac");
    assertEquals(code == 0 ? 0 : 2, make(Map.of(), "test").exitCode()); // make's own for a failure
    String all = "\nengine start\nlibvirt start\nmvn -B verify\nlibvirt stop\nengine stop\n";
    assertTrue(said().endsWith(all), said());
  }

  /** As Ctrl-C does it, and as CI does that gives up. */
  @ParameterizedTest
  @CsvSource({
    "test, fakes/mvn, INT",
    "test, fakes/mvn, TERM",
    "e2e, src/test/host/e2e, INT",
    "e2e, src/test/host/e2e, TERM"
  })
  void whatWasStartedIsStoppedAfterASignal(String target, String at, String signal)
      throws Exception {
    program(at, "case \"$*\" in '' | *verify*) kill -s " + signal + " 0 ;; esac");
    make(Map.of(), target).refused();
    String stopped = target.equals("test") ? "libvirt stop\nengine stop\n" : "libvirt stop\n";
    assertTrue(said().endsWith("\n" + stopped), said());
  }

  @Test
  void anEmptyVariableIsNone() throws Exception {
    make(Map.of("HARDBAKE_ARCH", ""), "cluster").succeeded();
    String withEmpty = said();
    assertTrue(withEmpty.matches("(?s).*\nhardbake cluster up\nfor a(md|rm)64\n"), withEmpty);
    Files.delete(said);
    make(Map.of("HARDBAKE_ARCH", "amd64,arm64"), "cluster").succeeded();
    assertTrue(said().endsWith("\nfor amd64,arm64\n"), said());
  }

  @Test
  void goldenFilesAreRewrittenByEitherName() throws Exception {
    assertTrue(make(Map.of(), "help").succeeded().stdout().contains("\n  make golden  "));
    make(Map.of(), "golden").succeeded();
    String once = said();
    make(Map.of(), "golden-templates").succeeded();
    assertEquals(once + once, said());
  }
}
