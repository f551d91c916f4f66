package io.hardbake.oci;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import io.hardbake.io.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * A manifest that Jib's registry client sends as it stands: its own templates know neither our
 * annotations nor our order of keys, and another byte would be another digest.
 */
final class RawManifest implements ManifestTemplate {
  private final Bytes manifest;

  RawManifest(Bytes manifest) {
    this.manifest = manifest;
  }

  @JsonValue
  @JsonRawValue
  public String json() {
    return new String(manifest.toArray(), StandardCharsets.UTF_8);
  }

  @Override
  @JsonIgnore
  public int getSchemaVersion() {
    return 2;
  }

  @Override
  @JsonIgnore
  public String getManifestMediaType() {
    return ImageDocuments.MANIFEST_TYPE;
  }
}
