package io.hardbake.io.tar;

import io.hardbake.io.Bytes;
import io.hardbake.io.RangeStream;
import io.hardbake.io.Size;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which regular file lies where in a tar that is not compressed. Bodies are not read.
 *
 * @param members by name, in the order of the tar
 * @param trailing what comes after the tar's end and is more than zeros, as a sentence
 */
public record TarIndex(Path file, Map<String, Member> members, Optional<String> trailing) {
  private static final int LIMIT = 10_000;

  /**
   * Where a body lies.
   *
   * @param offset of the first byte in the file
   */
  public record Member(long offset, Size size) {}

  public TarIndex {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /**
   * Reads the headers of a tar.
   *
   * @throws MalformedArchiveException if it is none, is cut short, or has a member twice
   */
  public static TarIndex of(Path file) throws IOException {
    Map<String, Member> members = new LinkedHashMap<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Size size = new Size(channel.size());
      TarReader tar = new TarReader(new RangeStream(channel, false, 0, size));
      for (Optional<TarHeader> next = tar.next(); next.isPresent(); next = tar.next()) {
        add(next.get(), tar.position(), members);
      }
      return new TarIndex(file, members, Optional.empty());
    } catch (TarReader.TrailingBytesException e) {
      return new TarIndex(file, members, Optional.ofNullable(e.getMessage()));
    }
  }

  private static void add(TarHeader header, long offset, Map<String, Member> members)
      throws MalformedArchiveException {
    if (header.type() == TarHeader.FILE) {
      Member member = new Member(offset, new Size(header.size()));
      if (members.put(header.name(), member) != null) {
        throw new MalformedArchiveException(header.name() + " is there twice");
      }
      if (members.size() > LIMIT) {
        throw new MalformedArchiveException("it has more than " + LIMIT + " members");
      }
    }
  }

  /**
   * Where a member lies.
   *
   * @throws MalformedArchiveException if there is none of that name
   */
  public Member member(String name) throws MalformedArchiveException {
    Member member = members.get(name);
    if (member == null) {
      throw new MalformedArchiveException(name + " is missing");
    }
    return member;
  }

  /** A member's bytes. */
  public InputStream open(Member member) throws IOException {
    return new RangeStream(
        FileChannel.open(file, StandardOpenOption.READ), true, member.offset, member.size);
  }

  /**
   * A small member as a whole.
   *
   * @throws MalformedArchiveException if there is none of that name, or it is larger than the limit
   */
  public Bytes bytes(String name, Size limit) throws IOException {
    Member member = member(name);
    if (member.size.compareTo(limit) > 0) {
      throw new MalformedArchiveException(name + " is larger than " + limit);
    }
    try (InputStream in = open(member)) {
      return Bytes.of(in.readAllBytes());
    }
  }
}
