package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.io.Bytes;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.Layer;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LayerKeyTest {
  private static final Meta META = Specimen.META;
  private static final AbsolutePath PATH = AbsolutePath.of("/x");

  @Test
  void changesWithEveryFieldThatIsInTheBytes() {
    Bytes one = Bytes.ofHex("01");
    List<Layer> layers =
        List.of(
            layer("/x", new RegularFile(META, Content.of("a"))),
            layer("/y", new RegularFile(META, Content.of("a"))),
            layer("/x", new RegularFile(META, Content.of("b"))),
            layer("/x", new RegularFile(META.withMode(0600), Content.of("a"))),
            layer("/x", new RegularFile(META.withOwner(1, 0), Content.of("a"))),
            layer("/x", new RegularFile(META.withOwner(0, 1), Content.of("a"))),
            layer("/x", new RegularFile(META.withMtime(1), Content.of("a"))),
            layer("/x", new RegularFile(META.withXattr("user.a", one), Content.of("a"))),
            layer("/x", new RegularFile(META.withXattr("user.b", one), Content.of("a"))),
            layer(
                "/x", new RegularFile(META.withXattr("user.a", Specimen.BINARY), Content.of("a"))),
            layer("/x", new Directory(META)),
            layer("/x", new Symlink(META, "a")),
            layer("/x", new Symlink(META, "b")),
            layer("/x", new HardLink(META, AbsolutePath.of("/a"))),
            layer("/x", new HardLink(META, AbsolutePath.of("/b"))),
            layer("/x", new Device(META, Device.Kind.BLOCK, 1, 2)),
            layer("/x", new Device(META, Device.Kind.CHARACTER, 1, 2)),
            layer("/x", new Device(META, Device.Kind.BLOCK, 2, 1)),
            layer("/x", new Device(META, Device.Kind.FIFO, 0, 0)),
            new Layer("removes", new TreeMap<>(), new TreeSet<>(List.of(PATH))),
            new Layer("empty", new TreeMap<>(), new TreeSet<>()));
    Map<String, Integer> keys = new HashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      Integer same = keys.put(LayerKey.of(layers.get(i)), i);
      assertTrue(same == null, "layers " + same + " and " + i + " have one key");
    }
  }

  @Test
  void doesNotChangeWithWhatIsNotInTheBytes() {
    Meta elsewhere = META.withProvenance(new Provenance("recipe:other"));
    Entry entry = new RegularFile(elsewhere, Content.of("a"));
    assertEquals(
        LayerKey.of(layer("/x", new RegularFile(META, Content.of("a")))),
        LayerKey.of(new Layer("another", new TreeMap<>(Map.of(PATH, entry)), new TreeSet<>())));
  }

  private static Layer layer(String path, Entry entry) {
    return new Layer("test", new TreeMap<>(Map.of(AbsolutePath.of(path), entry)), new TreeSet<>());
  }
}
