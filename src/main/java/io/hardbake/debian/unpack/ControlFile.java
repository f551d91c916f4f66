package io.hardbake.debian.unpack;

import io.hardbake.debian.BinaryPackage;
import io.hardbake.debian.Deb822;
import io.hardbake.debian.MalformedControlException;
import io.hardbake.debian.Paragraph;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.tree.Provenance;
import java.util.List;
import java.util.regex.Pattern;

/** A package's own {@code control} file (deb-control(5)): one paragraph that names the package. */
final class ControlFile {
  private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.+~:-]+");
  private static final Pattern ARCHITECTURE = Pattern.compile("[a-z0-9][a-z0-9-]*");

  private ControlFile() {}

  static Paragraph parse(byte[] text) throws MalformedArchiveException {
    List<Paragraph> paragraphs;
    try {
      paragraphs = Deb822.all(text);
    } catch (MalformedControlException e) {
      throw new MalformedArchiveException("the control file is malformed", e);
    }
    if (paragraphs.size() != 1) {
      throw new MalformedArchiveException(
          "the control file has " + paragraphs.size() + " paragraphs");
    }
    Paragraph control = paragraphs.get(0);
    require(control, "Package", BinaryPackage.NAME);
    require(control, "Version", VERSION);
    require(control, "Architecture", ARCHITECTURE);
    return control;
  }

  static Provenance provenance(Paragraph control) {
    return Provenance.ofPackage(
        control.get("Package").orElseThrow(), control.get("Version").orElseThrow());
  }

  private static void require(Paragraph control, String field, Pattern form)
      throws MalformedArchiveException {
    String value = control.get(field).orElse("");
    if (!form.matcher(value).matches()) {
      throw new MalformedArchiveException(
          "the control file's " + field + " is missing or malformed: \"" + value + "\"");
    }
  }
}
