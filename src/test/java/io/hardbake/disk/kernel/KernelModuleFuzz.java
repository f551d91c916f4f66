package io.hardbake.disk.kernel;

import io.hardbake.tree.Content;
import java.io.IOException;

/** A kernel module is refused, or says what it needs and gives. */
public final class KernelModuleFuzz {
  private KernelModuleFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    KernelModule module;
    try {
      module = KernelModule.read("kernel/a.ko", Content.of(input));
    } catch (IllegalArgumentException e) {
      return;
    }
    if (module.depends().contains("") || module.wantedBefore().contains("")) {
      throw new AssertionError("it needs a module without a name");
    }
  }
}
