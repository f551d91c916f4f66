package io.hardbake.oci;

import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.io.Bytes;
import io.hardbake.io.JsonText;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.io.tar.TarIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The documents and blobs of an image archive. Whether they fit together is decided by those who
 * read them: one who sends an image on refuses what one who inspects it reports.
 */
record ArchiveMembers(TarIndex tar) {
  /** Documents are a few kilobytes; what claims more is no archive of ours. */
  private static final Size DOCUMENT_LIMIT = Size.mib(4);

  private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");

  static ArchiveMembers of(Path file) throws IOException {
    return new ArchiveMembers(TarIndex.of(file));
  }

  Path file() {
    return tar.file();
  }

  Optional<String> trailing() {
    return tar.trailing();
  }

  boolean has(String name) {
    return tar.members().containsKey(name);
  }

  Bytes document(String name) throws IOException {
    return tar.bytes(name, DOCUMENT_LIMIT);
  }

  JsonNode json(String name) throws IOException {
    return JsonText.parse(document(name).toArray());
  }

  /** The digest in a descriptor. */
  static Sha256 digest(JsonNode descriptor) throws MalformedArchiveException {
    Matcher digest = DIGEST.matcher(descriptor.path("digest").asText());
    if (!digest.matches()) {
      throw new MalformedArchiveException("no digest in " + descriptor);
    }
    return new Sha256(digest.group(1));
  }

  /** The blob under the name that a descriptor gives, of whatever size. */
  ArchiveReader.Blob find(JsonNode descriptor) throws MalformedArchiveException {
    Sha256 digest = digest(descriptor);
    TarIndex.Member member = tar.member(name(digest));
    return new ArchiveReader.Blob(digest, member.offset(), member.size());
  }

  /** The blob that a descriptor names: it is there, with its size. */
  ArchiveReader.Blob blob(JsonNode descriptor) throws MalformedArchiveException {
    ArchiveReader.Blob blob = find(descriptor);
    if (descriptor.path("size").asLong(-1) != blob.size().bytes()) {
      throw new MalformedArchiveException(
          "blob " + blob.digest() + " has another size than " + descriptor);
    }
    return blob;
  }

  /** The digest of a blob's bytes as they are. */
  Sha256 actualDigest(ArchiveReader.Blob blob) throws IOException {
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
    return tar.open(new TarIndex.Member(blob.offset(), blob.size()));
  }

  static String name(Sha256 digest) {
    return ImageDocuments.BLOBS + digest;
  }
}
