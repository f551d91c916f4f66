package io.hardbake.cli;

import io.hardbake.bake.BakeOptions;
import io.hardbake.bake.Format;
import io.hardbake.disk.qcow2.Compression;
import io.hardbake.failure.UsageException;
import io.hardbake.image.Architecture;
import io.hardbake.io.DirectoryOrUrl;
import io.hardbake.io.DirectoryOrUrl.CredentialsException;
import io.hardbake.kubernetes.KubernetesRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that bake, plan, lock and mirror share. */
final class BakeArguments {
  @Parameters(
      paramLabel = "ROLE",
      arity = "0..*",
      description = "the roles wanted, such as controller; all when none is named")
  private List<String> roles = new ArrayList<>();

  @Option(
      names = "--project",
      paramLabel = "DIR",
      description = "the directory with images/ and templates/ (default: where the launcher is)")
  private Path project = Path.of(System.getProperty("hardbake.home", "."));

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "where results go (default: target in the project)")
  private @Nullable Path output;

  @Option(
      names = "--arch",
      split = ",",
      paramLabel = "ARCH",
      description = "amd64, arm64 or both (default: amd64)")
  private Set<Architecture> architectures = EnumSet.of(Architecture.AMD64);

  @Option(
      names = "--format",
      split = ",",
      paramLabel = "FORMAT",
      description = "oci, qcow2, libvirt, virtualbox (default: all)")
  private List<String> formats = new ArrayList<>();

  @Option(
      names = "--qcow2-compression",
      paramLabel = "TYPE",
      description =
          "zstd or deflate (default: zstd, which QEMU reads from 5.1 on), also in boxes for"
              + " libvirt")
  private String qcow2Compression = Compression.ZSTD.toString();

  @Option(
      names = "--offline",
      description = "use nothing but the store",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean offline;

  @Option(
      names = "--locked",
      description =
          "fail where the lock is stale or a file of it is gone, instead of resolving anew",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean locked;

  @Option(
      names = "--mirror",
      split = ",",
      paramLabel = "DIR|URL",
      description =
          "Debian mirrors (default: the host's own apt configuration, else the public one)")
  private List<String> mirrors = new ArrayList<>();

  @Option(
      names = "--security-mirror",
      split = ",",
      paramLabel = "DIR|URL",
      description = "mirrors of Debian's security archive")
  private List<String> securityMirrors = new ArrayList<>();

  @Option(
      names = "--keyring",
      paramLabel = "FILE",
      description =
          "OpenPGP certificates to believe instead of Debian's own, for a mirror that signs itself")
  private @Nullable Path keyring;

  @Option(
      names = "--kubernetes",
      paramLabel = "SOURCE",
      description =
          "auto, release, mirror or debian-source (default: auto: the release, and where its host"
              + " cannot be reached, debian-source)")
  private String kubernetes = "auto";

  @Option(
      names = "--kubernetes-mirror",
      paramLabel = "DIR|URL",
      description = "a copy of the release host's files in the same layout")
  private @Nullable String kubernetesMirror;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "how long a server may send nothing before it is asked again, or another one (default:"
              + " ${DEFAULT-VALUE})")
  private int timeout;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description = "threads (default: one for each core); the bytes do not depend on it")
  private int jobs = Runtime.getRuntime().availableProcessors();

  BakeOptions options() throws UsageException {
    return options(Optional.empty());
  }

  /** The options of a bake whose results a key vouches for. */
  BakeOptions options(Optional<Path> signKey) throws UsageException {
    if (jobs < 1) {
      throw new UsageException(
          "--jobs " + jobs + ": at least one thread has to work", "use --jobs 1");
    }
    if (timeout < 1) {
      throw new UsageException(
          "--timeout " + timeout + ": no server answers in no time", "use --timeout 30");
    }
    return new BakeOptions(
        project,
        output == null ? project.resolve("target") : output,
        roles,
        architectures,
        new BakeOptions.Sources(
            offline,
            locked,
            uris("--mirror", mirrors),
            uris("--security-mirror", securityMirrors),
            Optional.ofNullable(keyring),
            KubernetesRequest.Choice.parse(kubernetes),
            kubernetesMirror == null
                ? Optional.empty()
                : Optional.of(mirror("--kubernetes-mirror", kubernetesMirror)),
            Duration.ofSeconds(timeout)),
        formats(),
        Compression.parse(qcow2Compression),
        jobs,
        signKey);
  }

  private static List<URI> uris(String option, List<String> words) throws UsageException {
    List<URI> uris = new ArrayList<>();
    for (String word : words) {
      uris.add(mirror(option, word));
    }
    return uris;
  }

  private static URI mirror(String option, String word) throws UsageException {
    try {
      return DirectoryOrUrl.parse(word);
    } catch (CredentialsException e) {
      throw new UsageException(option + " is " + e.problem(), CredentialsException.REMEDY, e);
    } catch (URISyntaxException e) {
      throw new UsageException(
          "a mirror is neither a directory nor a URL that can be fetched: " + word,
          "name an existing directory, or a URL such as https://ftp.debian.org/debian",
          e);
    }
  }

  private Set<Format> formats() throws UsageException {
    Set<Format> chosen = EnumSet.noneOf(Format.class);
    for (String word : formats) {
      chosen.add(Format.parse(word));
    }
    return chosen.isEmpty() ? EnumSet.allOf(Format.class) : chosen;
  }
}
