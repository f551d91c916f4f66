package io.hardbake.debian.unpack;

import io.hardbake.debian.Paragraph;
import io.hardbake.io.Size;
import io.hardbake.io.tar.Compression;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.io.tar.TarReader;
import io.hardbake.tree.AbsolutePath;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes one {@code .deb} apart, streaming, into a pack. */
final class DebPacker {
  /** deb(5): the major version decides; a minor one and further lines may be added. */
  private static final Pattern FORMAT = Pattern.compile("2\\.[0-9]{1,9}\n(?s:.*)");

  private static final Size FORMAT_LIMIT = Size.kib(1);
  private static final Pattern CONTROL_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+_-]*");

  private final ArReader ar;
  private final PackWriter pack;

  private DebPacker(ArReader ar, PackWriter pack) {
    this.ar = ar;
    this.pack = pack;
  }

  static void pack(InputStream deb, OutputStream out) throws IOException {
    BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 18);
    PackWriter pack = new PackWriter(buffered);
    new DebPacker(new ArReader(deb), pack).members();
    pack.finish();
    buffered.flush();
  }

  private void members() throws IOException {
    if (!nextNamed().equals("debian-binary")) {
      throw new MalformedArchiveException("the first member is not debian-binary");
    }
    byte[] format = ar.body().readNBytes((int) FORMAT_LIMIT.bytes());
    if (!FORMAT.matcher(new String(format, StandardCharsets.ISO_8859_1)).matches()) {
      throw new MalformedArchiveException("the package's format is not 2.x");
    }
    Paragraph control = controlArchive(nextUnlessIgnored());
    pack.endControlFiles();
    dataArchive(nextUnlessIgnored(), Limits.data(control));
    // deb(5) lets further members follow, which are to be ignored.
    while (ar.next().isPresent()) {
      passOver();
    }
  }

  private Paragraph controlArchive(String name) throws IOException {
    Compression compression = Compression.of(name, "control.tar");
    try (InputStream in = compression.decompress(ar.body(), Limits.CONTROL, name)) {
      TarReader tar = new TarReader(in);
      Set<String> names = new HashSet<>();
      Paragraph control = null;
      for (TarHeader header = next(tar); header != null; header = next(tar)) {
        AbsolutePath path = MemberPaths.path(header);
        if (header.type() == TarHeader.DIRECTORY && path.isRoot()) {
          continue;
        }
        String file = path.name();
        if (header.type() != TarHeader.FILE
            || !path.parent().isRoot()
            || !CONTROL_NAME.matcher(file).matches()
            || !names.add(file)) {
          throw new MalformedArchiveException("refused in " + name + ": " + header.name());
        }
        if (file.equals("control")) {
          control = controlFile(header, tar.body());
        } else {
          pack.controlFile(file, tar.body());
        }
      }
      if (control == null) {
        throw new MalformedArchiveException(name + " has no control file");
      }
      return control;
    }
  }

  private Paragraph controlFile(TarHeader header, InputStream body) throws IOException {
    if (header.size() > Limits.CONTROL_FILE.bytes()) {
      throw new MalformedArchiveException("the control file is larger than " + Limits.CONTROL_FILE);
    }
    byte[] text = body.readAllBytes();
    pack.controlFile("control", new ByteArrayInputStream(text));
    return ControlFile.parse(text);
  }

  private void dataArchive(String name, Size limit) throws IOException {
    Compression compression = Compression.of(name, "data.tar");
    try (InputStream in = compression.decompress(ar.body(), limit, name)) {
      TarReader tar = new TarReader(in);
      MemberPaths paths = new MemberPaths();
      for (TarHeader header = next(tar); header != null; header = next(tar)) {
        AbsolutePath path = MemberPaths.path(header);
        if (!paths.add(path, header)) {
          continue;
        }
        switch (header.type()) {
          case TarHeader.FILE -> pack.file(path, header, tar.body());
          case TarHeader.DIRECTORY -> pack.directory(path, header);
          case TarHeader.SYMLINK -> pack.symlink(path, symlink(header));
          case TarHeader.HARD_LINK ->
              pack.hardLink(path, header, paths.linked(path, header.linkName()));
          case TarHeader.FIFO -> throw new MalformedArchiveException(header.name() + " is a FIFO");
          default -> throw new MalformedArchiveException(header.name() + " is a device node");
        }
      }
    }
  }

  private static TarHeader symlink(TarHeader header) throws MalformedArchiveException {
    String target = header.linkName();
    if (target.indexOf('\0') >= 0
        || target.getBytes(StandardCharsets.UTF_8).length >= Limits.PATH_BYTES) {
      throw new MalformedArchiveException(header.name() + " is a link with a refused target");
    }
    return header;
  }

  private static @Nullable TarHeader next(TarReader tar) throws IOException {
    return tar.next().orElse(null);
  }

  private String nextNamed() throws IOException {
    Optional<String> name = ar.next();
    if (name.isEmpty()) {
      throw new MalformedArchiveException("truncated: a member of the package is missing");
    }
    return name.get();
  }

  /** deb(5): members whose names begin with an underscore may stand in between. */
  private String nextUnlessIgnored() throws IOException {
    String name = nextNamed();
    while (name.startsWith("_")) {
      passOver();
      name = nextNamed();
    }
    return name;
  }

  private void passOver() throws IOException {
    ar.body().transferTo(OutputStream.nullOutputStream());
  }
}
