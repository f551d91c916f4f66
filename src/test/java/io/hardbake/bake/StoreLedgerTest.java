package io.hardbake.bake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.fetch.Store;
import io.hardbake.image.Artifact;
import io.hardbake.image.Ledger;
import io.hardbake.io.AtomicFile;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLedgerTest {
  @TempDir private Path directory;
  private Path file;
  private Ledger ledger;
  private int written;

  @BeforeEach
  void open() throws Exception {
    file = directory.resolve("disk");
    ledger = new StoreLedger(Store.open(directory.resolve("store")));
    assertEquals(artifact("one"), write("key", "one"));
  }

  @Test
  void whatStandsIsNotWrittenAgain() throws Exception {
    assertEquals(artifact("one"), write("key", "one"));
    assertEquals(1, written);
    Ledger later = new StoreLedger(Store.open(directory.resolve("store")));
    assertEquals(artifact("one"), later.artifact(file, "key", () -> write("one")));
    assertEquals(1, written);
  }

  @Test
  void anotherKeyOrAnotherPlaceIsWritten() throws Exception {
    assertEquals(artifact("two"), write("other key", "two"));
    assertEquals("two", Files.readString(file));
    // Back again: the file is not what the first key led to any more.
    assertEquals(artifact("one"), write("key", "one"));
    assertEquals("one", Files.readString(file));
    file = directory.resolve("elsewhere");
    assertEquals(artifact("one"), write("key", "one"));
    assertEquals(4, written);
  }

  @Test
  void whatWasTouchedIsWrittenAgain() throws Exception {
    Thread.sleep(20); // beyond the clock tick in which a seal sees no change
    var time = Files.getLastModifiedTime(file);
    Files.writeString(file, "won");
    Files.setLastModifiedTime(file, time);
    assertEquals(artifact("one"), write("key", "one"));
    assertEquals("one", Files.readString(file));
    Path copy = Files.copy(file, directory.resolve("copy"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    write("key", "one");
    Files.delete(file);
    write("key", "one");
    assertEquals("one", Files.readString(file));
    assertEquals(4, written);
  }

  private Artifact write(String key, String text) throws Exception {
    return ledger.artifact(file, key, () -> write(text));
  }

  private Artifact write(String text) throws IOException {
    written++;
    AtomicFile.write(file, text.getBytes(UTF_8));
    return artifact(text);
  }

  private Artifact artifact(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new Artifact(file, new Size(bytes.length), Sha256.of(bytes));
  }
}
