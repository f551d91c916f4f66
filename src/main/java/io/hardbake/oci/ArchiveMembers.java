package io.hardbake.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.io.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What lies where in an image archive. Nothing is decided here about whether the parts fit
 * together.
 *
 * @param trailing where bytes begin that belong to no member, as a sentence; null where there are
 *     none
 */
record ArchiveMembers(Path file, Map<String, Member> members, @Nullable String trailing) {
  /** Documents are a few kilobytes; what claims more is no archive of ours. */
  private static final Size DOCUMENT_LIMIT = Size.mib(4);

  private static final int MEMBER_LIMIT = 10_000;
  private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");

  /** {@code offset} is that of the body's first byte in the archive's file. */
  record Member(long offset, Size size) {}

  static ArchiveMembers of(Path file) throws IOException {
    Map<String, Member> members = new HashMap<>();
    try (InputStream in = new BlobStream(file, 0, Files.size(file))) {
      TarReader tar = new TarReader(in);
      for (Optional<TarHeader> next = tar.next(); next.isPresent(); next = tar.next()) {
        TarHeader header = next.get();
        if (header.type() == TarHeader.FILE
            && members.put(header.name(), new Member(tar.position(), new Size(header.size())))
                != null) {
          throw new IOException(header.name() + " is there twice");
        }
        if (members.size() > MEMBER_LIMIT) {
          throw new IOException("it has more than " + MEMBER_LIMIT + " members");
        }
      }
      return new ArchiveMembers(file, members, null);
    } catch (TarReader.TrailingBytesException e) {
      return new ArchiveMembers(file, members, e.getMessage());
    }
  }

  private Member member(String name) throws IOException {
    return Optional.ofNullable(members.get(name))
        .orElseThrow(() -> new IOException(name + " is missing"));
  }

  JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(document(name).toArray());
  }

  Bytes document(String name) throws IOException {
    Member member = member(name);
    if (member.size.compareTo(DOCUMENT_LIMIT) > 0) {
      throw new IOException(name + " is larger than any document");
    }
    try (InputStream in = open(member.offset, member.size)) {
      return Bytes.of(in.readAllBytes());
    }
  }

  /** The digest in a descriptor. */
  static Sha256 digest(JsonNode descriptor) throws IOException {
    Matcher digest = DIGEST.matcher(descriptor.path("digest").asText());
    if (!digest.matches()) {
      throw new IOException("no digest in " + descriptor);
    }
    return new Sha256(digest.group(1));
  }

  /** The blob that a descriptor names: it is there, with its size. */
  ArchiveReader.Blob blob(JsonNode descriptor) throws IOException {
    Sha256 digest = digest(descriptor);
    Member member = member(name(digest));
    if (descriptor.path("size").asLong(-1) != member.size.bytes()) {
      throw new IOException("blob " + digest + " has another size than " + descriptor);
    }
    return new ArchiveReader.Blob(digest, member.offset, member.size);
  }

  Sha256 digest(ArchiveReader.Blob blob) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[1 << 18];
    try (InputStream in = open(blob)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return Sha256.of(digest);
  }

  InputStream open(ArchiveReader.Blob blob) throws IOException {
    return open(blob.offset(), blob.size());
  }

  private InputStream open(long offset, Size size) throws IOException {
    return new BlobStream(file, offset, Math.addExact(offset, size.bytes()));
  }

  static String name(Sha256 digest) {
    return ImageDocuments.BLOBS + digest;
  }
}
