package io.hardbake.kubernetes;

import io.hardbake.failure.IntegrityException;
import io.hardbake.image.Architecture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether four files are programs of the architecture that they are to run on. */
final class BinaryCheck {
  private BinaryCheck() {}

  /**
   * Reads the headers of {@link KubernetesBinaries#NAMES} in {@code directory}.
   *
   * @param what where they come from, for messages
   */
  static void requireMachine(Path directory, Architecture architecture, String what)
      throws IOException, IntegrityException {
    for (String name : KubernetesBinaries.NAMES) {
      Optional<ElfHeader> header;
      try (InputStream in = Files.newInputStream(directory.resolve(name))) {
        header = ElfHeader.read(in);
      }
      if (header.isEmpty()) {
        throw new IntegrityException(
            name + " from " + what + " is no ELF file",
            "check what is published there; a proxy's error page is the usual cause");
      }
      ElfHeader elf = header.get();
      if (elf.machine() != architecture.elfMachine()
          || elf.wordBits() != 64
          || !elf.littleEndian()) {
        throw new IntegrityException(
            "%s from %s is for ELF machine %d, not for %s, which is %d"
                .formatted(name, what, elf.machine(), architecture, architecture.elfMachine()),
            "check that the tarball is the one for " + architecture);
      }
    }
  }
}
