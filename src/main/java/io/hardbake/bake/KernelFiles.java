package io.hardbake.bake;

import io.hardbake.disk.initramfs.Initramfs;
import io.hardbake.disk.kernel.KernelModules;
import io.hardbake.disk.kernel.ModuleIndexes;
import io.hardbake.failure.BakeException;
import io.hardbake.fetch.Store;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is made for a kernel, whichever role it is in.
 *
 * @param indexes of its modules, by name
 */
record KernelFiles(SortedMap<String, Content> indexes, Content initramfs) {
  private static final String KIND = "kernel-files";

  KernelFiles {
    indexes = Collections.unmodifiableSortedMap(new TreeMap<>(indexes));
  }

  /**
   * The files for a kernel of a tree, from the store if the same hardbake made them before: they
   * take longer than the rest of a machine.
   */
  static KernelFiles of(FileTree tree, String release, Content busybox, Store store)
      throws BakeException, IOException, InterruptedException {
    Optional<String> program = program();
    if (program.isEmpty()) {
      return make(tree, release, busybox);
    }
    StringBuilder key = new StringBuilder(program.get());
    key.append(release).append(' ').append(busybox.sha256()).append('\n');
    AbsolutePath modules = KernelModules.directory(release);
    for (var file : tree.entries().tailMap(modules, false).entrySet()) {
      if (!file.getKey().isBelow(modules)) {
        break;
      }
      if (file.getValue() instanceof RegularFile regular) {
        key.append(regular.content().sha256()).append(' ').append(file.getKey()).append('\n');
      }
    }
    String inputs = key.toString();
    if (!store.isWritable() && store.known(KIND, inputs).isEmpty()) {
      return make(tree, release, busybox);
    }
    return read(store.derived(KIND, inputs, out -> make(tree, release, busybox).writeTo(out)));
  }

  private static KernelFiles make(FileTree tree, String release, Content busybox)
      throws BakeException, IOException {
    KernelModules modules = KernelModules.read(tree, release);
    return new KernelFiles(ModuleIndexes.of(modules), Initramfs.of(modules, busybox));
  }

  /** Which build of hardbake this is; nothing while it is not a jar, since classes come and go. */
  private static Optional<String> program() throws IOException {
    CodeSource source = KernelFiles.class.getProtectionDomain().getCodeSource();
    try {
      Path jar = Path.of(source.getLocation().toURI());
      return Files.isRegularFile(jar) ? Store.sealOf(jar) : Optional.empty();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  void writeTo(OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    write(initramfs, data);
    data.writeInt(indexes.size());
    for (Map.Entry<String, Content> index : indexes.entrySet()) {
      data.writeUTF(index.getKey());
      write(index.getValue(), data);
    }
    data.flush();
  }

  private static void write(Content content, DataOutputStream data) throws IOException {
    byte[] bytes = content.bytes();
    data.writeInt(bytes.length);
    data.write(bytes);
  }

  /** Reads what {@link #writeTo} wrote. */
  static KernelFiles read(Path file) throws IOException {
    try (DataInputStream data = new DataInputStream(Files.newInputStream(file))) {
      Content initramfs = content(data);
      SortedMap<String, Content> indexes = new TreeMap<>();
      for (int left = data.readInt(); left > 0; left--) {
        indexes.put(data.readUTF(), content(data));
      }
      return new KernelFiles(indexes, initramfs);
    }
  }

  private static Content content(DataInputStream data) throws IOException {
    byte[] bytes = new byte[data.readInt()];
    data.readFully(bytes);
    return Content.of(bytes);
  }
}
