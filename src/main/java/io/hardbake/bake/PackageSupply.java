package io.hardbake.bake;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.debian.unpack.Unpacker;
import io.hardbake.failure.BakeException;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.Store;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.lock.LockedPackage;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/** Locked packages, fetched in parallel and unpacked in parallel. */
final class PackageSupply {
  /** What one package takes while it is unpacked: mostly xz's dictionary, 8 MiB but for a few. */
  private static final Size FOR_A_DECODER = Size.mib(24);

  private final Store store;
  private final Fetcher fetcher;
  private final Mirrors mirrors;
  private final Unpacker unpacker;

  /** A host may have more cores than the heap has room for decoders. */
  private final Semaphore decoders;

  PackageSupply(Store store, Fetcher fetcher, Mirrors mirrors) {
    this.store = store;
    this.fetcher = fetcher;
    this.mirrors = mirrors;
    this.unpacker = new Unpacker(store);
    long fit = Runtime.getRuntime().maxMemory() / FOR_A_DECODER.bytes();
    this.decoders = new Semaphore((int) Math.max(1, Math.min(fit, Integer.MAX_VALUE)));
  }

  /** Brings the packages into the store. {@code date} is the lock's. */
  void fetch(List<LockedPackage> packages, Instant date)
      throws BakeException, InterruptedException {
    fetcher.fetchAll(packages.stream().map(wanted -> mirrors.download(wanted, date)).toList());
  }

  /** Whether the package is in the store. */
  boolean has(LockedPackage wanted) throws IOException {
    return store.find(wanted.file().sha256()).isPresent();
  }

  /** Packages that are in the store, by name. */
  SortedMap<String, UnpackedPackage> unpack(List<LockedPackage> packages, Workers workers)
      throws BakeException, IOException, InterruptedException {
    List<UnpackedPackage> unpacked = workers.map(packages, (wanted, i) -> unpack(wanted));
    SortedMap<String, UnpackedPackage> byName = new TreeMap<>();
    unpacked.forEach(each -> byName.put(each.name(), each));
    return byName;
  }

  private UnpackedPackage unpack(LockedPackage wanted)
      throws BakeException, IOException, InterruptedException {
    Sha256 sha256 = wanted.file().sha256();
    decoders.acquire();
    try {
      return unpacker.unpack(
          store.find(sha256).orElseThrow(() -> new IllegalStateException("not fetched: " + wanted)),
          sha256);
    } finally {
      decoders.release();
    }
  }
}
