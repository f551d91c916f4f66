package io.hardbake.bake;

import io.hardbake.Guest;
import io.hardbake.Oracle;
import io.hardbake.Qemu;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another kernel by recipe: Debian's for all hardware, on a disk at AHCI, which the cloud kernel
 * does not drive.
 */
class MachineKernelIT {
  private static final String DEFAULT = "kernel: linux-image-cloud\n";
  private static final Duration PATIENCE = MachineChecks.PATIENCE;

  @TempDir private Path room;

  @Test
  @EnabledIfSystemProperty(named = "hardbake.slow", matches = "true")
  void theKernelForAllHardwareBoots() throws Exception {
    Oracle.require("qemu-system-x86_64", "qemu-img", "ssh");
    Oracle.run("cp", "-r", "images", "templates", room.toString()).succeeded();
    Path recipe = room.resolve("images/machine.yaml");
    String text = Files.readString(recipe);
    Oracle.require(text.contains(DEFAULT), recipe + " has another kernel");
    Files.writeString(recipe, text.replace(DEFAULT, "kernel: linux-image\n"));
    hardbake("lock");
    hardbake("bake", "loadbalancer", "--format=qcow2", "--output=" + room.resolve("out"));
    Path disk = room.resolve("out/disks/loadbalancer-amd64.qcow2");
    Path seed = room.resolve("seed.img");
    Oracle.run(
            "./hardbake",
            "seed",
            "--node=loadbalancer",
            "--out=" + seed,
            "--controllers=controller-0=10.240.0.10")
        .succeeded();
    Qemu machine =
        Qemu.of("machine-kernel-for-all", Qemu.overlay(disk, room))
            .with(Qemu.Firmware.UEFI)
            .with(Qemu.Bus.AHCI)
            .withDrive(seed)
            .withSsh();
    try (Guest guest = machine.start(room)) {
      guest.await("this loadbalancer is ready", PATIENCE);
      String looks = "uname -r | grep -v cloud && test /dev/sda3 = $(findmnt -n -o SOURCE /)";
      guest.ssh(looks, PATIENCE).succeeded();
      guest.pressPowerButton();
      guest.awaitEnd(PATIENCE);
    }
  }

  private void hardbake(String command, String... more) {
    List<String> line = new ArrayList<>(List.of("./hardbake", command));
    line.addAll(List.of(more));
    line.add("--project=" + room);
    Oracle.run(line, PATIENCE, Map.of()).succeeded();
  }
}
