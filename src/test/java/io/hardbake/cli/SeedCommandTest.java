package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.credentials.CredentialFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SeedCommandTest {
  @TempDir private Path directory;
  private Path out = Path.of("");
  private final StringWriter said = new StringWriter();

  @BeforeEach
  void place() {
    out = directory.resolve("seed.img");
  }

  private int run(String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "seed";
    arguments[1] = "--out";
    arguments[2] = out.toString();
    System.arraycopy(options, 0, arguments, 3, options.length);
    PrintWriter writer = new PrintWriter(said, true);
    return Main.run(arguments, Map.of(), writer, writer);
  }

  private void refused(String problem, String remedy, String... options) {
    assertEquals(2, run(options), said::toString);
    assertTrue(said.toString().contains("hardbake: " + problem), said::toString);
    assertTrue(said.toString().contains("  remedy: " + remedy), said::toString);
    assertFalse(Files.exists(out));
  }

  @Test
  void equalWordsMakeEqualDisksForTheirOwnerAlone() throws IOException {
    assertEquals(
        0, run("--node", "lb", "--controllers", "c-0=10.0.0.1 c-1=10.0.0.2"), said::toString);
    byte[] first = Files.readAllBytes(out);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(out)));
    assertEquals(0, run("--node", "lb", "--controllers", "c-0=10.0.0.1", "c-1=10.0.0.2"));
    assertArrayEquals(first, Files.readAllBytes(out));
    assertTrue(said.toString().contains("seed.img: lb, without credentials"), said::toString);
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    refused("'c_0!' in 'c_0!' is not a host name", "use letters", "--node", "c_0!");
    refused("'c=10.0.0.1' in --node is more than", "use --node c,", "--node", "c=10.0.0.1");
    refused(
        "'10.0.0' in 'c=10.0.0' is not an address",
        "give an IPv4",
        "--node",
        "c",
        "--address",
        "10.0.0");
    refused("c is twice in --controllers", "name each", "--node", "c", "--controllers", "c", "c");
    refused(
        "'c=10.0.0.1,10.0.0.2' in --controllers has several addresses",
        "give the one",
        "--node",
        "c",
        "--controllers",
        "c=10.0.0.1,10.0.0.2");
    refused("'a b' cannot be an instance's id", "use letters", "--node", "c", "--instance", "a b");
    refused(
        "lb is none of the controllers",
        "leave --credentials out, or name it in --controllers: c-0 c-1",
        "--node",
        "lb",
        "--controllers",
        "c-0 c-1",
        "--credentials",
        directory.toString());
    for (CredentialFile file : CredentialFile.onController()) {
      Files.writeString(directory.resolve(file.fileName()), "x");
    }
    Files.delete(directory.resolve("ca.pem"));
    refused(
        directory + " lacks ca.pem",
        "name the directory that `hardbake credentials` filled",
        "--node",
        "c",
        "--credentials",
        directory.toString());
  }

  @Test
  void writesWhatALinkLeadsTo() throws IOException {
    Path disk = directory.resolve("disks/one.img");
    Files.createDirectory(disk.getParent());
    Files.createSymbolicLink(directory.resolve("other.img"), Path.of("disks/one.img"));
    Files.createSymbolicLink(out, Path.of("other.img"));
    for (int round = 0; round < 2; round++) {
      assertEquals(0, run("--node", "lb"), said::toString);
      assertTrue(Files.isSymbolicLink(out));
      assertTrue(Files.isRegularFile(disk, LinkOption.NOFOLLOW_LINKS));
    }
    Files.delete(out);
    Files.createSymbolicLink(out, Path.of("seed.img"));
    assertEquals(2, run("--node", "lb"), said::toString);
    assertTrue(Files.isSymbolicLink(out));
  }

  @Test
  void replacesNothingButFiles() throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", out.toString()).start().waitFor());
    assertEquals(2, run("--node", "lb"), said::toString);
    String remedy = "remedy: write the disk to a file, and copy that: dd if=seed.img of=" + out;
    assertTrue(said.toString().contains(remedy), said::toString);
    assertFalse(Files.isRegularFile(out));
    Path link = Files.createSymbolicLink(directory.resolve("link"), out);
    out = link;
    assertEquals(2, run("--node", "lb"), said::toString);
    assertTrue(Files.isSymbolicLink(link));
    out = directory;
    assertEquals(2, run("--node", "lb"), said::toString);
    assertTrue(said.toString().contains("remedy: name a file in it"), said::toString);
  }

  /** First boot would refuse them, at every boot. */
  @ParameterizedTest
  @CsvSource({
    "fd00::1, is IPv6, give the IPv4 address",
    "::1, is IPv6, give the IPv4 address",
    "127.0.1.1, is an address at which no other machine, give the address of its network",
    "10.0.2.15, is an address that VirtualBox's NAT gives, add a private network",
  })
  void refusesAddressesThatMachinesRefuse(String address, String problem, String remedy) {
    refused(
        "'" + address + "' in --address " + problem, remedy, "--node", "c", "--address", address);
    String controller = "c=" + address;
    refused(
        "'" + controller + "' in --controllers " + problem,
        remedy,
        "--node",
        "c",
        "--controllers",
        controller);
  }

  @Test
  void refusesOneAddressForTwoMachines() {
    refused(
        "'d=10.1.2.15' in --controllers has the address of another controller",
        "give each controller an address of its own",
        "--node",
        "c",
        "--controllers",
        "c=10.1.2.15 d=10.1.2.15");
    refused(
        "--address 10.1.2.15 is that of d in --controllers",
        "give each machine an address of its own",
        "--node",
        "c",
        "--address",
        "10.1.2.15",
        "--controllers",
        "c=10.1.2.14 d=10.1.2.15");
  }

  @Test
  void refusesTwoAddressesForOneMachine() {
    String all = "c=10.1.2.14 d";
    refused(
        "--address 10.1.2.16 is not that of c in --controllers",
        "make them agree, or leave --address out",
        "--node",
        "c",
        "--address",
        "10.1.2.16",
        "--controllers",
        all);
    assertEquals(0, run("--node", "c", "--address", "10.1.2.14", "--controllers", all));
    assertEquals(0, run("--node", "d", "--address", "10.1.2.16", "--controllers", all));
  }

  @Test
  void takesTheNeighboursOfThose() {
    assertEquals(
        0, run("--node", "c", "--controllers", "c=10.0.20.15", "d=10.1.2.15"), said::toString);
  }
}
