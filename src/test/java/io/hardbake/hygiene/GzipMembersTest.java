package io.hardbake.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.disk.BodyDigests;
import io.hardbake.disk.DiskBody;
import io.hardbake.disk.Findings;
import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeDisk;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.Content;
import io.hardbake.tree.SparseContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** A gzip file may have several members; wherever the first one ends, the second is searched. */
final class GzipMembersTest {
  private static final String KEY =
      "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC".repeat(2) + "\n";

  private static byte[] members(int noise) throws IOException {
    byte[] first = new byte[noise];
    new Random(noise).nextBytes(first);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] member : List.of(first, KEY.getBytes(US_ASCII))) {
      try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
        out.write(member);
      }
    }
    return bytes.toByteArray();
  }

  private static Content onDisk(byte[] bytes) throws IOException {
    Volume volume = Volume.builder(Size.mib(1)).add(0, bytes).build();
    DiskBody body =
        new DiskBody(
            new VolumeDisk(volume),
            new Size(bytes.length),
            List.of(new DiskBody.Run(0, bytes.length)));
    Content content =
        requireNonNull(
            BodyDigests.of(Map.of("body", body), name -> name, new Findings(), n -> {})
                .get("body"));
    assertEquals(Sha256.of(bytes), content.sha256());
    return content;
  }

  private static Content sparse(byte[] bytes) {
    return new SparseContent(
        new Size(bytes.length), Sha256.of(bytes), new TreeMap<>(Map.of(0L, Content.of(bytes))));
  }

  @Test
  void theSecondIsFoundWhereverItBegins() throws Exception {
    SecretScanner scanner = new SecretScanner();
    for (int noise = 0; noise < 700; noise++) {
      byte[] bytes = members(noise);
      for (Content content : List.of(Content.of(bytes), onDisk(bytes), sparse(bytes))) {
        assertEquals(1, scanner.scan(content).size(), noise + " bytes in " + content);
      }
    }
  }

  @Test
  void whatIsBehindTheLastMemberIsNoError() throws Exception {
    SecretScanner scanner = new SecretScanner();
    for (String rest :
        List.of("\0\0\0", "x", "\u001f\u008b", "no member of gzip at all, but longer")) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(members(9));
      bytes.writeBytes(rest.getBytes(ISO_8859_1));
      assertEquals(1, scanner.scan(onDisk(bytes.toByteArray())).size());
    }
  }
}
