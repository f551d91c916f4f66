package io.hardbake.image;

import java.util.Arrays;
import java.util.Optional;

/**
 * A processor architecture that hardbake bakes for; the names are Debian's, which are also OCI's
 * and Go's.
 */
public enum Architecture {
  AMD64("amd64", "x86_64-linux-gnu", 62),
  ARM64("arm64", "aarch64-linux-gnu", 183);

  private final String debianName;
  private final String multiarchTriplet;
  private final int elfMachine;

  Architecture(String debianName, String multiarchTriplet, int elfMachine) {
    this.debianName = debianName;
    this.multiarchTriplet = multiarchTriplet;
    this.elfMachine = elfMachine;
  }

  /** The one whose {@link #debianName} that is; nothing for any other word. */
  public static Optional<Architecture> named(String debianName) {
    return Arrays.stream(values()).filter(each -> each.debianName.equals(debianName)).findFirst();
  }

  /**
   * That of a machine by what Java calls it ({@code os.arch}), which depends on the operating
   * system; nothing for any other word.
   */
  public static Optional<Architecture> ofMachine(String machine) {
    return switch (machine) {
      case "amd64", "x86_64" -> Optional.of(AMD64);
      case "arm64", "aarch64" -> Optional.of(ARM64);
      default -> Optional.empty();
    };
  }

  /** {@code amd64} or {@code arm64}: Debian's, OCI's and Go's word for it. */
  public String debianName() {
    return debianName;
  }

  /** The directory name of Debian's multiarch library paths. */
  public String multiarchTriplet() {
    return multiarchTriplet;
  }

  /** {@code e_machine} of the ELF header. */
  public int elfMachine() {
    return elfMachine;
  }

  @Override
  public String toString() {
    return debianName;
  }
}
