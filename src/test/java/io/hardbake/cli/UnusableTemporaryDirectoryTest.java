package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.debian.unpack.TarBuilder;
import io.hardbake.oci.HandmadeImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compressed with zstd is read where the library cannot unpack itself as usual. */
final class UnusableTemporaryDirectoryTest {
  @TempDir private static Path directory;
  private static TestProject project;
  private static String disk;
  private static String image;

  @BeforeAll
  static void bake() throws Exception {
    project = TestProject.withMachines(directory);
    project.run("bake", "--format", "qcow2", "loadbalancer").succeeded();
    disk = project.target().resolve("disks/loadbalancer-amd64.qcow2").toString();
    byte[] tar = new TarBuilder().file("etc/motd", "hello").build();
    image = HandmadeImage.ofZstd(tar).write(directory.resolve("image.tar")).toString();
  }

  @AfterAll
  static void close() throws IOException {
    project.close();
  }

  private static TestProject.Outcome run(Path store, String command, String... files)
      throws Exception {
    return launch("missing", store, command, files).run();
  }

  private static Launch launch(String temporary, Path store, String command, String... files)
      throws Exception {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + directory.resolve(temporary),
            "-cp",
            System.getProperty("java.class.path"));
    List<String> arguments = Stream.concat(Stream.of(command), Stream.of(files)).toList();
    Path said = Files.createTempDirectory(directory, "said").resolve("said");
    return new Launch(java, arguments, said).with("HARDBAKE_CACHE", store.toString());
  }

  @Test
  void theStoresDirectoryServesAndKeepsNothing() throws Exception {
    Path store = directory.resolve("own/store");
    run(store, "verify", disk).succeeded().shows(disk + ": sound: disk, ");
    try (Stream<Path> left = Files.list(store)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private static String[] files(String command, String compressed) {
    return command.equals("diff")
        ? new String[] {compressed, compressed}
        : new String[] {compressed};
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "inspect", "diff"})
  void withNeitherTheMachineIsWhatLacksSomething(String command) throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    run(file.resolve("store"), command, files(command, disk))
        .failed(7)
        .says(lacking(directory.resolve("missing"), file.resolve("store")));
  }

  /** Files may become large enough for what the layer holds, but not for the library. */
  @ParameterizedTest
  @ValueSource(strings = {"verify", "inspect", "diff"})
  void noLayerIsCalledDamagedForIt(String command) throws Exception {
    Path temporary = Files.createDirectories(directory.resolve("small"));
    Path store = directory.resolve("small/store");
    launch("small", store, command, files(command, image))
        .by("sh", "-c", "ulimit -f 500 && exec \"$@\"", "limited")
        .run()
        .failed(7)
        .says(lacking(temporary, store));
    launch("small", store, "diff", image, image).run().succeeded();
  }

  private static String[] lacking(Path temporary, Path store) {
    return new String[] {
      "the zstd library can be unpacked and run neither in " + temporary,
      " nor in " + store,
      "remedy: name a directory ",
      "HARDBAKE_JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY"
    };
  }
}
