package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.disk.gpt.DiskLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Machines that get their seed from a disk, as NoCloud has it, until they are ready. */
@EnabledIfSystemProperty(named = "hardbake.slow", matches = "true")
class MachineFirstBootIT {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String CONTROLLERS = "controller-0=10.240.0.10";
  private static final String UNTIL_READY =
      "until test -e /run/hardbake/ready; do sleep 1; done; hardbake status";
  private static final int CUTS = 10;

  @TempDir static Path directory;

  @Test
  void aControllerServesTheApi() throws Exception {
    Path room = Files.createDirectory(directory.resolve("controller"));
    Path credentials = room.resolve("credentials");
    String controllers = "controller-0=" + Qemu.ADDRESS;
    hardbake("credentials", "--out", credentials.toString(), "--controller", controllers);
    Path seed = seed(room, "controller-0", controllers, "--credentials", credentials.toString());
    Qemu machine =
        Qemu.of("first-boot-controller", Qemu.overlay(disk("controller"), room))
            .withMemory(2048)
            .withDrive(seed)
            .withPort(6443)
            .withPort(80)
            .withSsh();
    try (Qemu.Guest guest = machine.start(room)) {
      String status = guest.ssh(UNTIL_READY, PATIENCE).succeeded().stdout();
      assertTrue(status.contains("address      " + Qemu.ADDRESS), status);
      String api = "https://127.0.0.1:" + guest.port(6443);
      String ca = credentials.resolve("ca.pem").toString();
      assertEquals("ok", eventually("curl", "-s", "--fail", "--cacert", ca, api + "/healthz"));
      String probe = "Host: kubernetes.default.svc.cluster.local";
      String nginx = "http://127.0.0.1:" + guest.port(80) + "/healthz";
      assertEquals("ok", eventually("curl", "-s", "--fail", "-H", probe, nginx));
      assertEquals("", guest.ssh("systemctl --failed --no-legend", PATIENCE).stdout());
      guest.pressPowerButton();
      guest.awaitEnd(PATIENCE);
    }
  }

  /** Ten machines; each loses its power once during its first boot, at some moment. */
  @Test
  void aPowerCutDuringFirstBootLeavesNothingBehind() throws Exception {
    long whole = millisOfAFirstBoot();
    Random random = new Random(20240817);
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> cuts = new ArrayList<>();
      for (int n = 0; n < CUTS; n++) {
        int number = n;
        long millis = Math.round(whole * (0.3 + 0.8 * random.nextDouble()));
        cuts.add(
            two.submit(
                () -> {
                  cut(number, millis);
                  return null;
                }));
      }
      for (Future<?> cut : cuts) {
        cut.get();
      }
    } finally {
      two.shutdownNow();
    }
  }

  /** Until the machine says on its console what it has found; two of them run at once below. */
  private static long millisOfAFirstBoot() throws Exception {
    Path room = Files.createDirectory(directory.resolve("whole"));
    Path disk = Qemu.overlay(disk("loadbalancer"), room);
    long start = System.nanoTime();
    try (Qemu.Guest guest =
        machine("first-boot", disk, seed(room, "loadbalancer", CONTROLLERS)).start(room)) {
      guest.await("node.env: NODE_NAME=loadbalancer", PATIENCE);
      return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
  }

  private static void cut(int number, long millis) throws Exception {
    Path room = Files.createDirectory(directory.resolve("cut" + number));
    Path disk = Qemu.overlay(disk("loadbalancer"), room);
    Path seed = seed(room, "loadbalancer", CONTROLLERS);
    String name = "power-cut-" + number;
    try (Qemu.Guest guest = machine(name, disk, seed).start(room)) {
      Thread.sleep(millis);
      guest.cutPower();
    }
    Path again = Files.createDirectory(room.resolve("again"));
    try (Qemu.Guest guest = machine(name + "-again", disk, seed).start(again)) {
      String status = guest.ssh(UNTIL_READY, PATIENCE).succeeded().stdout();
      assertTrue(status.contains("controllers  " + CONTROLLERS.replace('=', ' ')), status);
      assertEquals("", guest.ssh("systemctl --failed --no-legend", PATIENCE).stdout());
      guest.pressPowerButton();
      guest.awaitEnd(PATIENCE);
    }
    Path raw = room.resolve("after.raw");
    Oracle.run("qemu-img", "convert", "-O", "raw", disk.toString(), raw.toString()).succeeded();
    long root = DiskLayout.of(DiskLayout.MINIMUM).root().offset();
    Oracle.run("e2fsck", "-fn", raw + "?offset=" + root).succeeded();
    Files.delete(raw);
  }

  private static Path disk(String role) {
    Oracle.require("qemu-system-x86_64", "qemu-img", "ssh", "e2fsck", "curl");
    Path disk = Path.of("target", "disks", role + "-amd64.qcow2");
    Oracle.require(Files.exists(disk), disk + " is missing: make images");
    return disk;
  }

  private static Qemu machine(String name, Path disk, Path seed) throws Exception {
    return Qemu.of(name, disk).withDrive(seed).withSsh();
  }

  private static Path seed(Path room, String node, String controllers, String... more) {
    Path seed = room.resolve("seed.img");
    List<String> arguments =
        new ArrayList<>(List.of("seed", "--node", node, "--out", seed.toString()));
    arguments.addAll(List.of("--controllers", controllers));
    arguments.addAll(List.of(more));
    hardbake(arguments.toArray(new String[0]));
    return seed;
  }

  private static void hardbake(String... arguments) {
    List<String> command = new ArrayList<>(List.of("./hardbake"));
    command.addAll(List.of(arguments));
    Oracle.run(command).succeeded();
  }

  /** What a command says once it succeeds. */
  private static String eventually(String... command) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Oracle.Result result = Oracle.run(command);
    while (result.exitCode() != 0 && System.nanoTime() < end) {
      Thread.sleep(1000);
      result = Oracle.run(command);
    }
    return result.succeeded().stdout();
  }
}
