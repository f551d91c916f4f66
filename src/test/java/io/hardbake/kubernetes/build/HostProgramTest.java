package io.hardbake.kubernetes.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.hardbake.debian.unpack.Unpacker;
import io.hardbake.failure.HostException;
import io.hardbake.fetch.Download;
import io.hardbake.fetch.Store;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.kubernetes.build.HostProgram.FailedException;
import io.hardbake.progress.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class HostProgramTest {
  @TempDir Path directory;
  private HostProgram host;

  @BeforeEach
  void setUp() {
    host =
        new HostProgram(
            directory, new TreeMap<>(Map.of("WORD", "hello")), directory.resolve("log"));
  }

  @Test
  void givesTheEnvironmentAndNothingElse() throws Exception {
    List<String> lines = new ArrayList<>();
    host.run(List.of("/usr/bin/env"), lines::add);
    assertEquals(List.of("WORD=hello"), lines);
  }

  @Test
  void saysTheLastLinesOfWhatFailed() {
    FailedException e =
        assertThrows(
            FailedException.class,
            () -> host.run(shell("echo first; echo reason >&2; exit 3"), line -> {}));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("status 3") && message.contains("reason"), message);
  }

  @Test
  void keepsOneLogOfAllPrograms() throws Exception {
    List<String> second = new ArrayList<>();
    host.run(shell("echo one"), line -> {});
    host.run(shell("echo two"), second::add);
    assertEquals("one\ntwo\n", Files.readString(directory.resolve("log")));
    assertEquals(List.of("two"), second);
  }

  @Test
  void blamesTheHostForWhatDoesNotStart() {
    HostException e =
        assertThrows(
            HostException.class,
            () -> host.run(List.of(directory.resolve("go").toString(), "build"), line -> {}));
    assertEquals(7, e.exitCode());
    assertTrue(e.remedy().contains("--kubernetes-mirror"), e.remedy());
  }

  @Test
  void endsTheProgramAndItsChildrenWhenInterrupted() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    List<String> pid = new ArrayList<>();
    List<Throwable> thrown = new ArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                host.run(
                    shell("/bin/sleep 1000 & echo $!; wait"),
                    line -> {
                      pid.add(line);
                      started.countDown();
                    });
              } catch (Exception e) {
                thrown.add(e);
              }
            });
    thread.start();
    started.await();
    thread.interrupt();
    thread.join();
    assertTrue(thrown.get(0) instanceof InterruptedException, thrown.toString());
    Optional<ProcessHandle> child = ProcessHandle.of(Long.parseLong(pid.get(0)));
    if (child.isPresent()) {
      child.get().onExit().join();
    }
  }

  @Test
  void knowsWhereDebiansGoRuns() throws Exception {
    assertEquals(Architecture.AMD64, DebianBuild.hostArchitecture("Linux", "amd64"));
    assertEquals(Architecture.ARM64, DebianBuild.hostArchitecture("Linux", "aarch64"));
    HostException e =
        assertThrows(
            HostException.class, () -> DebianBuild.hostArchitecture("Mac OS X", "aarch64"));
    assertThrows(HostException.class, () -> DebianBuild.hostArchitecture("Linux", "riscv64"));
    assertEquals(7, e.exitCode());
    assertFalse(e.remedy().isEmpty());
  }

  @Test
  void refusesAPlaceThatGoTakesForTwo() throws Exception {
    Download any =
        new Download("any", List.of(directory.toUri()), Size.ZERO, Sha256.of(new byte[0]));
    DebianBuild build =
        new DebianBuild(
            downloads -> fail("nothing is fetched"),
            new Unpacker(Store.open(directory.resolve("store"))),
            directory.resolve("a:b/work"),
            1,
            Progress.silent());
    HostException e =
        assertThrows(
            HostException.class,
            () ->
                build.compile(
                    new BuildInputs("1", any, any, "1", any, any, any),
                    Architecture.AMD64,
                    List.of(),
                    directory));
    assertTrue(e.remedy().contains("--output"), e.remedy());
    assertFalse(Files.exists(directory.resolve("a:b")));
  }

  private static List<String> shell(String script) {
    return List.of("/bin/sh", "-c", script);
  }
}
