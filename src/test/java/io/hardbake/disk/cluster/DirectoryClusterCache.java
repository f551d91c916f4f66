package io.hardbake.disk.cluster;

import io.hardbake.failure.BakeException;
import io.hardbake.io.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The simplest cache there is: files in a directory; counts what had to be made. */
public final class DirectoryClusterCache implements ClusterCache {
  private final Path directory;
  private final AtomicInteger filled = new AtomicInteger();
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  public DirectoryClusterCache(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  @Override
  public Path derived(String kind, String key, Filler filler)
      throws IOException, BakeException, InterruptedException {
    String name = kind + "-" + Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    Path file = directory.resolve(name);
    synchronized (locks.computeIfAbsent(name, each -> new Object())) {
      if (!Files.exists(file)) {
        filled.incrementAndGet();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
          filler.fill(out);
        }
      }
    }
    return file;
  }

  /** How many files had to be made so far. */
  public int filled() {
    return filled.get();
  }
}
