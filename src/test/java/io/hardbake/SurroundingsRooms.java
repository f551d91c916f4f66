package io.hardbake;

import io.hardbake.Surroundings.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where {@link Surroundings} are made: on a disk and in a tmpfs, where nobody has to get in too.
 */
public final class SurroundingsRooms implements AutoCloseable {
  private static final Path TMPFS = Path.of("/dev/shm");

  private final Path directory;
  private final Path memory;

  private SurroundingsRooms(Path directory, Path memory) {
    this.directory = directory;
    this.memory = memory;
  }

  /** In {@code directory}, which is on a disk, and in a tmpfs of this host. */
  public static SurroundingsRooms in(Path directory) throws IOException {
    Oracle.require(Files.isDirectory(TMPFS), "no tmpfs at " + TMPFS);
    Path memory = Files.createTempDirectory(TMPFS, "hardbake");
    return new SurroundingsRooms(openToAll(directory), openToAll(memory));
  }

  /** New ones, which nothing was baked in. */
  public Surroundings make(Path original, Set<Dimension> varied) throws IOException {
    Path fresh = openToAll(Files.createTempDirectory(directory, "bake"));
    Path inMemory = openToAll(Files.createTempDirectory(memory, "bake"));
    return Surroundings.in(fresh, inMemory, original, varied);
  }

  private static Path openToAll(Path path) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Removes what is in the tmpfs, whoever it belongs to. */
  @Override
  public void close() {
    Oracle.run("rm", "-rf", memory.toString()).succeeded();
  }
}
