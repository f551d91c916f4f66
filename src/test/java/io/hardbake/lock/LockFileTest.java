package io.hardbake.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.RecipeException;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.lock.Lock.ArchitectureLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LockFileTest {
  @TempDir private Path directory;

  private static LockedPackage locked(String name, String version) {
    return new LockedPackage(
        name,
        version,
        Size.kib(64),
        new LockedFile(
            "debian",
            "pool/main/%s/%s_%s_amd64.deb".formatted(name, name, version),
            new Size(1234),
            Sha256.of((name + version).getBytes(java.nio.charset.StandardCharsets.UTF_8))));
  }

  private static Lock example() {
    return example(
        Map.of(
            "bookworm",
            Instant.parse("2026-09-06T10:00:00Z"),
            "bookworm-security",
            Instant.parse("2026-11-20T08:15:30Z")));
  }

  private static Lock example(Map<String, Instant> dates) {
    SortedMap<String, Instant> suites = new TreeMap<>(dates);
    ArchitectureLock amd64 =
        new ArchitectureLock(
            new TreeMap<>(Map.of("bash", locked("bash", "5.2"), "dash", locked("dash", "0.5"))),
            new TreeMap<>(
                Map.of(
                    "base",
                    new LockedRecipe(
                        new TreeSet<>(Set.of("bash")), new TreeSet<>(Set.of("bash", "dash"))))));
    LockedKubernetes kubernetes =
        new LockedKubernetes(
            "v1.18.6",
            new TreeMap<>(Map.of(Architecture.AMD64, "ab".repeat(64))),
            Optional.of(
                new LockedKubernetes.Build(
                    "1.20.2-1",
                    locked("orig", "1").file(),
                    locked("packaging", "1").file(),
                    new TreeMap<>(
                        Map.of(
                            Architecture.ARM64,
                            new LockedKubernetes.Toolchain(
                                "1.19",
                                locked("compiler", "1").file(),
                                locked("library", "1").file(),
                                locked("reflect2", "1").file()))))));
    return new Lock(
        Sha256.of(new byte[] {1}),
        Instant.parse("2026-11-20T08:15:30Z"),
        suites,
        Sha256.of(new byte[] {2}),
        kubernetes,
        new TreeMap<>(Map.of(Architecture.AMD64, amd64)));
  }

  @Test
  void whatWasWrittenIsRead() throws Exception {
    LockFile file = new LockFile(directory.resolve("hardbake.lock"));
    file.write(example());
    assertEquals(Optional.of(example()), file.read());
    assertEquals(LockFile.text(example()), Files.readString(file.path()));
  }

  /** As they were written before suites had their dates, ours among them. */
  @Test
  void aLockWithoutTheDatesOfSuitesStaysAsItIs() throws Exception {
    LockFile file = new LockFile(directory.resolve("hardbake.lock"));
    file.write(example(Map.of()));
    assertFalse(Files.readString(file.path()).contains("suites"));
    assertEquals(Optional.of(example(Map.of())), file.read());
    Path ours = Path.of("images/hardbake.lock");
    Lock committed = new LockFile(ours).read().orElseThrow();
    assertEquals(Files.readString(ours), LockFile.text(committed));
    assertEquals(
        Set.of("bookworm", "bookworm-updates", "bookworm-security"), committed.suites().keySet());
  }

  @Test
  void aSuiteWithoutADateIsDamage() throws Exception {
    Path path = directory.resolve("hardbake.lock");
    Files.writeString(
        path, LockFile.text(example()).replace("\"2026-09-06T10:00:00Z\"", "{\"a\":1}"));
    assertThrows(RecipeException.class, () -> new LockFile(path).read());
  }

  @Test
  void aPackageIsALineAndTheLastLineEnds() {
    String text = LockFile.text(example());
    assertTrue(text.endsWith("}\n"));
    assertEquals(
        2, text.lines().filter(line -> line.matches(" *\\{\"name\":\"[bd]ash\".*")).count());
  }

  @Test
  void noFileIsNoLock() throws Exception {
    assertEquals(Optional.empty(), new LockFile(directory.resolve("none")).read());
  }

  @Test
  void anotherFormatIsNoLock() throws Exception {
    Path path = directory.resolve("hardbake.lock");
    Files.writeString(path, "{\"format\": 999}\n");
    assertEquals(Optional.empty(), new LockFile(path).read());
  }

  /** The package that provides the name was marked as installed automatically. */
  @Test
  void aRecipeThatAsksForAProvidedNameMakesTheLockStale() throws Exception {
    Path path = directory.resolve("hardbake.lock");
    Files.writeString(
        path,
        LockFile.text(example()).replace("\"requested\":[\"bash\"]", "\"requested\":[\"shell\"]"));
    assertEquals(Optional.empty(), new LockFile(path).read());
    assertThrows(
        IllegalArgumentException.class,
        () -> new LockedRecipe(new TreeSet<>(Set.of("shell")), new TreeSet<>(Set.of("bash"))));
  }

  @Test
  void theMarksOfAMergeAreNamedByLine() throws Exception {
    Path path = directory.resolve("hardbake.lock");
    Files.writeString(path, "{\n  \"format\": 1,\n<<<<<<< HEAD\n");
    RecipeException e = assertThrows(RecipeException.class, () -> new LockFile(path).read());
    assertTrue(String.valueOf(e.getMessage()).startsWith(path + ":3: "), e.getMessage());
    assertTrue(e.remedy().endsWith("write it anew with: ./hardbake lock"), e.remedy());
    e = assertThrows(RecipeException.class, () -> new LockFile(path, "lock it").read());
    assertTrue(e.remedy().endsWith("write it anew with: lock it"), e.remedy());
  }

  @Test
  void aDigestThatIsNoneIsDamage() throws Exception {
    Path path = directory.resolve("hardbake.lock");
    Files.writeString(
        path, LockFile.text(example()).replaceFirst("\"inputs\": \"..", "\"inputs\": \"XX"));
    assertThrows(RecipeException.class, () -> new LockFile(path).read());
  }

  /** As a merge or an editor may leave it; else it would be found when the file is fetched. */
  @ParameterizedTest
  @CsvSource({
    "abababab\"}, ab\"}",
    "pool/main/bash, pool/|main/bash",
    "pool/main/bash, https://host/bash",
    "archive\":\"debian\", archive\":\"/home/me\"",
    "archive\":\"debian\", archive\":\"..\""
  })
  void whatCannotBeFetchedIsDamage(String right, String wrong) throws Exception {
    Path path = directory.resolve("hardbake.lock");
    String text = LockFile.text(example());
    Files.writeString(path, text.replace(right, wrong));
    assertNotEquals(text, Files.readString(path));
    RecipeException e = assertThrows(RecipeException.class, () -> new LockFile(path).read());
    assertTrue(String.valueOf(e.getMessage()).contains("the lock is damaged"), e.getMessage());
  }

  @Test
  void aRecipeThatNeedsAnUnlockedPackageIsDamage() throws Exception {
    Path path = directory.resolve("hardbake.lock");
    Files.writeString(path, LockFile.text(example()).replace("\"dash\"]", "\"zsh\"]"));
    assertThrows(RecipeException.class, () -> new LockFile(path).read());
  }
}
