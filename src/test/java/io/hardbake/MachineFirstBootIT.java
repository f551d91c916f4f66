package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.bake.MachineChecks;
import io.hardbake.disk.gpt.DiskLayout;
import io.hardbake.disk.gpt.GptCheck;
import io.hardbake.io.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The disks as {@code make images} leaves them, with seeds as {@code hardbake seed} writes them,
 * until the machines are ready, with each firmware and on each bus. Two machines run at once.
 */
@Order(Integer.MAX_VALUE) // many short machines, which fill both cores to the end
class MachineFirstBootIT {
  /** A controller is ready when its API is healthy, which is minutes of one core of its own. */
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private static final String CONTROLLERS = "controller-0=10.240.0.10 controller-1=10.240.0.11";
  private static final String CONTROLLER_READY = "this controller is ready";
  private static final String LOADBALANCER_READY = "this loadbalancer is ready";

  private static final String BOOT_LOADER = "GNU GRUB";
  private static final Pattern KERNEL =
      Pattern.compile("\"linux-image-([0-9][^\"]*-cloud-amd64)\"");

  private static final int CUTS = 10;

  /** More than the disk was baked with, so that the root grows while the power fails. */
  private static final Size LARGER = Size.gib(12);

  @TempDir private static Path directory;

  @Test
  void qemuFindsNoFaultInAnyDisk() {
    for (String role : List.of("controller", "loadbalancer")) {
      Oracle.run("qemu-img", "check", "-q", disk(role).toString()).succeeded();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aControllerServesTheApi() throws Exception {
    Path room = Files.createDirectory(directory.resolve("first-boot-controller"));
    Qemu machine = controller("first-boot-controller", room).withPort(6443).withPort(80);
    try (Guest guest = machine.start(room)) {
      guest.await(CONTROLLER_READY, PATIENCE);
      String api = "https://127.0.0.1:" + guest.port(6443) + "/healthz";
      String ca = room.resolve("credentials/ca.pem").toString();
      assertEquals("ok", eventually("curl", "-sf", "--noproxy", "*", "--cacert", ca, api));
      String probe = "Host: kubernetes.default.svc.cluster.local";
      String nginx = "http://127.0.0.1:" + guest.port(80) + "/healthz";
      assertEquals("ok", eventually("curl", "-sf", "--noproxy", "*", "-H", probe, nginx));
      assertControllerIsInOrder(guest);
    }
  }

  /** The other way to boot, the other disk; its API is the one above. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aControllerBootsWithSecureBoot() throws Exception {
    Path room = Files.createDirectory(directory.resolve("secure-boot-controller"));
    Qemu machine =
        controller("secure-boot-controller", room, "--key", "ec")
            .with(Qemu.Firmware.SECURE_BOOT)
            .with(Qemu.Bus.NVME);
    try (Guest guest = machine.start(room)) {
      guest.await(CONTROLLER_READY, PATIENCE);
      assertControllerIsInOrder(guest);
    }
  }

  private static void assertControllerIsInOrder(Guest guest) throws Exception {
    String status = guest.ssh("hardbake status; systemctl --failed", PATIENCE).stdout();
    assertTrue(status.contains("address      " + Qemu.ADDRESS), status);
    assertTrue(status.contains("\n0 loaded units listed."), status);
  }

  /** A controller alone; its credentials lie in the room. */
  private static Qemu controller(String name, Path room, String... kindOfKeys) throws Exception {
    String controllers = "controller-0=" + Qemu.ADDRESS;
    String credentials = room.resolve("credentials").toString();
    List<String> make = new ArrayList<>(List.of("credentials", "--out", credentials));
    make.addAll(List.of("--controller", controllers));
    make.addAll(List.of(kindOfKeys));
    MachineChecks.hardbake(make.toArray(new String[0]));
    Path seed = MachineChecks.seed(room, "controller-0", controllers, "--credentials", credentials);
    return Qemu.of(name, Qemu.overlay(disk("controller"), room))
        .withMemory(2048)
        .withDrive(seed)
        .withSsh();
  }

  /**
   * As in the tutorial: nothing is told, and one of the names is known in DHCP's domain alone. That
   * one appears when the machine has asked for it in vain. The zone allows to remember that for ten
   * minutes, and after one the machine would go on without.
   */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aLoadBalancerFindsControllersByDns() throws Exception {
    Path room = Files.createDirectory(directory.resolve("by-dns"));
    Path disk = Qemu.overlay(disk("loadbalancer"), room);
    List<String> known = List.of("controller-0,10.240.0.10", "controller-2,10.240.0.12");
    Path zone = Files.createDirectory(room.resolve("zone"));
    Qemu machine = Qemu.of("by-dns-loadbalancer", disk).withNames(known, "cluster.example", zone);
    try (Guest guest = machine.start(room)) {
      guest.await("waiting for DNS to know controller-1 (this machine is ", PATIENCE);
      Files.writeString(zone.resolve("late"), "10.240.0.11 controller-1.cluster.example\n");
      String said = guest.await(LOADBALANCER_READY, PATIENCE);
      assertTrue(
          said.contains(
              "CONTROLLERS=\"controller-0=10.240.0.10 controller-1=10.240.0.11"
                  + " controller-2=10.240.0.12\""),
          said);
    }
  }

  /** What a disk is put into. */
  private record Hardware(Qemu.Firmware firmware, Qemu.Bus bus) {}

  /** A controller is booted by Secure Boot from NVMe. */
  private static final List<Hardware> HARDWARE =
      List.of(
          new Hardware(Qemu.Firmware.BIOS, Qemu.Bus.VIRTIO_BLK),
          new Hardware(Qemu.Firmware.BIOS, Qemu.Bus.VIRTIO_SCSI),
          new Hardware(Qemu.Firmware.BIOS, Qemu.Bus.IDE),
          new Hardware(Qemu.Firmware.BIOS, Qemu.Bus.NVME),
          new Hardware(Qemu.Firmware.UEFI, Qemu.Bus.VIRTIO_BLK),
          new Hardware(Qemu.Firmware.SECURE_BOOT, Qemu.Bus.VIRTIO_SCSI));

  /** Whose machines are looked at closely; the bus is nothing to what is looked at. */
  private static final Set<Integer> ONE_OF_EACH_FIRMWARE = Set.of(0, 4, 5);

  /** Each loses its power once during its first boot, at some moment, and then has a second. */
  @ParameterizedTest
  @MethodSource("momentsOfAFirstBoot")
  @Execution(ExecutionMode.CONCURRENT)
  void aPowerCutDuringFirstBootLeavesNothingBehind(int number, Duration work) throws Exception {
    Hardware hardware = HARDWARE.get(number % HARDWARE.size());
    String name = "power-cut-" + number;
    Path room = Files.createDirectory(directory.resolve(name));
    Path disk = room.resolve("disk.raw");
    Oracle.run("cp", "--sparse=always", baked().toString(), disk.toString()).succeeded();
    Path seed = loadBalancersSeed();
    try (Guest guest = machine(name, disk, seed, hardware).start(room)) {
      guest.await(BOOT_LOADER, PATIENCE);
      guest.awaitWork(work, LOADBALANCER_READY, PATIENCE);
      guest.cutPower();
    }
    Path again = Files.createDirectory(room.resolve("again"));
    try (Guest guest = machine(name + "-again", disk, seed, hardware).start(again)) {
      assertInOrder(guest);
      if (ONE_OF_EACH_FIRMWARE.contains(number)) {
        boolean secureBoot = hardware.firmware() == Qemu.Firmware.SECURE_BOOT;
        MachineChecks.assertInOrder(guest, kernel(), secureBoot);
      }
      guest.pressPowerButton();
      guest.awaitEnd(PATIENCE);
    }
    assertTrue(GptCheck.isSound(disk), () -> GptCheck.said(disk));
    long root = DiskLayout.of(DiskLayout.MINIMUM).root().offset();
    Oracle.run("e2fsck", "-fn", disk + "?offset=" + root).succeeded();
    Files.delete(disk);
  }

  /**
   * From the boot loader's start to ready, measured by a first boot that goes well; in time of the
   * processor, so that a busy host changes nothing.
   */
  static Stream<Arguments> momentsOfAFirstBoot() throws Exception {
    Path room = Files.createDirectory(directory.resolve("whole"));
    makeLargerDisk();
    Path overlay = Qemu.overlay(baked(), room);
    Path seed = MachineChecks.seed(room, "loadbalancer", CONTROLLERS);
    assertEquals(loadBalancersSeed(), seed);
    Duration whole;
    Qemu machine = machine("first-boot-loadbalancer", overlay, seed, HARDWARE.get(0));
    try (Guest guest = machine.start(room)) {
      guest.await(BOOT_LOADER, PATIENCE);
      Duration before = guest.work();
      guest.await(LOADBALANCER_READY, PATIENCE);
      whole = guest.work().minus(before);
      assertInOrder(guest);
    }
    Random random = new Random(20240817);
    return IntStream.range(0, CUTS)
        .mapToObj(
            n ->
                Arguments.of(
                    n, Duration.ofMillis((long) (whole.toMillis() * random.nextDouble(0.2, 1)))));
  }

  /** One for all: it is attached to be read. */
  private static Path loadBalancersSeed() {
    return directory.resolve("whole/seed.img");
  }

  /** As the lock has it. */
  private static String kernel() throws Exception {
    Matcher kernel = KERNEL.matcher(Files.readString(Path.of("images", "hardbake.lock")));
    assertTrue(kernel.find(), "the lock has no kernel");
    return kernel.group(1);
  }

  private static void assertInOrder(Guest guest) throws Exception {
    guest.await(LOADBALANCER_READY, PATIENCE);
    String looks =
        """
        hardbake status
        grep -c '^ *server controller-[01] 10.240.0.1[01]:6443' /etc/haproxy/haproxy.cfg
        systemctl --failed --no-legend
        df --output=size -B1G / | tail -n 1 | tr -d ' '
        # Users belong to boxes; nobody can log in here but by what the seed or the firmware brings.
        getent passwd 1000 || getent passwd vagrant
        for key in /etc/ssh/ssh_host_*_key; do ssh-keygen -y -f $key | cut -d ' ' -f 1; done
        """;
    assertEquals(
        """
        role         loadbalancer (Kubernetes)
        node         loadbalancer
        address      10.240.0.15
        controllers  controller-0 10.240.0.10
                     controller-1 10.240.0.11
        services     haproxy active
        ready        yes
        2
        12
        ecdsa-sha2-nistp256
        ssh-ed25519
        """,
        guest.ssh(looks, PATIENCE).stdout().replaceFirst("Kubernetes v[0-9.]*", "Kubernetes"));
  }

  private static Path disk(String role) {
    Oracle.require("qemu-system-x86_64", "qemu-img", "ssh", "e2fsck", "sgdisk", "curl");
    Path disk = Path.of("target", "disks", role + "-amd64.qcow2");
    Oracle.require(Files.exists(disk), disk + " is missing: make images");
    return disk;
  }

  /**
   * The load balancer's disk before any boot. Raw, since QEMU keeps tables of a qcow2 to itself
   * until the guest asks for them to be stored, and we let it ignore that. What the guest wrote
   * into a raw file is there when QEMU is killed.
   */
  private static Path baked() {
    return directory.resolve("baked.raw");
  }

  private static void makeLargerDisk() {
    String baked = baked().toString();
    Oracle.run("qemu-img", "convert", "-O", "raw", disk("loadbalancer").toString(), baked)
        .succeeded();
    Oracle.run("truncate", "-s", Long.toString(LARGER.bytes()), baked).succeeded();
  }

  private static Qemu machine(String name, Path disk, Path seed, Hardware hardware)
      throws Exception {
    return Qemu.of(name, disk)
        .with(hardware.firmware())
        .with(hardware.bus())
        .withDrive(seed)
        .withSsh();
  }

  /** What a command says once it succeeds. Each question costs an emulated API a handshake. */
  private static String eventually(String... command) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Oracle.Result result = Oracle.run(command);
    while (result.exitCode() != 0 && System.nanoTime() < end) {
      Thread.sleep(3000);
      result = Oracle.run(command);
    }
    return result.succeeded().stdout();
  }
}
