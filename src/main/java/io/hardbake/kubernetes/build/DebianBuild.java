package io.hardbake.kubernetes.build;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.debian.unpack.Unpacker;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.fetch.Download;
import io.hardbake.image.Architecture;
import io.hardbake.io.Directories;
import io.hardbake.io.ScratchDirectory;
import io.hardbake.io.Size;
import io.hardbake.kubernetes.build.HostProgram.FailedException;
import io.hardbake.progress.Progress;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Compiles Kubernetes; minutes of work, so the caller keeps the result. */
public final class DebianBuild {
  /** Raise it when the same inputs would give other bytes than before. */
  public static final int RECIPE = 1;

  /** Measured: source 0.3, toolchain 0.3, Go's cache 1.5, results 0.3 GiB. */
  private static final Size ROOM = Size.gib(3);

  private static final String REFLECT2 = "vendor/github.com/modern-go/reflect2";
  private static final String GO_LIB = "/usr/lib/go-" + BuildInputs.GO_SERIES;
  private static final String GO_SHARE = "/usr/share/go-" + BuildInputs.GO_SERIES;

  /** Without the compiled library: {@code -trimpath} makes Go compile its own in any case. */
  private static final List<String> TOOLCHAIN =
      List.of(
          GO_LIB + "/VERSION",
          GO_LIB + "/bin",
          GO_LIB + "/pkg/include",
          GO_LIB + "/pkg/tool",
          GO_LIB + "/src",
          GO_SHARE + "/pkg",
          GO_SHARE + "/src");

  private static final List<String> VERSION_PACKAGES =
      List.of(
          "k8s.io/kubernetes/vendor/k8s.io/component-base/version",
          "k8s.io/kubernetes/vendor/k8s.io/client-go/pkg/version");

  private final Downloader downloader;
  private final Unpacker unpacker;
  private final Path scratch;
  private final int jobs;
  private final Progress progress;

  /** Brings files to this host, verified, in the order asked for; {@code Fetcher::fetchAll}. */
  @FunctionalInterface
  public interface Downloader {
    List<Path> fetchAll(List<Download> downloads) throws BakeException, InterruptedException;
  }

  /**
   * Sets a build up.
   *
   * @param scratch where its scratch directory is made, and the log of a failed build is left
   * @param jobs how many compilers run at once
   */
  public DebianBuild(
      Downloader downloader, Unpacker unpacker, Path scratch, int jobs, Progress progress) {
    this.downloader = downloader;
    this.unpacker = unpacker;
    this.scratch = scratch;
    this.jobs = jobs;
    this.progress = progress;
  }

