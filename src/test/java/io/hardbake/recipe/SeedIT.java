package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a machine is told what it has to know, and which word counts. */
class SeedIT {
  private static final String DISK = "/dev/disk/by-label/CIDATA";

  @TempDir private Path directory;
  private FirstBootMachine machine;

  @BeforeEach
  void aLoadBalancer() throws Exception {
    machine = new FirstBootMachine(directory, "loadbalancer", "loadbalancer");
    machine.routes("10.240.0.1 dev eth0 src 10.240.0.10 uid 0");
  }

  /** Takes away one place after the other; the next one's word counts then. */
  @Test
  void firstFoundWins() throws Exception {
    machine.seed("CONTROLLERS=directory=10.240.0.1\n");
    disk("CONTROLLERS=disk=10.240.0.1\n");
    environment("HARDBAKE_CONTROLLERS=environment=10.240.0.1");
    machine.write("/proc/cmdline", "ro quiet HARDBAKE_CONTROLLERS=\"kernel=10.240.0.1\" panic=1\n");
    machine.dns("controller-0 10.240.0.1", "loadbalancer 10.240.0.10");

    assertEquals("directory", controller());
    Files.delete(machine.file("/var/lib/hardbake/seed/user-data"));
    assertEquals("disk", controller());
    Files.delete(machine.file(DISK));
    assertEquals("disk", controller(), "what a disk said stays when it is taken away");
    Files.delete(machine.file("/var/lib/hardbake/cidata/user-data"));
    assertEquals("environment", controller());
    environment("TERM=linux");
    assertEquals("kernel", controller());
    machine.write("/proc/cmdline", "ro quiet HARDBAKE_CONTROLLER_COUNT=1\n");
    assertEquals("controller-0", controller());
  }

  @Test
  void eachValueComesFromTheFirstPlaceThatHasIt() throws Exception {
    machine.seed("NODE_NAME=balancer\n");
    environment("HARDBAKE_NODE_NAME=other", "HARDBAKE_CONTROLLERS=a=10.240.0.1,b=10.240.0.2");
    machine.pass().succeeded();
    String env = machine.text("/etc/hardbake/node.env");
    assertTrue(env.contains("\nNODE_NAME=balancer\n"), env);
    assertTrue(env.contains("\nCONTROLLERS=\"a=10.240.0.1 b=10.240.0.2\"\n"), env);
  }

  /** A container sees its host's command line, which is not meant for it. */
  @Test
  void inAContainerTheKernelsCommandLineSaysNothing() throws Exception {
    machine.write("/proc/cmdline", "HARDBAKE_CONTROLLERS=kernel=10.240.0.1\n");
    machine.write("/run/systemd/container", "docker\n");
    assertEquals(75, machine.pass().refused().exitCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONTROLLERS=a=10.240.0.1\n",
        "CONTROLLERS=\"a=10.240.0.1\"\r\n",
        "# a comment\n\n  HARDBAKE_CONTROLLERS='a=10.240.0.1'  ",
      })
  void readsUserDataAsPeopleWriteIt(String userData) throws Exception {
    machine.seed(userData);
    assertEquals("a", controller());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      commentCharacter = '%',
      value = {
        "#cloud-config | this is cloud-init's own language",
        "Content-Type: multipart/mixed | this is cloud-init's own language",
        "controllers: 3 | 'controllers: 3' is no KEY=value"
      })
  void saysWhatItCannotRead(String userData, String problem) throws Exception {
    machine.seed(userData + "\n");
    String said = machine.pass().refused().stderr();
    assertTrue(said.contains("/var/lib/hardbake/seed/user-data: " + problem), said);
  }

  @Test
  void namesAWordThatItDoesNotKnow() throws Exception {
    machine.seed("CONTROLLERS=a=10.240.0.1\nCONTROLERS=b=10.240.0.1\n");
    machine.pass().succeeded();
    assertTrue(machine.status().stdout().contains("nothing is known by the name CONTROLERS"));
  }

  @Test
  void metaDataNamesTheMachine() throws Exception {
    machine.write(
        "/var/lib/hardbake/seed/meta-data",
        "instance-id: i-1\nlocal-hostname: \"controller-7\"\nplatform: none\n");
    machine.seed("CONTROLLERS=a=10.240.0.1\n");
    machine.pass().succeeded();
    assertEquals("controller-7\n", machine.text("/etc/hostname"));
    assertTrue(machine.text("/etc/hardbake/node.env").contains("\nNODE_NAME=controller-7\n"));
    assertEquals("i-1\n", machine.text("/var/lib/hardbake/instance"));
  }

  @Test
  void aCopyOfADiskBecomesAMachineOfItsOwn() throws Exception {
    machine.write("/etc/ssh/ssh_host_rsa_key", "first").write("/etc/machine-id", "first\n");
    machine.seed("CONTROLLERS=a=10.240.0.1\n");
    machine.pass().succeeded();
    instance("i-1");
    machine.pass().succeeded();
    assertEquals("first", machine.text("/etc/ssh/ssh_host_rsa_key"), "the same machine, now named");
    instance("i-2");
    machine.pass().succeeded();
    assertFalse(Files.exists(machine.file("/etc/ssh/ssh_host_rsa_key")));
    assertEquals("key\n", machine.text("/etc/ssh/ssh_host_ecdsa_key"));
    assertEquals("key\n", machine.text("/etc/ssh/ssh_host_ed25519_key"));
    assertEquals("new\n", machine.text("/etc/machine-id"));
  }

