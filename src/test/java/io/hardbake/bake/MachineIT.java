package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.Oracle;
import io.hardbake.Qemu;
import io.hardbake.image.Architecture;
import io.hardbake.image.Image;
import io.hardbake.io.Size;
import io.hardbake.kubernetes.KubernetesRequest;
import io.hardbake.progress.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The load balancer as a machine with a disk: it boots, and finds itself in order. */
class MachineIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir static Path directory;
  private static Path disk;
  private static Image image;

  @BeforeAll
  static void bake() throws Exception {
    Oracle.require("qemu-system-x86_64", "qemu-img", "ssh");
    BakeOptions options =
        new BakeOptions(
            Path.of(""),
            directory,
            List.of("loadbalancer"),
            Set.of(Architecture.AMD64),
            new BakeOptions.Sources(
                false,
                false,
                List.of(),
                List.of(),
                Optional.empty(),
                KubernetesRequest.Choice.AUTO,
                Optional.empty()),
            true,
            2);
    image = Baker.of(options, System.getenv(), Progress.silent()).images(Architecture.AMD64).get(0);
    disk = MachineDisk.write(image, Size.gib(2), directory.resolve("loadbalancer.raw"));
  }

  @ParameterizedTest
  @CsvSource({"BIOS, VIRTIO_BLK"})
  void boots(Qemu.Firmware firmware, Qemu.Bus bus) throws Exception {
    Path room = Files.createTempDirectory(directory, "qemu");
    Path overlay = Qemu.overlay(disk, room);
    Oracle.run("qemu-img", "resize", "-q", overlay.toString(), "5G").succeeded();
    Qemu machine =
        Qemu.of("machine-%s-%s".formatted(firmware, bus), overlay)
            .with(firmware)
            .with(bus)
            .withSsh();
    try (Qemu.Guest guest = machine.start(room)) {
      assertEquals("", say(guest, "systemctl --failed --no-legend --plain"));
      assertEquals("", say(guest, "dpkg --audit"));
      assertEquals("", say(guest, "apt-get check -qq"));
    }
  }

  private static String say(Qemu.Guest guest, String command) throws Exception {
    return guest.ssh(command, PATIENCE).succeeded().stdout().strip();
  }
}
