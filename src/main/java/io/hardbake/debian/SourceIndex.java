package io.hardbake.debian;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The source packages of all suites together; immutable. */
public final class SourceIndex {
  private final Map<String, List<IndexText.Slice>> slices;

  private SourceIndex(Map<String, List<IndexText.Slice>> slices) {
    this.slices = slices;
  }

  /** All versions of {@code name}, best first. */
  public List<SourcePackage> versions(String name) {
    List<SourcePackage> versions = new ArrayList<>();
    for (IndexText.Slice slice : slices.getOrDefault(name, List.of())) {
      try {
        versions.add(SourcePackage.of(slice.paragraph(), slice.text().origin()));
      } catch (MalformedControlException e) {
        throw new IllegalStateException("was well-formed when the index was built", e);
      }
    }
    versions.sort(Origin.bestFirst(SourcePackage::origin, SourcePackage::version));
    return List.copyOf(versions);
  }

  /** The best version. */
  public Optional<SourcePackage> candidate(String name) {
    return versions(name).stream().findFirst();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Takes in Sources files, earlier ones winning ties. */
  public static final class Builder {
    private final Map<String, List<IndexText.Slice>> slices = new HashMap<>();

    private Builder() {}

    /** Adds a whole Sources file, which must not be changed afterwards. */
    public Builder add(byte[] sources, Origin origin) throws MalformedControlException {
      new IndexText(sources, origin)
          .forEach(
              (paragraph, slice) -> {
                SourcePackage source = SourcePackage.of(paragraph, origin);
                slices.computeIfAbsent(source.name(), name -> new ArrayList<>(1)).add(slice);
              });
      return this;
    }

    public SourceIndex build() {
      return new SourceIndex(slices);
    }
  }
}
