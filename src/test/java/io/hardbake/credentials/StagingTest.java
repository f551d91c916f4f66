package io.hardbake.credentials;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.UsageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A set of files changes as a whole, wherever a kill comes in between. */
final class StagingTest {
  @TempDir private Path directory;

  private static Map<CredentialFile, byte[]> set(String mark) {
    Map<CredentialFile, byte[]> files = new EnumMap<>(CredentialFile.class);
    for (CredentialFile file : CredentialFile.values()) {
      files.put(file, (mark + " " + file).getBytes(StandardCharsets.UTF_8));
    }
    return files;
  }

  private void publish(String mark) throws Exception {
    try (Staging staging = Staging.open(directory)) {
      staging.publish(set(mark));
    }
  }

  private void assertSet(String mark) throws Exception {
    Map<CredentialFile, byte[]> found = Staging.read(directory);
    assertEquals(CredentialFile.values().length, found.size());
    set(mark).forEach((file, content) -> assertArrayEquals(content, found.get(file)));
  }

  @Test
  void oneSetTakesThePlaceOfAnother() throws Exception {
    publish("old");
    publish("new");
    assertSet("new");
  }

  @Test
  void whatWasBeingWrittenIsSweptAway() throws Exception {
    publish("old");
    Path unfinished = Files.createDirectory(directory.resolve(".unfinished"));
    Files.writeString(unfinished.resolve("ca.pem"), "half");
    try (Staging staging = Staging.open(directory)) {
      assertSet("old");
      assertFalse(Files.exists(unfinished));
      assertEquals(CredentialFile.values().length, staging.read().size());
    }
  }

  /** Each state that moving up passes through: the first moves done, the others not. */
  @Test
  void aChangeKilledOnItsWayUpIsUnusableUntilItIsFinished() throws Exception {
    List<CredentialFile> others =
        Arrays.stream(CredentialFile.values()).filter(file -> file != CredentialFile.CA).toList();
    for (int moved = 0; moved <= others.size(); moved++) {
      publish("old");
      Path complete = Files.createDirectory(directory.resolve(".complete"));
      for (Map.Entry<CredentialFile, byte[]> entry : set("new").entrySet()) {
        Files.write(complete.resolve(entry.getKey().fileName()), entry.getValue());
      }
      Files.delete(directory.resolve("ca.pem"));
      for (CredentialFile file : others.subList(0, moved)) {
        Files.move(
            complete.resolve(file.fileName()),
            directory.resolve(file.fileName()),
            StandardCopyOption.REPLACE_EXISTING);
      }
      assertTrue(Staging.isInterrupted(directory));
      Staging.open(directory).close();
      assertSet("new");
      assertFalse(Staging.isInterrupted(directory));
    }
  }

  @Test
  void makingFinishesWhatWasInterruptedAndThenRefuses() throws Exception {
    publish("old");
    Path complete = Files.createDirectory(directory.resolve(".complete"));
    Files.writeString(complete.resolve("ca.pem"), "new");
    Staging.refuseExisting(directory);
    Staging.open(directory).close();
    assertEquals("new", Files.readString(directory.resolve("ca.pem")));
    assertThrows(UsageException.class, () -> Staging.refuseExisting(directory));
  }

  @Test
  void aLinkGivesWayAndItsTargetStays() throws Exception {
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "precious");
    Files.createSymbolicLink(directory.resolve("ca-key.pem"), elsewhere);
    assertThrows(UsageException.class, () -> Staging.refuseExisting(directory));
    publish("new");
    assertSet("new");
    assertEquals("precious", Files.readString(elsewhere));
  }
}
