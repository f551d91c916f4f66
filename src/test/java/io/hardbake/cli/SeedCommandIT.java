package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.credentials.CredentialFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seed disk as other programs read it. */
final class SeedCommandIT {
  @TempDir private Path directory;

  @Test
  void holdsWhatFirstBootReads() throws Exception {
    Oracle.require("fsck.fat", "mcopy", "blkid");
    Path credentials = Files.createDirectory(directory.resolve("credentials"));
    for (CredentialFile file : CredentialFile.values()) {
      Files.writeString(credentials.resolve(file.fileName()), "of " + file.fileName());
    }
    Path image = directory.resolve("seed.img");
    StringWriter said = new StringWriter();
    int code =
        Main.run(
            new String[] {
              "seed",
              "--node",
              "controller-1",
              "--out",
              image.toString(),
              "--controllers",
              "controller-0=10.240.0.10 controller-1=10.240.0.11 controller-2",
              "--address",
              "10.240.0.11",
              "--credentials",
              credentials.toString()
            },
            Map.of(),
            new PrintWriter(said, true),
            new PrintWriter(said, true));
    assertEquals(0, code, said::toString);
    assertTrue(said.toString().contains("keep it secret"), said::toString);
    Oracle.run("fsck.fat", "-n", image.toString()).succeeded();
    assertEquals(
        "CIDATA\n",
        Oracle.run("blkid", "-p", "-s", "LABEL", "-o", "value", image.toString())
            .succeeded()
            .stdout());
    Path copy = Files.createDirectory(directory.resolve("copy"));
    Oracle.run("mcopy", "-s", "-Q", "-n", "-i", image.toString(), "::*", copy.toString())
        .succeeded();
    Set<String> names =
        CredentialFile.onController().stream()
            .map(CredentialFile::fileName)
            .collect(Collectors.toCollection(TreeSet::new));
    for (String name : names) {
      assertEquals("of " + name, Files.readString(copy.resolve(name)));
    }
    names.add("meta-data");
    names.add("user-data");
    try (Stream<Path> files = Files.list(copy)) {
      assertEquals(
          names,
          files
              .map(file -> file.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new)));
    }
    assertEquals(
        "instance-id: controller-1\nlocal-hostname: controller-1\n",
        Files.readString(copy.resolve("meta-data")));
    assertEquals(
        """
        CONTROLLERS="controller-0=10.240.0.10 controller-1=10.240.0.11 controller-2"
        NODE_NAME=controller-1
        INTERNAL_IP=10.240.0.11
        """,
        Files.readString(copy.resolve("user-data")));
  }
}
