package io.hardbake.vagrant;

import io.hardbake.disk.Volume;
import io.hardbake.io.Size;
import io.hardbake.io.tar.TarHeader;
import java.time.Instant;
import java.util.List;

/** The archive that a box is: plain files, owned by root, in the order given. */
final class BoxTar {
  private static final int MODE = 0644;
  private static final int TRAILER = 2 * TarHeader.BLOCK;

  private BoxTar() {}

  /** A file of the archive. */
  record Member(String name, Volume body) {
    byte[] header(Instant time) {
      return TarHeader.plain(name, TarHeader.FILE, MODE, body.size().bytes(), time.getEpochSecond())
          .encode();
    }
  }

  static Volume plan(List<Member> members, Instant time) {
    long size = TRAILER;
    for (Member member : members) {
      long body = member.body().size().bytes();
      size += member.header(time).length + body + TarHeader.padding(body);
    }
    Volume.Builder tar = Volume.builder(new Size(size));
    long at = 0;
    for (Member member : members) {
      byte[] header = member.header(time);
      tar.add(at, header);
      at += header.length;
      tar.add(at, member.body());
      at += member.body().size().bytes();
      at += TarHeader.padding(at);
    }
    return tar.build();
  }
}
