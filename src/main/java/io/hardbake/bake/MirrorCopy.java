package io.hardbake.bake;

import io.hardbake.debian.ArchiveSettings;
import io.hardbake.debian.Mirror;
import io.hardbake.debian.SignedIndexes;
import io.hardbake.debian.trust.Keyring;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.ShellWord;
import io.hardbake.failure.UnreachableException;
import io.hardbake.fetch.Download;
import io.hardbake.fetch.Fetcher;
import io.hardbake.image.Architecture;
import io.hardbake.io.AtomicFile;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.lock.LockedFile;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Copies parts of Debian's archives into a directory, laid out as their mirrors are. What is there
 * and right stays; each file is whole under its name.
 *
 * <pre>
 *   debian/dists, debian/pool                     --mirror
 *   debian-security/dists, debian-security/pool   --security-mirror
 *   kubernetes/v1.18.6/…tar.gz                    --kubernetes-mirror
 * </pre>
 */
final class MirrorCopy {
  private final Path directory;
  private final Fetcher fetcher;
  private final Mirrors mirrors;
  private final String lockCommand;
  private final Progress progress;
  private final SortedMap<Path, Size> all = new TreeMap<>();
  private final SortedSet<Path> copied = new TreeSet<>();

  /**
   * A copy to be made or completed.
   *
   * @param lockCommand writes the lock anew
   */
  MirrorCopy(
      Path directory, Fetcher fetcher, Mirrors mirrors, String lockCommand, Progress progress) {
    this.directory = directory.toAbsolutePath().normalize();
    this.fetcher = fetcher;
    this.mirrors = mirrors;
    this.lockCommand = lockCommand;
    this.progress = progress;
  }

  /** Where Kubernetes' tarballs belong. */
  Path kubernetes() {
    return directory.resolve("kubernetes");
  }

  /** The copy as a mirror that a bake can be told of. */
  Mirror asMirror() {
    return new Mirror(
        List.of(base(Mirrors.MAIN).toUri()), List.of(base(Mirrors.SECURITY).toUri()), "a copy");
  }

  /**
   * What there is now, in words, and how to bake from it.
   *
   * @param fromSource whether Kubernetes has to be compiled
   */
  List<String> result(boolean fromSource) throws IOException {
    if (Files.isDirectory(kubernetes())) {
      try (Stream<Path> tarballs = Files.walk(kubernetes())) {
        for (Path each : tarballs.filter(Files::isRegularFile).toList()) {
          all.put(each, new Size(Files.size(each)));
        }
      }
    }
    Size size = all.values().stream().reduce(Size.ZERO, Size::plus);
    String kind =
        fromSource
            ? "--kubernetes debian-source"
            : "--kubernetes-mirror " + ShellWord.of(kubernetes());
    return List.of(
        "%d files of Debian and Kubernetes, %s, in %s; %d of them copied now"
            .formatted(all.size(), size, directory, copied.size()),
        "bake from it with: --mirror %s --security-mirror %s %s"
            .formatted(
                ShellWord.of(base(Mirrors.MAIN)), ShellWord.of(base(Mirrors.SECURITY)), kind));
  }

  /** Copies the indexes of a suite, its updates and its security suite, signatures included. */
  void indexes(String suite, Collection<Architecture> architectures, Keyring keyring)
      throws BakeException, IOException, InterruptedException {
    Architecture any = architectures.iterator().next();
    ArchiveSettings settings =
        ArchiveSettings.debian(suite, mirrors.mirror(), any).withKeyring(keyring);
    List<SignedIndexes> opened =
        SignedIndexes.open(settings, architectures, fetcher, Instant.now());
    for (SignedIndexes each : opened) {
      String archive = Mirrors.archiveOf(each.suite());
      copy(archive, each.indexes());
      copySources(archive, each);
      // Last, so that it names nothing that is not there.
      byte[] signed = each.inRelease().toArray();
      Path target = base(archive).resolve(each.inReleasePath());
      all.put(target, new Size(signed.length));
      if (!isThere(target, Sha256.of(signed))) {
        AtomicFile.write(target, signed);
        copied.add(target);
      }
    }
  }

  /** Mirrors without sources serve Debian's own table of contents, which names them. */
  private void copySources(String archive, SignedIndexes of)
      throws BakeException, IOException, InterruptedException {
    try {
      copy(archive, of.sources());
    } catch (UnreachableException e) {
      if (!e.saysWhoLacksIt()) {
        throw e;
      }
      progress.warn(
          "no sources of %s are copied: %s".formatted(of.suite(), e.getMessage()),
          "nothing needs doing where Kubernetes' release can be had; else copy from a mirror that"
              + " has sources");
    }
  }

  /** Copies packages and whatever else a lock names; {@code date} is the lock's. */
  void files(Collection<LockedFile> files, Instant date)
      throws BakeException, IOException, InterruptedException {
    SortedMap<String, SortedMap<String, Download>> byArchive = new TreeMap<>();
    for (LockedFile file : files) {
      byArchive
          .computeIfAbsent(file.archive(), archive -> new TreeMap<>())
          .put(file.path(), mirrors.download(file, date));
    }
    for (Map.Entry<String, SortedMap<String, Download>> archive : byArchive.entrySet()) {
      copy(archive.getKey(), archive.getValue());
    }
  }

  private void copy(String archive, SortedMap<String, Download> files)
      throws BakeException, IOException, InterruptedException {
    List<Path> targets = new ArrayList<>();
    List<Download> missing = new ArrayList<>();
    for (Map.Entry<String, Download> file : files.entrySet()) {
      Path target = base(archive).resolve(file.getKey()).normalize();
      if (!target.startsWith(base(archive))) {
        throw new RecipeException(
            "the lock names a file outside the archive: " + file.getKey(),
            "write the lock anew with: " + lockCommand);
      }
      if (isThere(target, file.getValue().sha256())) {
        all.put(target, file.getValue().size());
      } else {
        targets.add(target);
        missing.add(file.getValue());
      }
    }
    List<Path> fetched = fetcher.fetchAll(missing);
    Size total = missing.stream().map(Download::size).reduce(Size.ZERO, Size::plus);
    try (Progress.Task task = progress.begin("copying to " + base(archive), total)) {
      for (int i = 0; i < fetched.size(); i++) {
        Path source = fetched.get(i);
        AtomicFile.write(targets.get(i), out -> Files.copy(source, out));
        all.put(targets.get(i), missing.get(i).size());
        copied.add(targets.get(i));
        task.advance(missing.get(i).size().bytes());
      }
    }
  }

  private Path base(String archive) {
    return directory.resolve(archive);
  }

  private static boolean isThere(Path file, Sha256 sha256) throws IOException {
    return Files.isRegularFile(file) && Sha256.of(file).equals(sha256);
  }
}
