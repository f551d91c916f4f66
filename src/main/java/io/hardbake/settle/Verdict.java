package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import java.util.List;
import java.util.Optional;

/**
 * What is known about a package's scripts.
 *
 * @param deeds what preinst and postinst do, in the order in which dpkg would have it done
 * @param objection why the package is left unconfigured, if it is
 */
record Verdict(UnpackedPackage about, List<Deed> deeds, Optional<String> objection) {

  /**
   * An effect, and the text of the script that it stands for.
   *
   * @param whileUnpacking whether a preinst does it; a postinst waits for the configuration
   */
  record Deed(Effect effect, String script, boolean whileUnpacking) {}

  Verdict {
    deeds = List.copyOf(deeds);
  }

  boolean isConfigured() {
    return objection.isEmpty();
  }

  Verdict objectedTo(String reason) {
    return new Verdict(about, deeds, Optional.of(reason));
  }
}
