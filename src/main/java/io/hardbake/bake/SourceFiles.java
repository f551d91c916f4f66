package io.hardbake.bake;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.fetch.Store;
import io.hardbake.io.Size;
import io.hardbake.tree.Content;
import io.hardbake.tree.FileSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files that a recipe names. Small ones are held in memory; a large one, such as an archive of
 * container images, is copied into the store, once for as long as the file system says the same of
 * it. Either way what is baked is of one state, whatever happens to the file meanwhile.
 */
final class SourceFiles {
  private static final String KIND = "source";

  /** The largest that is held in memory. */
  private static final Size LIMIT = Size.mib(1);

  private final Store store;

  SourceFiles(Store store) {
    this.store = store;
  }

  Content read(Path file) throws BakeException, IOException, InterruptedException {
    if (new Size(Files.size(file)).compareTo(LIMIT) <= 0) {
      return Content.of(Files.readAllBytes(file));
    }
    Optional<String> seal = Store.sealOf(file);
    String key = file.toAbsolutePath().normalize() + "\n" + seal.orElse("");
    if (!store.isWritable() && store.known(KIND, key).isEmpty()) {
      return Content.of(Files.readAllBytes(file));
    }
    Path kept =
        store.derived(
            KIND,
            key,
            out -> {
              Files.copy(file, out);
              if (!Store.sealOf(file).equals(seal)) {
                throw new RecipeException(
                    file + ": the file was written to while it was read",
                    "bake again when it is whole");
              }
            });
    return new FileSlice(kept, 0, new Size(Files.size(kept)), Store.digestOf(kept));
  }
}
