package io.hardbake.disk.cluster;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the blocks that were read last. Safe for use by several threads; two that want the same
 * block at the same time both read it, and wait for nobody.
 */
public final class LastRead {
  private final Map<Long, byte[]> blocks;

  /** Keeps so many blocks, whose size is the caller's matter. */
  public LastRead(int most) {
    blocks =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > most;
          }
        };
  }

  /** Reads a block that is not kept. */
  @FunctionalInterface
  public interface Source {
    byte[] read(long number) throws IOException;
  }

  /** The block of a number, which nobody may change. */
  public byte[] get(long number, Source source) throws IOException {
    synchronized (blocks) {
      byte[] kept = blocks.get(number);
      if (kept != null) {
        return kept;
      }
    }
    byte[] read = source.read(number);
    synchronized (blocks) {
      blocks.put(number, read);
    }
    return read;
  }
}
