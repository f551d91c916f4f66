package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.RecipeException;
import io.hardbake.fetch.Store;
import io.hardbake.io.Sha256;
import io.hardbake.tree.Content;
import io.hardbake.tree.FileSlice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFilesTest {
  private static final int SMALL = 1 << 20;

  @TempDir private Path directory;
  private Path file;
  private SourceFiles files;

  @BeforeEach
  void open() throws Exception {
    file = directory.resolve("images.tar");
    files = new SourceFiles(Store.open(directory.resolve("store")));
  }

  @Test
  void smallFilesAreNotKept() throws Exception {
    byte[] body = body(SMALL, 1);
    Files.write(file, body);
    Content content = files.read(file);
    Files.write(file, body(SMALL, 2));
    assertHas(body, content);
    assertFalse(content instanceof FileSlice);
  }

  @Test
  void largeFilesAreReadFromTheStoreAsTheyWere() throws Exception {
    byte[] body = body(SMALL + 1, 1);
    Files.write(file, body);
    FileSlice content = assertInstanceOf(FileSlice.class, files.read(file));
    assertTrue(content.file().startsWith(directory.resolve("store")), content.file()::toString);
    assertEquals(content, files.read(file));
    byte[] other = body(SMALL + 1, 2);
    Files.write(file, other);
    assertHas(body, content);
    assertHas(other, files.read(file));
    Files.delete(file);
    assertHas(body, content);
  }

  @Test
  void aFileThatGrowsMeanwhileIsRefused() throws Exception {
    Files.write(file, body(64 << 20, 1));
    CountDownLatch grows = new CountDownLatch(1);
    Thread writer =
        new Thread(
            () -> {
              try {
                while (true) {
                  Files.write(file, new byte[1], StandardOpenOption.APPEND);
                  grows.countDown();
                  Thread.sleep(1);
                }
              } catch (Exception e) {
                Thread.currentThread().interrupt();
              }
            });
    writer.start();
    try {
      grows.await();
      RecipeException e = assertThrows(RecipeException.class, () -> files.read(file));
      String said = String.valueOf(e.getMessage());
      assertTrue(said.contains("was written to while it was read"), said);
    } finally {
      writer.interrupt();
      writer.join();
    }
    assertEquals(Files.size(file), files.read(file).size().bytes());
  }

  private static void assertHas(byte[] body, Content content) throws Exception {
    assertArrayEquals(body, content.bytes());
    assertEquals(Sha256.of(body), content.sha256());
    assertEquals(body.length, content.size().bytes());
  }

  private static byte[] body(int size, int fill) {
    byte[] body = new byte[size];
    Arrays.fill(body, (byte) fill);
    return body;
  }
}