  @Test
  void aScriptRunsOncePerInstance() throws Exception {
    environment("HARDBAKE_CONTROLLERS=a=10.240.0.1");
    Path ran = directory.resolve("ran");
    machine.seed("#!/bin/sh\necho ran >>" + ran + "\n");
    instance("i-1");
    machine.pass().succeeded();
    machine.pass().succeeded();
    machine.reboot();
    machine.pass().succeeded();
    assertEquals("ran\n", Files.readString(ran));
    instance("i-2");
    machine.pass().succeeded();
    assertEquals("ran\nran\n", Files.readString(ran));
  }

  @Test
  void aScriptThatFailsIsNamed() throws Exception {
    environment("HARDBAKE_CONTROLLERS=a=10.240.0.1");
    machine.seed("#!/bin/sh\nexit 3\n");
    machine.pass().succeeded();
    assertTrue(machine.status().stdout().contains("the script in user-data ended with 3"));
  }

  /** Once more after a power cut, but not at each boot, which a script may be the reason of. */
  @Test
  void aScriptThatIsInterruptedTwiceIsNamed() throws Exception {
    environment("HARDBAKE_CONTROLLERS=a=10.240.0.1");
    Path ran = directory.resolve("ran");
    machine.seed("#!/bin/sh\necho ran >>" + ran + "\nkill -9 $PPID\n");
    for (int boot = 1; boot <= 2; boot++) {
      machine.pass().refused();
      machine.reboot();
    }
    machine.pass().succeeded();
    assertEquals("ran\nran\n", Files.readString(ran));
    assertTrue(
        machine
            .status()
            .stdout()
            .contains("the script in user-data was interrupted twice, and is not run again"));
    instance("i-2");
    machine.seed("#!/bin/sh\necho another >>" + ran + "\n");
    machine.pass().succeeded();
    assertEquals("ran\nran\nanother\n", Files.readString(ran));
    assertFalse(machine.status().stdout().contains("interrupted"));
  }

  /** Where programs may run: Debian's own initramfs mounts /run noexec. */
  @Test
  void aScriptRunsFromTheDisk() throws Exception {
    environment("HARDBAKE_CONTROLLERS=a=10.240.0.1");
    Path ran = directory.resolve("ran");
    machine.seed("#!/bin/sh\necho $0 $(stat -c %a $0) >" + ran + "\n");
    machine.pass().succeeded();
    Path script = machine.file("/var/lib/hardbake/user-script");
    assertEquals(script + " 700\n", Files.readString(ran));
    assertFalse(Files.exists(script));
  }

  /** A script may hold what nobody else is to know. */
  @Test
  void whatIsKeptOfADiskIsRootsAlone() throws Exception {
    disk("CONTROLLERS=a=10.240.0.1\n");
    Path kept = Files.createDirectories(machine.file("/var/lib/hardbake/cidata"));
    Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwxr-xr-x"));
    machine.pass().succeeded();
    assertEquals("rwx------", mode(kept));
    assertEquals("rw-------", mode(kept.resolve("user-data")));
    assertEquals("rw-------", mode(kept.resolve("meta-data")));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  /** mke2fs and Windows leave them. */
  @Test
  void directoriesOnADiskAreLeft() throws Exception {
    Path disk = machine.disk();
    Files.createDirectory(disk.resolve("lost+found"));
    Files.createDirectories(disk.resolve("System Volume Information/x"));
    environment("HARDBAKE_CONTROLLERS=b=10.240.0.1");
    assertEquals("b", controller(), "a disk without files says nothing");
    machine.reboot();
    Files.writeString(disk.resolve("user-data"), "CONTROLLERS=a=10.240.0.1\n");
    assertEquals("a", controller());
  }

  /** By their unit and by firstboot, on a copied disk whose keys were deleted. */
  @Test
  void hostKeysAreMadeByOneAtATime() throws Exception {
    Path busy = directory.resolve("busy");
    machine.program(
        "ssh-keygen",
        "mkdir %1$s || exit 1; sleep 0.5; for last; do :; done; echo key >$last && rmdir %1$s"
            .formatted(busy));
    String hostkeys = machine.file("/usr/lib/hardbake/hostkeys").toString();
    String twice = "%1$s & %1$s && wait $!".formatted(hostkeys);
    machine.run(List.of("sh", "-c", twice)).succeeded();
    assertEquals("key\n", machine.text("/etc/ssh/ssh_host_ecdsa_key"));
    assertEquals("key\n", machine.text("/etc/ssh/ssh_host_ed25519_key"));
    assertFalse(Files.exists(machine.file("/etc/ssh/host-keys.part")));
  }

  private void instance(String id) throws IOException {
    machine.write("/var/lib/hardbake/seed/meta-data", "instance-id: " + id + "\n");
  }

  private void disk(String userData) throws IOException {
    Path disk = machine.disk();
    Files.writeString(disk.resolve("user-data"), userData);
    Files.writeString(disk.resolve("meta-data"), "instance-id: i-1\n");
  }

  private void environment(String... variables) throws IOException {
    Files.write(
        machine.file("/proc/1/environ"),
        String.join("\0", variables).concat("\0").getBytes(StandardCharsets.UTF_8));
  }

  /** The first controller's name in the end. */
  private String controller() throws IOException {
    Oracle.Result result = machine.pass().succeeded();
    String env = machine.text("/etc/hardbake/node.env");
    assertTrue(env.contains("\nCONTROLLERS=\""), result.toString());
    return env.replaceAll("(?s).*\nCONTROLLERS=\"(.*?)=.*", "$1");
  }
}
