package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes a tree real, as root, by way of a tar that Commons Compress writes and GNU tar reads. */
final class RootfsWriter {
  private RootfsWriter() {}

  /** Writes the tree into a new directory. */
  static void write(FileTree tree, Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Process tar =
        new ProcessBuilder(
                "tar",
                "-xpf",
                "-",
                "--numeric-owner",
                "--xattrs",
                "--xattrs-include=*",
                "-C",
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (OutputStream pipe = new BufferedOutputStream(tar.getOutputStream(), 1 << 20);
        TarArchiveOutputStream out =
            new TarArchiveOutputStream(pipe, StandardCharsets.UTF_8.name())) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      out.setAddPaxHeadersForNonAsciiNames(true);
      for (Map.Entry<AbsolutePath, Entry> e : tree.entries().entrySet()) {
        put(e.getKey(), e.getValue(), out);
      }
    }
    if (tar.waitFor() != 0) {
      throw new IOException("tar exits with " + tar.exitValue());
    }
  }

  private static void put(AbsolutePath path, Entry entry, TarArchiveOutputStream out)
      throws IOException {
    String name = "./" + path.relative();
    TarArchiveEntry header =
        entry.accept(
            new Entry.Visitor<>() {
              @Override
              public TarArchiveEntry directory(Directory directory) {
                return new TarArchiveEntry(name + "/");
              }

              @Override
              public TarArchiveEntry regularFile(RegularFile file) {
                TarArchiveEntry header = new TarArchiveEntry(name);
                header.setSize(file.content().size().bytes());
                return header;
              }

              @Override
              public TarArchiveEntry symlink(Symlink link) {
                TarArchiveEntry header = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
                header.setLinkName(link.target());
                return header;
              }

              @Override
              public TarArchiveEntry hardLink(HardLink link) {
                TarArchiveEntry header = new TarArchiveEntry(name, TarConstants.LF_LINK);
                header.setLinkName("./" + link.target().relative());
                return header;
              }

              @Override
              public TarArchiveEntry device(Device device) {
                throw new IllegalStateException("packages ship no devices: " + path);
              }
            });
    Meta meta = entry.meta();
    header.setMode(meta.mode());
    header.setIds(meta.uid(), meta.gid());
    header.setModTime(meta.mtime() * 1000);
    meta.xattrs()
        .forEach(
            (key, value) ->
                header.addPaxHeader(
                    "SCHILY.xattr." + key,
                    new String(value.toArray(), StandardCharsets.ISO_8859_1)));
    out.putArchiveEntry(header);
    if (entry instanceof RegularFile file) {
      try (InputStream in = file.content().open()) {
        in.transferTo(out);
      }
    }
    out.closeArchiveEntry();
  }
}
