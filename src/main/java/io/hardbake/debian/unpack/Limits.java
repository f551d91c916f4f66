package io.hardbake.debian.unpack;

import io.hardbake.debian.Paragraph;
import io.hardbake.io.Size;
import io.hardbake.io.tar.MalformedArchiveException;
import java.util.regex.Pattern;

/** What an archive may cost, whatever it claims. Each is far above anything in Debian. */
final class Limits {
  /** The whole of {@code control.tar}, decompressed; md5sums of huge packages are its bulk. */
  static final Size CONTROL = Size.mib(64);

  /** The {@code control} file itself. */
  static final Size CONTROL_FILE = Size.mib(1);

  /** The whole of {@code data.tar}, decompressed, where the control file says nothing. */
  static final Size DATA = Size.gib(8);

  /** PATH_MAX of Linux. */
  static final int PATH_BYTES = 4096;

  static final int MEMBERS = 500_000;

  private static final Pattern INSTALLED_SIZE = Pattern.compile("[0-9]{1,12}");

  private Limits() {}

  /**
   * The bound for {@code data.tar} after {@code Installed-Size} (in KiB, Policy 5.6.20), which
   * counts a file's body rounded up to a KiB but no tar headers: four times that, and 64 MiB for
   * packages of many empty files.
   */
  static Size data(Paragraph control) throws MalformedArchiveException {
    String declared = control.get("Installed-Size").orElse(null);
    if (declared == null) {
      return DATA;
    }
    if (!INSTALLED_SIZE.matcher(declared).matches()) {
      throw new MalformedArchiveException("Installed-Size is no number: " + declared);
    }
    Size generous = Size.kib(Math.multiplyExact(4L, Long.parseLong(declared))).plus(Size.mib(64));
    return generous.compareTo(DATA) < 0 ? generous : DATA;
  }
}
