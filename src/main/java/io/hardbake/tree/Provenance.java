package io.hardbake.tree;

/**
 * Where an entry comes from, in one word that manifests and messages show: {@code
 * package:dpkg=1.21.22}, {@code settle:alternatives}, {@code template:haproxy.cfg.ftl}, {@code
 * kubernetes:v1.18.6}, {@code recipe:controller}.
 */
public record Provenance(String value) {
  /** Of what was read back from an output, which does not carry it. */
  public static final Provenance UNKNOWN = new Provenance("unknown");

  public Provenance {
    if (value.isEmpty() || value.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("provenance is one word: '" + value + "'");
    }
  }

  public static Provenance ofPackage(String name, String version) {
    return new Provenance("package:" + name + "=" + version);
  }

  public static Provenance ofSettle(String rule) {
    return new Provenance("settle:" + rule);
  }

  public static Provenance ofTemplate(String name) {
    return new Provenance("template:" + name);
  }

  public static Provenance ofRecipe(String role) {
    return new Provenance("recipe:" + role);
  }

  public static Provenance ofKubernetes(String version) {
    return new Provenance("kubernetes:" + version);
  }

  @Override
  public String toString() {
    return value;
  }
}
