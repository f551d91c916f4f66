package io.hardbake.io.tar;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.hardbake.failure.HostException;
import io.hardbake.io.BoundedInputStream;
import io.hardbake.io.NativeZstd;
import io.hardbake.io.Size;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How a tar is compressed, told by the end of its name. */
public enum Compression {
  NONE(""),
  GZIP(".gz"),
  XZ(".xz"),
  ZSTD(".zst");

  /** A decoder's dictionary: xz -9 needs 64 MiB, zstd's default limit is 128 MiB. */
  private static final Size DICTIONARY = Size.mib(129);

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** The compression of {@code name}, which is {@code stem} and a suffix of deb(5). */
  public static Compression of(String name, String stem) throws MalformedArchiveException {
    for (Compression compression : values()) {
      if (name.equals(stem + compression.suffix)) {
        return compression;
      }
    }
    throw new MalformedArchiveException("the member " + name + " is none that hardbake can read");
  }

  /**
   * Decompresses up to {@code limit} bytes. All that a decoder dislikes, and one byte more than the
   * limit, is a {@link MalformedArchiveException}. Closing the result frees the decoder and closes
   * {@code in}.
   *
   * @throws IOException also with a {@link HostException} as its cause, where this machine cannot
   *     run the decoder
   */
  public InputStream decompress(InputStream in, Size limit, String what) throws IOException {
    if (this == ZSTD) {
      loadZstd();
    }
    try {
      return new Guard(new BoundedInputStream(decoder(in), limit, what), what);
    } catch (RuntimeException e) {
      throw new MalformedArchiveException(what + " cannot be decompressed", e);
    } catch (MalformedArchiveException e) {
      throw e;
    } catch (IOException e) {
      throw Guard.malformed(what, e);
    }
  }

  private static void loadZstd() throws IOException {
    try {
      NativeZstd.load();
    } catch (HostException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private InputStream decoder(InputStream in) throws IOException {
    int dictionary = Math.toIntExact(DICTIONARY.bytes() >> 10);
    return switch (this) {
      case NONE -> in;
      case GZIP -> {
        GzipCompressorInputStream.Builder gzip = GzipCompressorInputStream.builder();
        gzip.setDecompressConcatenated(true);
        gzip.setInputStream(new BufferedInputStream(in, 1 << 16));
        yield gzip.get();
      }
      case XZ -> new XZInputStream(new BufferedInputStream(in, 1 << 16), dictionary);
      case ZSTD -> new ZstdInputStreamNoFinalizer(in);
    };
  }

  /** Turns every failure of a decoder, checked or not, into one exception. */
  private static final class Guard extends FilterInputStream {
    private final String what;

    Guard(InputStream in, String what) {
      super(in);
      this.what = what;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return super.read(buffer, offset, length);
      } catch (MalformedArchiveException e) {
        throw e;
      } catch (IOException e) {
        throw malformed(what, e);
      } catch (RuntimeException e) {
        throw new MalformedArchiveException(what + " cannot be decompressed", e);
      }
    }

    /** By reading, so that there is one way for a decoder to fail. */
    @Override
    public long skip(long n) throws IOException {
      byte[] passed = new byte[(int) Math.min(1 << 14, Math.max(0, n))];
      return Math.max(0, read(passed, 0, passed.length));
    }

    static MalformedArchiveException malformed(String what, IOException e) {
      if (e instanceof BoundedInputStream.LimitExceededException) {
        return new MalformedArchiveException(String.valueOf(e.getMessage()), e);
      }
      return new MalformedArchiveException(
          what + " cannot be decompressed (" + e.getMessage() + ")", e);
    }
  }
}
