package io.hardbake.disk.cluster;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.ZstdVersion;
import io.hardbake.disk.DamagedDiskException;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.io.NativeZstd;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A zstd frame for each cluster. The library comes with the jar, so its version, and with it the
 * bytes, is one and the same on every machine.
 *
 * @param level as the zstd program counts them
 */
public record ZstdCodec(int level) implements ClusterCodec {
  @Override
  public String id() {
    return "zstd " + level + ", library " + ZstdVersion.VERSION;
  }

  @Override
  public boolean mayStore() {
    return true;
  }

  @Override
  public void prepare(ClusterCache cache) throws IOException, BakeException, InterruptedException {
    NativeZstd.load((name, library) -> cache.derived("native", name, library::transferTo));
  }

  @Override
  public void prepareToRead() throws HostException {
    NativeZstd.load();
  }

  @Override
  public Encoder newEncoder() {
    return new FrameEncoder(level);
  }

  @Override
  public Decoder newDecoder() {
    return new FrameDecoder(new ZstdDecompressCtx());
  }

  private record FrameDecoder(ZstdDecompressCtx context) implements Decoder {
    @Override
    public void decode(byte[] packed, int length, byte[] cluster) throws DamagedDiskException {
      try {
        long frame = Zstd.findFrameCompressedSize(packed, 0, length);
        if (Zstd.isError(frame) || frame > length) {
          throw new DamagedDiskException("a compressed cluster is no zstd frame");
        }
        int filled =
            context.decompressByteArray(cluster, 0, cluster.length, packed, 0, (int) frame);
        if (filled != cluster.length) {
          throw new DamagedDiskException("a compressed cluster has not the length of one");
        }
      } catch (ZstdException e) {
        throw new DamagedDiskException("a compressed cluster is damaged", e);
      }
    }

    @Override
    public void close() {
      context.close();
    }
  }

  private static final class FrameEncoder implements Encoder {
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final byte[] frame = new byte[(int) Zstd.compressBound(ClusterPacker.CLUSTER)];
    private int size;

    FrameEncoder(int level) {
      context.setLevel(level);
    }

    @Override
    public int encode(byte[] cluster) {
      size = context.compressByteArray(frame, 0, frame.length, cluster, 0, cluster.length);
      return size;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(frame, 0, size);
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
