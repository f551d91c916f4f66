package io.hardbake.debian.unpack;

import io.hardbake.debian.Deb822;
import io.hardbake.debian.Paragraph;
import io.hardbake.debian.unpack.UnpackedPackage.Member;
import io.hardbake.tree.Content;
import io.hardbake.tree.Provenance;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.zip.CRC32C;

/** Opens a pack: checks it whole, then reads its index. */
final class PackReader {
  private PackReader() {}

  static UnpackedPackage read(Path pack) throws IOException {
    PackTrailer trailer = trailer(pack);
    byte[] index = checkedIndex(pack, trailer);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(index))) {
      SortedMap<String, Content> controlFiles = PackIndex.readControlFiles(in, pack);
      Content control = controlFiles.remove("control");
      if (control == null) {
        throw new DamagedPackException("it has no control file");
      }
      Paragraph paragraph = Deb822.all(control.bytes()).get(0);
      Provenance provenance = ControlFile.provenance(paragraph);
      List<Member> members = new ArrayList<>();
      for (int kind = in.readByte(); kind != PackIndex.END; kind = in.readByte()) {
        members.add(PackIndex.readMember(kind, in, pack, provenance));
      }
      return new UnpackedPackage(paragraph, controlFiles, members);
    } catch (DamagedPackException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The checksum held: another version wrote this, or the file changed under our hands.
      throw new DamagedPackException("its index cannot be read", e);
    }
  }

  private static PackTrailer trailer(Path pack) throws IOException {
    long at = Files.size(pack) - PackTrailer.BYTES;
    if (at < 0) {
      throw new DamagedPackException("it is too short");
    }
    try (InputStream in = Files.newInputStream(pack)) {
      in.skipNBytes(at);
      PackTrailer trailer = PackTrailer.decode(in.readNBytes(PackTrailer.BYTES));
      if (trailer.indexAt() < 0
          || trailer.indexAt() > at
          || at - trailer.indexAt() > Integer.MAX_VALUE - 8) {
        throw new DamagedPackException("its index lies outside of it");
      }
      return trailer;
    }
  }

  private static byte[] checkedIndex(Path pack, PackTrailer trailer) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = new BufferedInputStream(Files.newInputStream(pack), buffer.length)) {
      for (long left = trailer.indexAt(); left > 0; ) {
        int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (n < 0) {
          throw new DamagedPackException("it is too short");
        }
        checksum.update(buffer, 0, n);
        left -= n;
      }
      long rest = Files.size(pack) - PackTrailer.BYTES - trailer.indexAt();
      byte[] index = in.readNBytes(Math.toIntExact(rest));
      checksum.update(index);
      if ((int) checksum.getValue() != trailer.checksum()) {
        throw new DamagedPackException("its checksum does not match");
      }
      return index;
    }
  }
}
