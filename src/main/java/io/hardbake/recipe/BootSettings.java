package io.hardbake.recipe;

import io.hardbake.image.Architecture;
import java.util.List;

/**
 * How a machine's disk starts.
 *
 * @param kernel the kernel's package, without the architecture at the end of its name
 * @param commandLine what the kernel is told besides where its root is
 */
public record BootSettings(String kernel, List<String> commandLine) {
  public BootSettings {
    commandLine = List.copyOf(commandLine);
  }

  /** The kernel's package for an architecture: {@code linux-image-cloud-amd64}. */
  public String kernelPackage(Architecture architecture) {
    return kernel + "-" + architecture;
  }
}
