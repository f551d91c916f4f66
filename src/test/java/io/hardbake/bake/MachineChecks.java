package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.Guest;
import io.hardbake.Oracle;
import io.hardbake.disk.SparseWriter;
import io.hardbake.disk.grub.CoreCache;
import io.hardbake.disk.machine.MachineDisk;
import io.hardbake.disk.qcow2.Compression;
import io.hardbake.image.Architecture;
import io.hardbake.image.Image;
import io.hardbake.io.Size;
import io.hardbake.kubernetes.KubernetesRequest;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What tests of machines with a disk have in common. */
public final class MachineChecks {
  static final Duration PATIENCE = Duration.ofMinutes(10);
  static final String KERNEL = "/boot/vmlinuz-";

  private MachineChecks() {}

  /** Bakes the project's own roles for qcow2, by its lock. */
  public static Baker baker(Path output, List<String> roles, Architecture architecture)
      throws Exception {
    BakeOptions options =
        new BakeOptions(
            Path.of(""),
            output,
            roles,
            Set.of(architecture),
            new BakeOptions.Sources(
                false,
                true, // a lock that is stale is a mistake
                List.of(),
                List.of(),
                Optional.empty(),
                KubernetesRequest.Choice.AUTO,
                Optional.empty(),
                Duration.ofSeconds(30)),
            Set.of(Format.QCOW2),
            Compression.ZSTD,
            2,
            Optional.empty());
    return Baker.of(options, System.getenv(), Progress.silent());
  }

  /** The project's own roles, or some of them, by its lock; nothing is written. */
  public static List<Image> images(List<String> roles, Architecture architecture) throws Exception {
    return baker(Path.of("target"), roles, architecture).images(architecture);
  }

  /** The project's own load balancer, by its lock. */
  static Image loadbalancer(Architecture architecture) throws Exception {
    return images(List.of("loadbalancer"), architecture).get(0);
  }

  /** The release of the kernel of an image's machine, such as {@code 6.1.0-56-cloud-amd64}. */
  static String kernelRelease(Image image) {
    return image.machine().orElseThrow().tree().entries().keySet().stream()
        .map(AbsolutePath::value)
        .filter(path -> path.startsWith(KERNEL))
        .map(path -> path.substring(KERNEL.length()))
        .findFirst()
        .orElseThrow();
  }

  /** A raw disk of an image's machine. */
  static Path disk(Image image, Size size, Path file) throws Exception {
    SparseWriter.write(
        MachineDisk.plan(image, image.machine().orElseThrow(), size, CoreCache.none()), file);
    return file;
  }

  /** A machine's seed, as {@code hardbake seed} writes it. */
  public static Path seed(Path room, String node, String controllers, String... more) {
    Path seed = room.resolve("seed.img");
    List<String> arguments =
        new ArrayList<>(List.of("seed", "--node", node, "--out", seed.toString()));
    arguments.addAll(List.of("--controllers", controllers));
    arguments.addAll(List.of(more));
    hardbake(arguments.toArray(new String[0]));
    return seed;
  }

  /** A command of hardbake, as people run it. */
  public static void hardbake(String... arguments) {
    List<String> command = new ArrayList<>(List.of("./hardbake"));
    command.addAll(List.of(arguments));
    Oracle.run(command).succeeded();
  }

  /** In one session, since making one takes seconds in an emulated machine. */
  public static void assertInOrder(Guest guest, String kernel, boolean secureBoot)
      throws Exception {
    String looks =
        """
        echo "kernel: $(uname -r)"
        echo "secure boot: $(dmesg | grep -c 'secureboot: Secure boot enabled')"
        echo "failed units: $(systemctl --failed --no-legend --plain)"
        echo "audit: $(dpkg --audit 2>&1)$(apt-get check -qq 2>&1)"
        echo "network: $(systemctl is-active systemd-networkd systemd-resolved | uniq)"
        echo "time: $(systemctl is-active systemd-timesyncd)"
        until systemctl --quiet is-active hardbake-coldplug; do sleep 0.5; done
        udevadm settle
        echo "clock: $(readlink /dev/rtc)" # a link that only the second coldplug makes
        mount /boot/efi # with drivers that only the indexes of modules lead to
        echo "loader: $(ls /boot/efi/EFI/debian)"
        umount /boot/efi
        # What nothing mounts at boot: systemd does when somebody looks, or when udev sees the module.
        ls /sys/kernel/debug/ /sys/kernel/tracing/ >/dev/null 2>&1
        modprobe -a configfs fuse
        for each in kernel/debug kernel/tracing kernel/config fs/fuse/connections; do
          until mountpoint -q /sys/$each; do sleep 0.2; done
          echo "$each: $(findmnt -n -o FSTYPE /sys/$each | tail -n 1)"
        done
        """;
    assertEquals(
        """
        kernel: %s
        secure boot: %s
        failed units:\s
        audit:\s
        network: active
        time: active
        clock: rtc0
        loader: grub.cfg
        kernel/debug: debugfs
        kernel/tracing: tracefs
        kernel/config: configfs
        fs/fuse/connections: fusectl
        """
            .formatted(kernel, secureBoot ? 1 : 0),
        guest.ssh(looks, PATIENCE).succeeded().stdout());
  }
}
