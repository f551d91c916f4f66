package io.hardbake;

import io.hardbake.disk.initramfs.Initramfs;
import io.hardbake.disk.kernel.KernelModule;
import io.hardbake.disk.kernel.KernelModules;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Debian's cloud kernel with hardbake's initramfs, to be started in {@link Qemu} with a root of
 * busybox and one script. So the kernel can be asked what it reads, whatever the host's own has
 * been built with.
 */
public final class GuestKernel {
  /** The UUID of each root. */
  public static final String ROOT = "0d6b9bd4-4ad6-4bd0-8f8e-3d0ea8a29d6f";

  private final Path directory;
  private final KernelModules modules;
  private final Content busybox;
  private final Path image;
  private final Path initrd;

  private GuestKernel(
      Path directory, KernelModules modules, Content busybox, Path image, Path initrd) {
    this.directory = directory;
    this.modules = modules;
    this.busybox = busybox;
    this.image = image;
    this.initrd = initrd;
  }

  /** What every directory gets; it takes seconds to make, and says the same each time. */
  private record Parts(KernelModules modules, Content busybox, Content image, Content initrd) {
    private static @Nullable Parts made;

    static synchronized Parts get() throws Exception {
      Parts parts = made;
      if (parts == null) {
        PackageFiles kernel = PackageFiles.cloudKernel();
        String release = kernel.release();
        KernelModules modules = KernelModules.of(release, kernel.modules());
        Content busybox = PackageFiles.of("busybox-static").file("/bin/busybox");
        Content image = kernel.file("/boot/vmlinuz-" + release);
        parts = new Parts(modules, busybox, image, Initramfs.of(modules, busybox));
        made = parts;
      }
      return parts;
    }
  }

  /** The newest; what it needs goes into the directory. */
  public static GuestKernel open(Path directory) throws Exception {
    Oracle.require("mke2fs", "qemu-system-x86_64");
    Parts parts = Parts.get();
    return new GuestKernel(
        directory,
        parts.modules(),
        parts.busybox(),
        Files.write(directory.resolve("vmlinuz"), parts.image().bytes()),
        Files.write(directory.resolve("initrd"), parts.initrd().bytes()));
  }

  public KernelModules modules() {
    return modules;
  }

  /** The program that is in the initramfs, for roots of a test's own. */
  public Content busybox() {
    return busybox;
  }

  /** The initramfs, a file. */
  public Path initrd() {
    return initrd;
  }

  /**
   * A disk with a root file system.
   *
   * @param start a script for busybox, {@code /start}, which the kernel's command line may name
   * @param drivers are in {@code /modules} with all that they need, named to be loaded in order
   */
  public Path root(String start, List<String> drivers) throws Exception {
    Path tree = Files.createTempDirectory(directory, "tree");
    for (String name : List.of("dev", "proc", "sys", "bin", "mnt", "modules")) {
      Files.createDirectory(tree.resolve(name));
    }
    Files.write(tree.resolve("bin/busybox"), busybox.bytes());
    Files.writeString(tree.resolve("start"), start);
    int order = 10;
    for (KernelModule driver : modules.loadOrder(drivers)) {
      Path file = tree.resolve("modules").resolve(order++ + "-" + driver.name() + ".ko");
      Files.write(file, driver.content().bytes());
    }
    Oracle.run("chmod", "755", tree + "/start", tree + "/bin/busybox").succeeded();
    Path disk = Files.createTempFile(directory, "disk", ".raw");
    Oracle.run(
            "mke2fs", "-q", "-t", "ext4", "-U", ROOT, "-d", tree.toString(), disk.toString(), "16M")
        .succeeded();
    return disk;
  }

  /** A machine that starts the kernel and ends where it would start anew. */
  public Qemu machine(String name, Path disk, String commandLine) {
    return Qemu.of(name, disk).withoutReboot().withKernel(image, initrd, commandLine);
  }

  /** Switches a machine on. */
  public Guest start(Qemu machine) throws IOException {
    return machine.start(Files.createTempDirectory(directory, "qemu"));
  }
}
