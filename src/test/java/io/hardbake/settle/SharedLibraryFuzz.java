package io.hardbake.settle;

import io.hardbake.tree.Content;
import java.io.IOException;

/** A file that claims to be a shared object is one or not; nothing else happens. */
public final class SharedLibraryFuzz {
  private SharedLibraryFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    SharedLibrary.read(Content.of(input));
  }
}
