package io.hardbake.cli;

import io.hardbake.debian.unpack.DebBuilder;
import io.hardbake.debian.unpack.TarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk with more files than fit into memory: nobody knows whether it is sound. */
final class VerifyLargeDiskTest {
  /** Files that are too many for {@link #verify}. */
  private static final int CROWD = 24_000;

  @TempDir private static Path directory;
  private static TestProject project;
  private static String disk;
  private static String image;

  @BeforeAll
  static void bake() throws Exception {
    project = TestProject.withMachines(directory);
    TarBuilder tar = new TarBuilder().directory("./").directory("./crowd/");
    for (int i = 0; i < CROWD; i++) {
      tar.file("./crowd/" + "n".repeat(80) + i, "");
    }
    project
        .archive()
        .add(
            "Package: crowd\nVersion: 1\n",
            control -> DebBuilder.withControl(control).data(tar).build());
    project.publish();
    project.recipe("loadbalancer", "from: base\ndescription: many\npackages: [crowd]\n");
    project.run("bake", "--format", "oci", "controller").succeeded();
    project.run("bake", "--format", "qcow2", "loadbalancer").succeeded();
    disk = project.target().resolve("disks/loadbalancer-amd64.qcow2").toString();
    image = project.image("controller").toString();
  }

  @AfterAll
  static void close() throws IOException {
    project.close();
  }

  private TestProject.Outcome verify(String... files) throws Exception {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx32m",
            "-cp",
            System.getProperty("java.class.path"));
    List<String> arguments = new ArrayList<>(List.of("verify", "--jobs", "1"));
    arguments.addAll(List.of(files));
    return new Launch(java, arguments, Files.createTempDirectory(directory, "said").resolve("said"))
        .run();
  }

  @Test
  void itIsNamedAndKeepsNoOtherFromItsTurn() throws Exception {
    verify(disk, image)
        .failed(7)
        .shows(
            disk + ": undecided: unread, 2 records of its digest; not checked: all else\n",
            image + ": sound: oci, ")
        .says(
            "hardbake: " + disk + " cannot be read with the memory that Java has: ",
            "remedy: set HARDBAKE_JAVA_OPTS=-Xmx2g, and try again");
  }

  @Test
  void aFindingInAnotherWeighsMore() throws Exception {
    String damaged = Files.writeString(directory.resolve("empty"), "").toString();
    verify(disk, damaged, image)
        .failed(5)
        .shows(disk + ": undecided: ", "V01 empty: ", image + ": sound: oci, ")
        .says(
            "hardbake: 1 finding in " + damaged + "\n" + disk + " cannot be read with the memory",
            "says why it is one\n          set HARDBAKE_JAVA_OPTS=-Xmx2g, and try again");
  }
}