  /**
   * The architecture of this host, for which the toolchain has to be.
   *
   * @throws HostException if Debian's Go does not run here at all
   */
  public static Architecture hostArchitecture() throws HostException {
    return hostArchitecture(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  static Architecture hostArchitecture(String system, String machine) throws HostException {
    Optional<Architecture> architecture = Architecture.ofMachine(machine);
    if (system.equals("Linux") && architecture.isPresent()) {
      return architecture.get();
    }
    throw new HostException(
        "debian-source compiles with Debian's Go toolchain, which does not run on %s %s"
            .formatted(system, machine),
        "use the official release, directly or from a directory with --kubernetes-mirror");
  }

  /**
   * Compiles programs for {@code target} and moves them into {@code results}.
   *
   * @param programs directories of {@code cmd/}, which are the programs' names
   * @throws HostException if there is no place for the build, or if it fails; its log is kept then,
   *     and nothing else
   */
  public SourceIdentity compile(
      BuildInputs inputs, Architecture target, List<String> programs, Path results)
      throws IOException, BakeException, InterruptedException {
    requireOnePath();
    Directories.make(scratch);
    requireRoom();
    List<Path> files = downloader.fetchAll(inputs.downloads());
    try (ScratchDirectory directory = ScratchDirectory.in(scratch, "build")) {
      GoWorkspace workspace = new GoWorkspace(directory.path());
      Files.createDirectories(workspace.temporary());
      try {
        SourceIdentity identity = prepare(inputs, files, workspace);
        progress.note(
            "compiling Kubernetes %s for %s with Go %s; this takes some minutes, once"
                .formatted(identity.gitVersion(), target, inputs.compilerVersion()));
        generate(workspace);
        build(workspace, identity, target, programs, results);
        return identity;
      } catch (FailedException e) {
        Path log = scratch.resolve("kubernetes-build.log");
        Files.copy(workspace.log(), log, StandardCopyOption.REPLACE_EXISTING);
        throw new HostException(
            "Kubernetes could not be compiled: " + e.getMessage(),
            "read "
                + log
                + "; the build wants 2 GiB of memory. Or use the official release, directly or"
                + " through --kubernetes-mirror",
            e);
      }
    }
  }

  /** Go takes {@code GOPATH} for a list. */
  private void requireOnePath() throws HostException {
    Path at = scratch.toAbsolutePath();
    if (at.toString().contains(File.pathSeparator)) {
      throw new HostException(
          "Kubernetes cannot be compiled below %s: Go takes a path with '%s' in it for two"
              .formatted(at, File.pathSeparator),
          "choose another place with --output, whose path has no '%s' in it"
              .formatted(File.pathSeparator));
    }
  }

  private void requireRoom() throws IOException, HostException {
    long free = Files.getFileStore(scratch).getUsableSpace();
    if (free < ROOM.bytes()) {
      throw new HostException(
          "compiling Kubernetes needs %s below %s, but %s are free"
              .formatted(ROOM, scratch, new Size(Math.max(free, 0))),
          "make room, or use the official release through --kubernetes-mirror");
    }
  }

  /** Lays out sources and toolchain; {@code files} are in the order of the inputs' downloads. */
  private SourceIdentity prepare(BuildInputs inputs, List<Path> files, GoWorkspace workspace)
      throws IOException, BakeException, InterruptedException {
    HostTree source = new HostTree(workspace.source());
    Files.createDirectories(workspace.source());
    Predicate<String> vendoredReflect2 = name -> (name + "/").startsWith(REFLECT2 + "/");
    Instant published =
        new SourceTarball(files.get(0), inputs.orig().what())
            .unpackInto(source, 1, vendoredReflect2.negate());
    Files.createDirectories(workspace.packaging());
    new SourceTarball(files.get(1), inputs.packaging().what())
        .unpackInto(
            new HostTree(workspace.packaging()), 0, name -> name.startsWith("debian/patches"));
    PatchSeries.apply(workspace.packaging(), workspace.source());

    Files.createDirectories(workspace.toolchain());
    HostTree go = new HostTree(workspace.toolchain());
    for (UnpackedPackage part :
        List.of(unpack(files.get(2), inputs.compiler()), unpack(files.get(3), inputs.library()))) {
      for (String path : TOOLCHAIN) {
        PackageFiles.write(part, path, go, path.substring("/usr/".length()));
      }
    }
    go.makeLinks();
    PackageFiles.write(
        unpack(files.get(4), inputs.reflect2()),
        "/usr/share/gocode/src/github.com/modern-go/reflect2",
        source,
        REFLECT2);
    return SourceIdentity.read(workspace.source(), published);
  }

  private UnpackedPackage unpack(Path deb, Download download)
      throws IOException, BakeException, InterruptedException {
    return unpacker.unpack(deb, download.sha256());
  }

  private void generate(GoWorkspace workspace)
      throws IOException, BakeException, InterruptedException, FailedException {
    Path generator = workspace.tools().resolve("openapi-gen");
    HostProgram host = host(workspace, hostArchitecture());
    try (PackageCount count = new PackageCount(progress, "generating the API description")) {
      List<String> command = goBuild(workspace, generator, "-s -w -buildid=");
      command.add("./vendor/k8s.io/kube-openapi/cmd/openapi-gen");
      host.run(command, count);
      OpenApi.generate(generator, workspace, host);
    }
  }

  private void build(
      GoWorkspace workspace,
      SourceIdentity identity,
      Architecture target,
      List<String> programs,
      Path results)
      throws IOException, BakeException, InterruptedException, FailedException {
    // The slash makes go put one file for each program there.
    Path out = Files.createDirectories(workspace.root().resolve("results"));
    String what = "compiling Kubernetes " + identity.gitVersion() + " for " + target;
    try (PackageCount count = new PackageCount(progress, what)) {
      List<String> command = goBuild(workspace, out, linkerFlags(identity));
      programs.forEach(program -> command.add("./cmd/" + program));
      host(workspace, target).run(command, count);
    }
    for (String program : programs) {
      Files.move(
          out.resolve(program), results.resolve(program), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private List<String> goBuild(GoWorkspace workspace, Path out, String linkerFlags) {
    return new ArrayList<>(
        List.of(
            workspace.go().toString(),
            "build",
            "-v",
            "-trimpath",
            "-buildvcs=false",
            "-p",
            String.valueOf(jobs),
            "-ldflags",
            linkerFlags,
            "-o",
            out.toString()));
  }

  /** As upstream's hack/lib/version.sh stamps a {@code git archive}, but for the clock. */
  private static String linkerFlags(SourceIdentity identity) {
    StringBuilder flags = new StringBuilder("-s -w -buildid=");
    for (String variables : VERSION_PACKAGES) {
      stamp(flags, variables, "gitVersion", identity.gitVersion());
      stamp(flags, variables, "gitMajor", identity.major());
      stamp(flags, variables, "gitMinor", identity.minor());
      stamp(flags, variables, "gitCommit", identity.gitCommit());
      stamp(flags, variables, "gitTreeState", "archive");
      stamp(
          flags,
          variables,
          "buildDate",
          DateTimeFormatter.ISO_INSTANT.format(identity.published()));
    }
    return flags.toString();
  }

  private static void stamp(StringBuilder flags, String variables, String name, String value) {
    flags.append(String.format(Locale.ROOT, " -X %s.%s=%s", variables, name, value));
  }

  private static HostProgram host(GoWorkspace workspace, Architecture target) {
    return new HostProgram(
        workspace.source(), workspace.environment(target.debianName()), workspace.log());
  }
}
