package io.hardbake.oci;

import io.hardbake.image.Image;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The name under which engines know an image: {@code hardbake/controller:v1.18.6}.
 *
 * @param repository such as {@code hardbake/controller}
 * @param tag such as {@code v1.18.6}
 */
public record ImageName(String repository, String tag) {
  /** The annotation that the tag is taken from: the true Kubernetes version. */
  static final String VERSION = "org.opencontainers.image.version";

  private static final String LATEST = "latest";
  // OCI distribution-spec, "Pulling manifests"; upper case is not allowed in repositories.
  private static final String COMPONENT = "[a-z0-9]++((\\.|_|__|-+)[a-z0-9]++)*+";
  private static final Pattern REPOSITORY = Pattern.compile(COMPONENT + "(/" + COMPONENT + ")*+");
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

  public ImageName {
    if (!REPOSITORY.matcher(repository).matches()) {
      throw new IllegalArgumentException("not a repository name: " + repository);
    }
    if (!TAG.matcher(tag).matches()) {
      throw new IllegalArgumentException("not a tag: " + tag);
    }
  }

  /**
   * The name of a role's image; the tag is the version annotation, with {@code _} for what tags do
   * not allow, such as the {@code +} of semantic versions. Without a version it is {@code latest}.
   */
  public static ImageName of(Image image) {
    String version = image.annotations().getOrDefault(VERSION, LATEST);
    return new ImageName("hardbake/" + image.role(), version.replaceAll("[^a-zA-Z0-9._-]", "_"));
  }

  /** The names that an engine gives the image when it loads the archive; this one comes first. */
  List<String> loadedAs() {
    return tag.equals(LATEST)
        ? List.of(toString())
        : List.of(toString(), new ImageName(repository, LATEST).toString());
  }

  @Override
  public String toString() {
    return repository + ":" + tag;
  }
}
