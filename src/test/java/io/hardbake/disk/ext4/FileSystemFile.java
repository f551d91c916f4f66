package io.hardbake.disk.ext4;

import io.hardbake.Oracle;
import io.hardbake.disk.SparseWriter;
import io.hardbake.disk.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system in a file, as independent programs read it. */
record FileSystemFile(Path file) {
  /** Writes a volume into a sparse file. */
  static FileSystemFile write(Volume volume, Path file) throws IOException {
    SparseWriter.write(volume, file);
    return new FileSystemFile(file);
  }

  Oracle.Result e2fsck() {
    return Oracle.run("e2fsck", "-fn", file.toString());
  }

  /** What debugfs answers to a command. */
  String debugfs(String command) {
    return Oracle.run("debugfs", "-R", command, file.toString()).succeeded().stdout();
  }

  /** What the kernel finds there, mounted at a directory while {@code look} looks. */
  <R> R mounted(Path at, Looker<R> look) throws Exception {
    Oracle.requireRoot();
    Oracle.require("mount", "umount", "losetup", "getfattr");
    Oracle.run("mount", "-o", "loop", file.toString(), at.toString()).succeeded();
    try {
      return look.look(at);
    } finally {
      Oracle.unmount(at);
    }
  }

  /** What is done with a mounted file system. */
  interface Looker<R> {
    R look(Path root) throws Exception;
  }

  /** Changes one byte. */
  void flip(long offset) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, offset);
      one.put(0, (byte) ~one.get(0)).flip();
      channel.write(one, offset);
    }
  }
}
