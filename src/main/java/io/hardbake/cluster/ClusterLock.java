package io.hardbake.cluster;

import io.hardbake.credentials.Credentials;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.UsageException;
import io.hardbake.io.WriteFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Lets one process at a time change a cluster: a second would remove the machines that the first
 * has made and not started yet. The system frees what a dead process held; the empty file stays,
 * since somebody may have it open.
 */
final class ClusterLock implements AutoCloseable {
  private final Optional<FileChannel> channel;

  private ClusterLock(Optional<FileChannel> channel) {
    this.channel = channel;
  }

  /**
   * Has the cluster for this process alone, in the directory of its credentials, which is made when
   * it is missing.
   *
   * @throws HostException where another process has it
   */
  static ClusterLock forUp(Path directory, ClusterName name) throws BakeException, IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(directory)) {
      throw new UsageException(
          directory + " is not a directory", "choose another with --directory");
    }
    Credentials.makeDirectory(directory);
    return take(directory, name);
  }

  /** The same, without a lock where nobody could have made one: machines may go all the same. */
  static ClusterLock forDown(Path directory, ClusterName name) throws BakeException, IOException {
    Path file = file(directory, name);
    return Files.isDirectory(directory) && Files.isWritable(Files.exists(file) ? file : directory)
        ? take(directory, name)
        : new ClusterLock(Optional.empty());
  }

  private static Path file(Path directory, ClusterName name) {
    return directory.resolve("." + name + ".lock");
  }

  private static ClusterLock take(Path directory, ClusterName name)
      throws BakeException, IOException {
    Path file = file(directory, name);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (isTaken(channel, file)) {
        throw new HostException(
            "another hardbake works on the cluster " + name,
            "wait until it ends, or end it, then run the command again");
      }
      return new ClusterLock(Optional.of(channel));
    } catch (BakeException | IOException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean isTaken(FileChannel channel, Path file) throws IOException {
    try {
      return channel.tryLock() == null;
    } catch (OverlappingFileLockException e) {
      return true; // By another thread of this process.
    } catch (IOException e) {
      throw WriteFailure.ofLock(file, e);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isPresent()) {
      channel.get().close();
    }
  }
}
