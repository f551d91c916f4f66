package io.hardbake.disk;

import io.hardbake.io.Pools;
import io.hardbake.io.Sha256;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Reads the bodies of files once, to know their digests: in the order in which they lie on the
 * disk, by as many threads as there are processors. Bodies near each other are one thread's, so a
 * cluster that they share is decompressed once.
 */
public final class BodyDigests {
  private static final int BUFFER = 1 << 17;

  /** What a thread takes at a time, unless one body is longer. */
  private static final long BATCH = 1 << 22;

  private BodyDigests() {}

  private record Body<K>(K key, DiskBody body) {}

  /**
   * The contents of bodies by what names them.
   *
   * @param names words for a key, where its body cannot be read
   * @param findings takes those that cannot be read; they are left out of the result
   * @param advance is told how many bytes more are read, by several threads
   */
  public static <K> Map<K, Content> of(
      Map<K, DiskBody> bodies, Naming<K> names, Findings findings, LongConsumer advance)
      throws IOException {
    List<Body<K>> order = new ArrayList<>();
    bodies.forEach((key, body) -> order.add(new Body<>(key, body)));
    order.sort(Comparator.comparing(each -> each.body.begin()));
    ExecutorService pool = Pools.of("digests", Runtime.getRuntime().availableProcessors());
    try {
      List<Future<Map<K, Content>>> batches = new ArrayList<>();
      int from = 0;
      long bytes = 0;
      for (int i = 0; i < order.size(); i++) {
        bytes += order.get(i).body.size().bytes();
        if (bytes >= BATCH || i == order.size() - 1) {
          List<Body<K>> batch = order.subList(from, i + 1);
          batches.add(pool.submit(() -> read(batch, names, findings, advance)));
          from = i + 1;
          bytes = 0;
        }
      }
      Map<K, Content> contents = new HashMap<>();
      for (Future<Map<K, Content>> batch : batches) {
        contents.putAll(Pools.result(batch));
      }
      return contents;
    } finally {
      Pools.stop(pool);
    }
  }

  /** Says what a key is, for people. */
  @FunctionalInterface
  public interface Naming<K> {
    String name(K key);
  }

  private static <K> Map<K, Content> read(
      List<Body<K>> batch, Naming<K> names, Findings findings, LongConsumer advance)
      throws IOException {
    Map<K, Content> contents = new HashMap<>();
    byte[] buffer = new byte[BUFFER];
    MessageDigest digest = Sha256.newDigest();
    for (Body<K> each : batch) {
      digest.reset();
      try (InputStream in = each.body.open()) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
          advance.accept(n);
        }
        contents.put(each.key, each.body.content(Sha256.of(digest)));
      } catch (DamagedDiskException e) {
        findings.add("unreadable", names.name(each.key), e.problem());
      }
    }
    return contents;
  }
}
