package io.hardbake.kubernetes.build;

import io.hardbake.debian.BinaryPackage;
import io.hardbake.debian.DebianArchive;
import io.hardbake.debian.SourcePackage;
import io.hardbake.debian.SourcePackage.SourceFile;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnresolvableException;
import io.hardbake.fetch.Download;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a build is made of, as a signed index describes it; nothing is fetched yet.
 *
 * @param sourceVersion Debian's version of the source package
 * @param orig upstream's tarball
 * @param packaging Debian's tarball, which holds the patches
 * @param compilerVersion Debian's version of the Go toolchain
 * @param compiler Go's programs, for this host
 * @param library Go's own packages as source
 * @param reflect2 the one dependency that is replaced: what v1.20 vendors crashes when it is
 *     compiled by Go 1.18 or later
 */
public record BuildInputs(
    String sourceVersion,
    Download orig,
    Download packaging,
    String compilerVersion,
    Download compiler,
    Download library,
    Download reflect2) {

  /** The newest series in bookworm, and known to compile v1.20. */
  static final String GO_SERIES = "1.19";

  private static final String SOURCE = "kubernetes";

  /**
   * The same as packages of an archive, which know where they come from.
   *
   * @param orig of {@code source}, as is {@code packaging}
   */
  public record Described(
      SourcePackage source,
      SourceFile orig,
      SourceFile packaging,
      BinaryPackage compiler,
      BinaryPackage library,
      BinaryPackage reflect2) {}

  /**
   * Finds them in an archive.
   *
   * @param archive for the architecture of this host, whichever the target's is
   */
  public static Described describe(DebianArchive archive)
      throws BakeException, InterruptedException {
    SourcePackage source =
        archive.sources().candidate(SOURCE).orElseThrow(() -> missing("source package " + SOURCE));
    return new Described(
        source,
        tarball(source, ".orig.tar."),
        tarball(source, ".debian.tar."),
        candidate(archive, "golang-" + GO_SERIES + "-go"),
        candidate(archive, "golang-" + GO_SERIES + "-src"),
        candidate(archive, "golang-github-modern-go-reflect2-dev"));
  }

  /** The same, to be fetched. */
  public static BuildInputs of(DebianArchive archive) throws BakeException, InterruptedException {
    Described found = describe(archive);
    return new BuildInputs(
        found.source().version().toString(),
        download(found.source(), found.orig()),
        download(found.source(), found.packaging()),
        found.compiler().version().toString(),
        download(found.compiler()),
        download(found.library()),
        download(found.reflect2()));
  }

  /** The same with another source package, which the same compiler compiles. */
  public BuildInputs withSource(String version, Download tarball, Download patches) {
    return new BuildInputs(version, tarball, patches, compilerVersion, compiler, library, reflect2);
  }

  /** Everything to be fetched. */
  public List<Download> downloads() {
    return List.of(orig, packaging, compiler, library, reflect2);
  }

  /** File name to {@code sha256:…}, as a lock lists them. */
  public SortedMap<String, String> digests() {
    SortedMap<String, String> digests = new TreeMap<>();
    downloads().forEach(download -> digests.put(download.what(), "sha256:" + download.sha256()));
    return digests;
  }

  private static BinaryPackage candidate(DebianArchive archive, String name)
      throws UnresolvableException {
    return archive.binaries().candidate(name).orElseThrow(() -> missing("package " + name));
  }

  private static Download download(BinaryPackage binary) {
    String fileName = binary.path().substring(binary.path().lastIndexOf('/') + 1);
    return new Download(fileName, binary.candidates(), binary.size(), binary.sha256());
  }

  private static Download download(SourcePackage source, SourceFile file) {
    return new Download(file.name(), source.candidates(file), file.size(), file.sha256());
  }

  private static SourceFile tarball(SourcePackage source, String infix)
      throws UnresolvableException {
    List<SourceFile> found = new ArrayList<>();
    for (SourceFile file : source.files()) {
      if (file.name().contains(infix) && !file.name().endsWith(".asc")) {
        found.add(file);
      }
    }
    if (found.size() != 1) {
      throw missing("one " + infix + "* in source package " + source);
    }
    return found.get(0);
  }

  private static UnresolvableException missing(String what) {
    return new UnresolvableException(
        "this Debian archive does not have " + what + ", which debian-source is built from",
        "Debian 12 (bookworm) has it: use its mirror, or the official release through"
            + " --kubernetes-mirror");
  }
}
