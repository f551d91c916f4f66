package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * ucf(1), which looks after configuration files that are no conffiles: a digest and a copy of each
 * as installed, and the package that it belongs to.
 */
final class UcfRegistry {
  private static final AbsolutePath STATE = AbsolutePath.of("/var/lib/ucf");

  private final SortedMap<AbsolutePath, String> owners = new TreeMap<>();

  /** Registers a file that is in the tree already. */
  void register(String packageName, AbsolutePath path) {
    owners.put(path, packageName);
  }

  void writeTo(TreeEditor editor) {
    if (owners.isEmpty()) {
      return;
    }
    StringBuilder hashes = new StringBuilder();
    StringBuilder registry = new StringBuilder();
    owners.forEach(
        (path, packageName) -> {
          String text = Texts.required(editor.tree(), path);
          hashes
              .append(Md5.hex(text.getBytes(StandardCharsets.UTF_8)))
              .append("  ")
              .append(path)
              .append('\n');
          registry.append(packageName).append(" \t ").append(path).append('\n');
          editor.copy(path, AbsolutePath.of(STATE + "/cache/" + path.value().replace('/', ':')));
        });
    editor.write(STATE.child("hashfile"), hashes.toString());
    editor.write(STATE.child("registry"), registry.toString());
  }
}
