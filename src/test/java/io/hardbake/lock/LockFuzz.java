package io.hardbake.lock;

import io.hardbake.failure.RecipeException;
import io.hardbake.fuzz.InputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A lock is damaged, of another form, or the same once it was written anew. */
public final class LockFuzz {
  private static final InputFile FILE = new InputFile("hardbake.lock");

  private LockFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Optional<Lock> lock;
    try {
      lock = new LockFile(FILE.holding(input)).read();
    } catch (RecipeException e) {
      return;
    }
    if (lock.isEmpty()) {
      return;
    }
    String written = LockFile.text(lock.get());
    Optional<Lock> again;
    try {
      again = new LockFile(FILE.holding(written.getBytes(StandardCharsets.UTF_8))).read();
    } catch (RecipeException e) {
      throw new AssertionError("cannot read what it wrote: " + written, e);
    }
    if (!again.equals(lock)) {
      throw new AssertionError("%s became %s".formatted(lock, again));
    }
  }
}
