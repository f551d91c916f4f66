package io.hardbake.debian;

import io.hardbake.image.Architecture;
import java.net.URI;
import java.util.List;

/** An index is refused as a whole, or every package in it can be asked for afterwards. */
public final class PackagesFuzz {
  private static final Origin ORIGIN =
      new Origin(
          "bookworm",
          List.of(URI.create("http://deb.example.org/debian")),
          Origin.DEFAULT_PRIORITY);

  private PackagesFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    PackageIndex index;
    try {
      index = PackageIndex.builder(Architecture.AMD64).add(input, ORIGIN).build();
    } catch (MalformedControlException e) {
      return;
    }
    index.essential();
    for (String name : index.names()) {
      List<BinaryPackage> versions = index.versions(name);
      if (versions.isEmpty()) {
        throw new AssertionError(name + " has a name and no version");
      }
      for (BinaryPackage version : versions) {
        requireAnswers(index, version);
      }
    }
  }

  private static void requireAnswers(PackageIndex index, BinaryPackage version) {
    for (URI place : version.candidates()) {
      if (!place.normalize().getPath().startsWith("/debian/")) {
        throw new AssertionError(place + " is not below the mirror");
      }
    }
    if (index.versions(version.name()).get(0).version().compareTo(version.version()) < 0) {
      throw new AssertionError(version.name() + " has a better version than its best");
    }
    for (PackageIndex.Provider provided : index.provided(version)) {
      if (index.rank(provided.target()) == Integer.MAX_VALUE
          || index.providers(provided.target()).isEmpty()) {
        throw new AssertionError(provided + " is not found");
      }
    }
  }
}
