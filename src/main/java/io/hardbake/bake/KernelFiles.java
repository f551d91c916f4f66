package io.hardbake.bake;

import io.hardbake.disk.initramfs.Initramfs;
import io.hardbake.disk.kernel.KernelModules;
import io.hardbake.disk.kernel.ModuleIndexes;
import io.hardbake.failure.BakeException;
import io.hardbake.fetch.Store;
import io.hardbake.io.Sha256;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collections;
import java.util.HashMap;
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
   * The kernel files of one bake: roles whose kernels and modules are equal share them. Safe for
   * use by several threads.
   */
  static final class Shared {
    private final Content busybox;
    private final Store store;
    private final Map<Sha256, KernelFiles> made = new HashMap<>();

    Shared(Content busybox, Store store) {
      this.busybox = busybox;
      this.store = store;
    }

    synchronized KernelFiles of(FileTree tree, String release)
        throws BakeException, IOException, InterruptedException {
      // Two trees can have one release and other modules: a role may bring some of its own.
      Sha256 key = Sha256.of(inputs(tree, release, busybox).getBytes(StandardCharsets.UTF_8));
      KernelFiles files = made.get(key);
      if (files == null) {
        files = KernelFiles.of(tree, release, busybox, store);
        made.put(key, files);
      }
      return files;
    }
  }

  /**
   * The files for a kernel of a tree, from the store if the same hardbake made them before: they
   * take longer than the rest of a machine.
   */
  private static KernelFiles of(FileTree tree, String release, Content busybox, Store store)
      throws BakeException, IOException, InterruptedException {
    Optional<String> program = program();
    if (program.isEmpty()) {
      return make(tree, release, busybox);
    }
    String inputs = program.get() + inputs(tree, release, busybox);
    if (!store.isWritable() && store.known(KIND, inputs).isEmpty()) {
      return make(tree, release, busybox);
    }
    return read(store.derived(KIND, inputs, out -> make(tree, release, busybox).writeTo(out)));
  }

  /** All that the files are made of but hardbake itself. */
  private static String inputs(FileTree tree, String release, Content busybox) {
    StringBuilder key = new StringBuilder();
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
    return key.toString();
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
