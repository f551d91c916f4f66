package io.hardbake.debian.unpack;

import io.hardbake.fuzz.InputFile;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A package is refused, or unpacked into a pack that reads back, and nothing in it leads out of the
 * tree or through a link.
 */
public final class DebFuzz {
  private static final InputFile PACK = new InputFile("pack");

  private DebFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    unpack(input);
  }

  static void unpack(byte[] deb) throws IOException {
    Path pack = PACK.path();
    try (OutputStream out = Files.newOutputStream(pack)) {
      DebPacker.pack(new ByteArrayInputStream(deb), out);
    } catch (MalformedArchiveException e) {
      return;
    }
    requireInside(PackReader.read(pack));
  }

  private static void requireInside(UnpackedPackage unpacked) throws IOException {
    Map<AbsolutePath, Entry> before = new HashMap<>();
    for (UnpackedPackage.Member member : unpacked.members()) {
      AbsolutePath path = member.path();
      for (String component : path.value().substring(1).split("/", -1)) {
        if (component.equals("..") || component.equals(".") || component.indexOf('\0') >= 0) {
          throw new AssertionError("leads out of the tree: " + path);
        }
      }
      for (AbsolutePath p = path; !p.isRoot(); p = p.parent()) {
        Entry through = before.get(p.parent());
        if (through != null && !(through instanceof Entry.Directory)) {
          throw new AssertionError(path + " goes through " + p.parent());
        }
      }
      if (member.entry() instanceof Entry.HardLink link
          && !(before.get(link.target()) instanceof Entry.RegularFile)) {
        throw new AssertionError(path + " is a hard link to no earlier file: " + link.target());
      }
      if (member.entry() instanceof Entry.RegularFile file) {
        byte[] bytes = file.content().bytes();
        if (bytes.length != file.content().size().bytes()) {
          throw new AssertionError(path + " has another size than it says");
        }
      }
      if (before.put(path, member.entry()) != null) {
        throw new AssertionError(path + " stands twice");
      }
    }
  }
}
