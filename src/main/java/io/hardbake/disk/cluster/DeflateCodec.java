package io.hardbake.disk.cluster;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.io.deflate.DeflateEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Adler32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Our own deflate for each cluster, as the two formats want it. */
public enum DeflateCodec implements ClusterCodec {
  /** Bare deflate for qcow2; QEMU tells zlib that no match reaches back over more than 4 KiB. */
  QCOW2("deflate 1, window 4096", 1 << 12, true, false),

  /** With zlib's header and checksum for VMDK, whose grains are compressed without exception. */
  ZLIB("zlib 1", DeflateEncoder.WINDOW, false, true);

  /** Deflate with a window of 32 KiB and no dictionary; a multiple of 31 (RFC 1950, 2.2). */
  private static final byte[] ZLIB_HEADER = {0x78, 0x5e};

  private static final int ZLIB_BYTES = ZLIB_HEADER.length + Integer.BYTES;

  private final String id;
  private final int window;
  private final boolean mayStore;
  private final boolean framed;

  DeflateCodec(String id, int window, boolean mayStore, boolean framed) {
    this.id = id;
    this.window = window;
    this.mayStore = mayStore;
    this.framed = framed;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public boolean mayStore() {
    return mayStore;
  }

  @Override
  public Encoder newEncoder() {
    return new StreamEncoder(window, framed);
  }

  @Override
  public Decoder newDecoder() {
    return new StreamDecoder(new Inflater(!framed));
  }

  private record StreamDecoder(Inflater inflater) implements Decoder {
    @Override
    public void decode(byte[] packed, int length, byte[] cluster) throws DamagedDiskException {
      inflater.reset();
      inflater.setInput(packed, 0, length);
      try {
        int filled = 0;
        int more = -1;
        while (filled < cluster.length && more != 0) {
          more = inflater.inflate(cluster, filled, cluster.length - filled);
          filled += more;
        }
        // The checksum comes behind the last byte, and what is too long goes on there.
        if (filled < cluster.length || inflater.inflate(new byte[1]) > 0 || !inflater.finished()) {
          throw new DamagedDiskException("a compressed cluster has not the length of one");
        }
      } catch (DataFormatException e) {
        throw new DamagedDiskException("a compressed cluster is damaged", e);
      }
    }

    @Override
    public void close() {
      inflater.end();
    }
  }

  private static final class StreamEncoder implements Encoder {
    private final DeflateEncoder deflate;
    private final boolean framed;
    private final Adler32 sum = new Adler32();

    StreamEncoder(int window, boolean framed) {
      this.deflate = new DeflateEncoder(window);
      this.framed = framed;
    }

    @Override
    public int encode(byte[] cluster) {
      deflate.encode(cluster, 0, cluster.length, true);
      if (framed) {
        sum.reset();
        sum.update(cluster);
      }
      return deflate.size() + (framed ? ZLIB_BYTES : 0);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      if (framed) {
        out.write(ZLIB_HEADER);
      }
      deflate.writeTo(out);
      if (framed) {
        out.write(ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue()).array());
      }
    }

    @Override
    public void close() {}
  }
}
