package io.hardbake.debian.unpack;

import com.github.luben.zstd.ZstdOutputStream;
import io.hardbake.io.tar.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Builds small packages, valid unless a test takes care that they are not. */
public final class DebBuilder {
  private final Map<String, byte[]> members = new LinkedHashMap<>();
  private final TarBuilder control = new TarBuilder();
  private TarBuilder data = new TarBuilder().directory("./");
  private Compression compression = Compression.XZ;

  /** A package with a {@code control} file of the fields that all packages have. */
  public static DebBuilder of(String name, String version) {
    return withControl(
        "Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: a\n"
            .formatted(name, version));
  }

  public static DebBuilder withControl(String text) {
    DebBuilder builder = new DebBuilder();
    builder.control.directory("./").file("./control", text);
    return builder;
  }

  public DebBuilder controlFile(String name, String text) {
    control.file("./" + name, text);
    return this;
  }

  /** The data archive, instead of one that holds the root directory alone. */
  public DebBuilder data(TarBuilder tar) {
    this.data = tar;
    return this;
  }

  DebBuilder compressed(Compression how) {
    this.compression = how;
    return this;
  }

  TarBuilder control() {
    return control;
  }

  public byte[] build() {
    String suffix =
        switch (compression) {
          case NONE -> "";
          case GZIP -> ".gz";
          case XZ -> ".xz";
          case ZSTD -> ".zst";
        };
    members.put("debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
    members.put("control.tar" + suffix, compress(control.build(), compression));
    members.put("data.tar" + suffix, compress(data.build(), compression));
    return ar(members);
  }

  public Path writeTo(Path file) throws IOException {
    return Files.write(file, build());
  }

  static byte[] ar(Map<String, byte[]> members) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("!<arch>\n".getBytes(StandardCharsets.US_ASCII));
    members.forEach(
        (name, body) -> {
          String header =
              "%-16s%-12d%-6d%-6d%-8s%-10d`\n".formatted(name, 0, 0, 0, "100644", body.length);
          out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
          out.writeBytes(body);
          if (body.length % 2 == 1) {
            out.write('\n');
          }
        });
    return out.toByteArray();
  }

  static byte[] compress(byte[] bytes, Compression how) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream compressor =
        switch (how) {
          case NONE -> out;
          case GZIP -> new GZIPOutputStream(out);
          case XZ -> new XZOutputStream(out, new LZMA2Options(0));
          case ZSTD -> new ZstdOutputStream(out);
        }) {
      compressor.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
