package io.hardbake;

import io.hardbake.debian.BinaryPackage;
import io.hardbake.debian.HostArchive;
import io.hardbake.debian.PackageIndex;
import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.debian.unpack.Unpacker;
import io.hardbake.fetch.Download;
import io.hardbake.fetch.FetchSettings;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.Store;
import io.hardbake.fetch.StoreLocation;
import io.hardbake.image.Architecture;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The regular files of one package of Debian's archive, for tests of what is made of them. Fetched
 * by hardbake's own client and kept in the user's cache.
 *
 * @param files by path, as the package names it
 */
public record PackageFiles(String name, NavigableMap<AbsolutePath, Content> files) {
  private static final String KERNEL = "linux-image-";

  /** The newest version that the archive has. */
  public static PackageFiles of(String name) throws Exception {
    return Archive.open().files(name);
  }

  /** The newest cloud kernel, which the package linux-image-cloud-amd64 only names. */
  public static PackageFiles cloudKernel() throws Exception {
    Archive archive = Archive.open();
    String kernel =
        archive.newest("linux-image-cloud-amd64").relations().depends().stream()
            .map(dependency -> dependency.alternatives().get(0).name())
            .filter(name -> name.startsWith(KERNEL))
            .findFirst()
            .orElseThrow();
    return archive.files(kernel);
  }

  /** Debian's, of the release that hardbake bakes, whichever this host runs. */
  private record Archive(Store store, Fetcher fetcher, PackageIndex index) {
    static Archive open() throws Exception {
      Oracle.require("apt-get"); // the host's own mirror is asked, so it has to be a Debian
      Store store = Store.open(StoreLocation.usual(System.getenv()));
      Fetcher fetcher = Fetcher.of(store, Progress.silent(), FetchSettings.of(System.getenv()));
      return new Archive(store, fetcher, HostArchive.open(Architecture.AMD64, fetcher).binaries());
    }

    BinaryPackage newest(String name) {
      return index.candidate(name).orElseThrow();
    }

    PackageFiles files(String name) throws Exception {
      BinaryPackage found = newest(name);
      Download download =
          new Download(found.toString(), found.candidates(), found.size(), found.sha256());
      Path deb = fetcher.fetchAll(List.of(download)).get(0);
      UnpackedPackage unpacked = new Unpacker(store).unpack(deb, found.sha256());
      NavigableMap<AbsolutePath, Content> files = new TreeMap<>();
      unpacked
          .members()
          .forEach(
              member -> {
                if (member.entry() instanceof RegularFile file) {
                  files.put(member.path(), file.content());
                }
              });
      return new PackageFiles(name, files);
    }
  }

  /** One file. */
  public Content file(String path) {
    Content content = files.get(AbsolutePath.of(path));
    if (content == null) {
      throw new AssertionError(name + " has no " + path);
    }
    return content;
  }

  /** The files of one directory, by their names. */
  public SortedMap<String, Content> directory(String path) {
    AbsolutePath directory = AbsolutePath.of(path);
    SortedMap<String, Content> found = new TreeMap<>();
    files.forEach(
        (file, content) -> {
          if (file.parent().equals(directory)) {
            found.put(file.name(), content);
          }
        });
    return found;
  }

  /** The files below a directory, named as they are from there. */
  public SortedMap<String, Content> below(String path) {
    String prefix = path + "/";
    SortedMap<String, Content> found = new TreeMap<>();
    files.forEach(
        (file, content) -> {
          if (file.value().startsWith(prefix)) {
            found.put(file.value().substring(prefix.length()), content);
          }
        });
    return found;
  }

  /** The release of a kernel whose package this is, such as {@code 6.1.0-56-cloud-amd64}. */
  public String release() {
    if (!name.startsWith(KERNEL)) {
      throw new IllegalStateException(name + " is no kernel");
    }
    return name.substring(KERNEL.length());
  }

  /** Its modules, named as {@link io.hardbake.disk.kernel.KernelModules} wants them. */
  public SortedMap<String, Content> modules() {
    return below("/lib/modules/" + release());
  }

  /** Writes contents into a directory, for programs that want to read them there. */
  public static void write(SortedMap<String, Content> contents, Path directory) throws IOException {
    Files.createDirectories(directory);
    for (var each : contents.entrySet()) {
      try (InputStream in = each.getValue().open()) {
        Files.copy(in, directory.resolve(each.getKey()));
      }
    }
  }
}
