package io.hardbake.artifact;

import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.io.tar.TarIndex;
import io.hardbake.io.tar.TarIndex.Member;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Names the structure in which a byte of an output lies. */
final class Place {
  private static final int GZIP_HEADER = 10;
  private static final int GZIP_TRAILER = 8;
  private static final int QCOW2_HEADER = 112;
  private static final int QCOW2_CLUSTER = 1 << 16;
  private static final int SECTOR = 512;

  private Place() {}

  /** Where two files that mean the same differ first. */
  static String describe(Path before, Path after, long at) throws IOException {
    long shorter = Math.min(Files.size(before), Files.size(after));
    if (at >= shorter) {
      return "one file ends at byte %d, where the other goes on".formatted(at);
    }
    return "byte %d, %s".formatted(at, of(before, at));
  }

  private static String of(Path file, long at) throws IOException {
    if (Beginning.of(file).form() == Beginning.Form.TAR) {
      try {
        return inTar(TarIndex.of(file), at);
      } catch (MalformedArchiveException e) {
        return "in a tar that cannot be read: " + e.getMessage();
      }
    }
    byte[] magic = beginning(file, 0);
    return inDisk(magic, at);
  }

  private static String inTar(TarIndex tar, long at) throws IOException {
    String last = "";
    for (Map.Entry<String, Member> each : tar.members().entrySet()) {
      Member member = each.getValue();
      long end = member.offset() + member.size().bytes();
      if (at < member.offset()) {
        return "in the tar header of " + each.getKey();
      }
      if (at < end) {
        byte[] magic = beginning(tar.file(), member.offset());
        return "byte %d of %s, %s"
            .formatted(
                at - member.offset(),
                each.getKey(),
                inMember(magic, at - member.offset(), member.size().bytes()));
      }
      if (at < end + TarHeader.padding(member.size().bytes())) {
        return "in the padding after " + each.getKey();
      }
      last = each.getKey();
    }
    return "in the end of the tar, after " + last;
  }

  private static String inMember(byte[] magic, long at, long size) {
    if (magic[0] != 0x1f || magic[1] != (byte) 0x8b) {
      return inDisk(magic, at);
    }
    if (at < GZIP_HEADER) {
      return "in the header of the gzip member";
    }
    return at >= size - GZIP_TRAILER
        ? "in the trailer of the gzip member"
        : "in the compressed data of the gzip member";
  }

  private static String inDisk(byte[] magic, long at) {
    if (magic[0] == 'Q' && magic[1] == 'F' && magic[2] == 'I') {
      return at < QCOW2_HEADER
          ? "in the qcow2 header"
          : "in cluster %d of the qcow2 file".formatted(at / QCOW2_CLUSTER);
    }
    if (magic[0] == 'K' && magic[1] == 'D' && magic[2] == 'M') {
      return at < SECTOR
          ? "in the VMDK header"
          : "in sector %d of the VMDK file".formatted(at / SECTOR);
    }
    return "in sector %d".formatted(at / SECTOR);
  }

  private static byte[] beginning(Path file, long offset) throws IOException {
    byte[] magic = new byte[4];
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(offset);
      in.readNBytes(magic, 0, magic.length);
    }
    return magic;
  }
}
