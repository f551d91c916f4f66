package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

@Timeout(60)
final class OracleTest {
  @Test
  void anAbsentOracleFailsWhereCiIsSet() {
    AssertionError e =
        assertThrows(AssertionError.class, () -> Oracle.absent("no skopeo", Map.of("CI", "true")));
    assertEquals("no skopeo", e.getMessage());
  }

  @Test
  void anAbsentOracleSkipsElsewhere() {
    assertInstanceOf(TestAbortedException.class, Oracle.absent("no skopeo", Map.of()));
    assertInstanceOf(TestAbortedException.class, Oracle.absent("no skopeo", Map.of("CI", "")));
  }

  @Test
  void namesTheToolThatIsAbsent() {
    Throwable e = assertThrows(Throwable.class, () -> Oracle.require("sh", "hardly-a-tool"));
    assertTrue(e.toString().contains("apt-get install hardly-a-tool"), e.toString());
    assertEquals(Optional.empty(), Oracle.find("hardly-a-tool", Map.of("PATH", "/bin")));
    assertTrue(Oracle.find("sh", Map.of("PATH", "/nowhere:/bin")).isPresent());
  }

  @Test
  void namesTheDebianPackageOfAToolAndMakeTestInstallsIt() throws Exception {
    for (String tool : List.of("dnsmasq", "ip", "qemu-system-aarch64", "unshare", "virsh")) {
      assertTrue(Oracle.PACKAGES.containsKey(tool), tool);
    }
    String setup = Files.readString(Path.of("src/test/host/setup"));
    String installed = setup.replaceFirst("(?s).*\npackages='([^']*)'.*", "$1");
    Set<String> missing = new TreeSet<>(Oracle.PACKAGES.values());
    missing.removeAll(List.of(installed.strip().split("\\s+", -1)));
    // These every Debian has.
    missing.removeAll(List.of("apt", "coreutils", "findutils", "libc-bin", "mount", "util-linux"));
    assertEquals(Set.of(), missing);
  }

  @Test
  void tellsAllThatAProgramSaid() {
    Oracle.Result result = Oracle.run("sh", "-c", "cat; echo out; echo err >&2; exit 3");
    assertEquals(3, result.exitCode());
    assertEquals("out\n", result.stdout());
    assertEquals("err\n", result.stderr());
    assertEquals(result, result.refused());
    assertThrows(AssertionError.class, result::succeeded);
    assertThrows(AssertionError.class, () -> Oracle.run("true").refused());
  }

  @Test
  void endsAProgramThatHangsAndItsChildren(@TempDir Path directory) throws Exception {
    Path child = directory.resolve("child");
    String hangs = "sleep 600 & echo $! >" + child + "; wait";
    AssertionError e =
        assertThrows(
            AssertionError.class,
            () -> Oracle.run(List.of("sh", "-c", hangs), Duration.ofSeconds(5), Map.of()));
    assertTrue(e.toString().endsWith("did not end within PT5S"), e.toString());
    ProcessHandle sleep = named(child).orElse(null);
    while (sleep != null && isAtWork(sleep)) { // until the test's own limit
      Thread.sleep(20);
    }
  }

  @Test
  void doesNotWaitForWhoHoldsTheOutputOfAProgramThatEnded(@TempDir Path directory)
      throws Exception {
    Path child = directory.resolve("child");
    // It ends when what it says is being read: who is not yet reading would find the end.
    String leaves = "sleep 600 & echo $! >" + child + "; echo hi; echo ho >&2; sleep 3";
    try {
      AssertionError e =
          assertThrows(
              AssertionError.class,
              () ->
                  Oracle.run(
                      List.of("sh", "-c", leaves),
                      Duration.ofMinutes(1),
                      Duration.ofMillis(100),
                      Map.of()));
      assertTrue(e.toString().contains("it left a process that holds its output"), e.toString());
      assertTrue(e.toString().endsWith("exit code 0\nhi\n\nho\n"), e.toString());
      assertTrue(isAtWork(named(child).orElseThrow()));
    } finally {
      named(child).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** The process whose number a file has, unless it is gone. */
  private static Optional<ProcessHandle> named(Path file) throws Exception {
    return ProcessHandle.of(Long.parseLong(Files.readString(file).strip()));
  }

  /** One that is dead, but that nobody has waited for yet, has no program any more. */
  private static boolean isAtWork(ProcessHandle process) {
    return ProcessHandle.of(process.pid()).flatMap(each -> each.info().command()).isPresent();
  }

  @Test
  void passesMuchOutputThrough() {
    assertEquals(
        4_000_000,
        Oracle.run("sh", "-c", "yes | head -c 4000000 | tee /dev/stderr").stdout().length());
  }
}
