package io.hardbake.debian.unpack;

import io.hardbake.debian.Paragraph;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A package's two archives, opened: nothing is installed yet.
 *
 * @param control the {@code control} file's paragraph
 * @param controlFiles the control archive's other members by name: {@code postinst}, {@code
 *     md5sums}, …
 * @param members the data archive's members, in archive order, the root included where the archive
 *     has it
 */
public record UnpackedPackage(
    Paragraph control, SortedMap<String, Content> controlFiles, List<Member> members) {

  /** A path as the archive names it, before usrmerge and diversions, and what stands there. */
  public record Member(AbsolutePath path, Entry entry) {}

  public UnpackedPackage {
    controlFiles = Collections.unmodifiableSortedMap(new TreeMap<>(controlFiles));
    members = List.copyOf(members);
  }

  public String name() {
    return required("Package");
  }

  public String version() {
    return required("Version");
  }

  public String architecture() {
    return required("Architecture");
  }

  private String required(String field) {
    return control
        .get(field)
        .orElseThrow(() -> new IllegalStateException("control file without " + field));
  }
}
