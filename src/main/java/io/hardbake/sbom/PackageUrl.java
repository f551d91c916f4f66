package io.hardbake.sbom;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import com.github.packageurl.PackageURL.StandardTypes;
import com.github.packageurl.PackageURLBuilder;

/**
 * Names that scanners and statements find a part by, wherever it is had from.
 *
 * @see <a href="https://github.com/package-url/purl-spec">Package URL specification</a>
 */
public final class PackageUrl {
  private PackageUrl() {}

  /** {@code pkg:deb/debian/bash@5.2.15-2%2Bb13?arch=amd64&distro=debian-12&upstream=…}. */
  public static String of(DebianPart part, Bill.Distribution distribution) {
    PackageURLBuilder url =
        PackageURLBuilder.aPackageURL()
            .withType(StandardTypes.DEBIAN)
            .withNamespace(distribution.id())
            .withName(part.name())
            .withVersion(part.version())
            .withQualifier("arch", part.architecture())
            .withQualifier("distro", distribution.word());
    DebianPart.Origin origin = part.origin();
    boolean sameVersion = origin.sourceVersion().equals(part.version());
    if (!sameVersion || !origin.source().equals(part.name())) {
      // Security trackers know source packages alone.
      String upstream =
          sameVersion ? origin.source() : origin.source() + "@" + origin.sourceVersion();
      url.withQualifier("upstream", upstream);
    }
    return text(url);
  }

  /** {@code pkg:golang/k8s.io/kubernetes@v1.18.6#cmd/kubectl}. */
  public static String of(KubernetesPart part) {
    return text(
        PackageURLBuilder.aPackageURL()
            .withType(StandardTypes.GOLANG)
            .withNamespace("k8s.io")
            .withName("kubernetes")
            .withVersion(part.version())
            .withSubpath("cmd/" + part.name()));
  }

  private static String text(PackageURLBuilder builder) {
    try {
      PackageURL url = builder.build();
      return url.canonicalize();
    } catch (MalformedPackageURLException e) {
      throw new IllegalStateException("a part that was verified has no name", e);
    }
  }
}
