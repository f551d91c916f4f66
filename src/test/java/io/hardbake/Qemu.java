package io.hardbake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Virtual machines in QEMU's software emulation, which needs no rights and no hardware. What a
 * machine says on its serial port goes to {@code target/qemu/NAME.log} and stays there.
 *
 * <p>Commands run in the machine over ssh, with a key that systemd takes from the firmware's tables
 * (systemd.system-credentials(7)): nothing has to be baked for it.
 */
public final class Qemu {
  /** What starts the disk's boot loader. */
  public enum Firmware {
    BIOS,
    UEFI,
    /** UEFI with Microsoft's keys enrolled: nothing starts that they did not sign. */
    SECURE_BOOT,
    /** The same of a machine with an arm64 processor. */
    ARM64_SECURE_BOOT
  }

  /** How the machine sees its disk. */
  public enum Bus {
    VIRTIO_BLK,
    VIRTIO_SCSI,
    IDE,
    /** Of the q35 that UEFI brings. */
    AHCI,
    NVME
  }

  private static final Path LOGS = Path.of("target", "qemu");
  private static final Path OVMF = Path.of("/usr/share/OVMF");
  private static final Path AAVMF = Path.of("/usr/share/AAVMF");

  /**
   * Another one than QEMU's own, 10.0.2.0/24: machines refuse that, since it is VirtualBox's NAT.
   */
  private static final String NETWORK = "10.240.0.0/24";

  /** What every machine gets there, from QEMU's own DHCP; they do not see each other. */
  static final String ADDRESS = "10.240.0.15";

  private final String name;
  private final Path disk;
  private final List<Path> drives = new ArrayList<>();
  private final List<String> kernel = new ArrayList<>();
  private final SortedMap<Integer, Integer> ports = new TreeMap<>();
  private Firmware firmware = Firmware.BIOS;
  private Bus bus = Bus.VIRTIO_BLK;
  // As in vagrant/cluster.yaml: the features of "max" cost more to emulate than they save.
  private String processor = "qemu64";
  private int memoryMib = 1024;
  private int processors = 1;
  private final List<String> names = new ArrayList<>();
  private String domain = "";
  private Path zone = Path.of("");
  private boolean ssh;
  private boolean reboots = true;

  private Qemu(String name, Path disk) {
    this.name = name;
    this.disk = disk;
  }

  /** A machine with a disk, which it changes; {@code name} is the log's. */
  public static Qemu of(String name, Path disk) {
    Oracle.require("qemu-system-x86_64");
    return new Qemu(name, disk);
  }

  /** A new file in {@code directory} over a disk, which stays as it is. */
  public static Path overlay(Path disk, Path directory) {
    Oracle.require("qemu-img");
    Path overlay = directory.resolve(disk.getFileName() + ".overlay.qcow2");
    Oracle.run(
            List.of(
                "qemu-img",
                "create",
                "-q",
                "-f",
                "qcow2",
                "-F",
                format(disk),
                "-b",
                disk.toAbsolutePath().toString(),
                overlay.toString()))
        .succeeded();
    return overlay;
  }

  public Qemu with(Firmware newFirmware) {
    if (newFirmware == Firmware.UEFI || newFirmware == Firmware.SECURE_BOOT) {
      Oracle.require(
          Files.isReadable(OVMF.resolve("OVMF_CODE_4M.fd")),
          "there is no UEFI firmware: apt-get install ovmf");
    } else if (newFirmware == Firmware.ARM64_SECURE_BOOT) {
      Oracle.require("qemu-system-aarch64");
      Oracle.require(
          Files.isReadable(AAVMF.resolve("AAVMF_CODE.ms.fd")),
          "there is no UEFI firmware for arm64: apt-get install qemu-efi-aarch64");
      processor = "cortex-a72"; // the newer ones sign pointers, which is slow to emulate
    }
    firmware = newFirmware;
    return this;
  }

  public Qemu with(Bus newBus) {
    bus = newBus;
    return this;
  }

  /** A second disk, virtio-blk and read only. */
  public Qemu withDrive(Path drive) {
    drives.add(drive);
    return this;
  }

  public Qemu withMemory(int mib) {
    memoryMib = mib;
    return this;
  }

  public Qemu withProcessors(int count) {
    processors = count;
    return this;
  }

  /** Makes a port of the machine one of this host: {@link Guest#port}. */
  public Qemu withPort(int port) throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      ports.put(port, free.getLocalPort());
    }
    return this;
  }

  /** Lets {@link Guest#ssh} in, as root. */
  public Qemu withSsh() throws IOException {
    Oracle.require("ssh", "ssh-keygen");
    ssh = true;
    return withPort(22);
  }

  /** Starts this kernel instead of the disk's boot loader. */
  public Qemu withKernel(Path image, Path initrd, String commandLine) {
    kernel.addAll(List.of("-kernel", image.toString(), "-initrd", initrd.toString()));
    kernel.addAll(List.of("-append", commandLine));
    return this;
  }

  /**
   * A network apart from this host's, in which dnsmasq is the DNS, and DHCP names a domain; there
   * is no {@link #withPort} in it.
   *
   * @param records what DNS knows outside the domain, each {@code NAME,ADDRESS}
   * @param domainsNames a directory with hosts(5) files, each read when it appears. Of other names
   *     in the domain DNS says that they are not there, and that this holds for ten minutes
   */
  public Qemu withNames(List<String> records, String dhcpDomain, Path domainsNames) {
    Oracle.requireRoot();
    Oracle.require("unshare", "ip", "dnsmasq");
    names.addAll(records);
    domain = dhcpDomain;
    zone = domainsNames;
    return this;
  }

  /** QEMU ends where the machine would start anew. */
  public Qemu withoutReboot() {
    reboots = false;
    return this;
  }

  /** Switches the machine on; {@code directory} takes what it needs for itself. */
  public Guest start(Path directory) throws IOException {
    Files.createDirectories(LOGS);
    Path log = LOGS.resolve(name + ".log");
    Files.deleteIfExists(log);
    String architecture = firmware == Firmware.ARM64_SECURE_BOOT ? "aarch64" : "x86_64";
    List<String> command = new ArrayList<>(List.of("qemu-system-" + architecture, "-accel", "tcg"));
    command.addAll(List.of("-cpu", processor, "-m", Integer.toString(memoryMib)));
    command.addAll(List.of("-smp", Integer.toString(processors)));
    command.addAll(List.of("-display", "none", "-monitor", "stdio", "-serial", "file:" + log));
    command.addAll(machine(directory));
    command.addAll(disks());
    command.addAll(network());
    command.addAll(kernel);
    Path key = directory.resolve("ssh-key");
    if (ssh) {
      command.addAll(List.of("-smbios", "type=11,value=" + sshCredential(key)));
    }
    if (!reboots) {
      command.add("-no-reboot");
    }
    if (!names.isEmpty()) {
      command.addAll(0, apart(directory));
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(LOGS.resolve(name + ".qemu.log").toFile())
            .start();
    return new Guest(process, log, key, Map.copyOf(ports));
  }

  private List<String> machine(Path directory) throws IOException {
    return switch (firmware) {
      case BIOS -> List.of("-machine", "pc");
      case UEFI -> uefi("q35", OVMF, "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd", directory);
      case SECURE_BOOT -> {
        List<String> options =
            uefi("q35,smm=on", OVMF, "OVMF_CODE_4M.secboot.fd", "OVMF_VARS_4M.ms.fd", directory);
        options.addAll(List.of("-global", "driver=cfi.pflash01,property=secure,value=on"));
        yield options;
      }
      case ARM64_SECURE_BOOT ->
          uefi("virt", AAVMF, "AAVMF_CODE.ms.fd", "AAVMF_VARS.ms.fd", directory);
    };
  }

  /** A board with this firmware, and a copy of its variables. */
  private static List<String> uefi(
      String board, Path firmware, String code, String variables, Path directory)
      throws IOException {
    Path copy = directory.resolve("uefi-variables.fd");
    Files.copy(firmware.resolve(variables), copy, StandardCopyOption.REPLACE_EXISTING);
    List<String> options = new ArrayList<>(List.of("-machine", board));
    options.addAll(
        List.of(
            "-drive",
            "if=pflash,format=raw,unit=0,readonly=on,file=" + firmware.resolve(code),
            "-drive",
            "if=pflash,format=raw,unit=1,file=" + copy));
    return options;
  }

  private List<String> disks() {
    if (bus == (firmware == Firmware.BIOS ? Bus.AHCI : Bus.IDE)) {
      throw new IllegalArgumentException("pc has an IDE controller, q35 an AHCI one");
    }
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-drive", drive("disk", disk)));
    options.addAll(
        switch (bus) {
          case VIRTIO_BLK -> List.of("-device", "virtio-blk-pci,drive=disk,bootindex=1");
          case VIRTIO_SCSI ->
              List.of("-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=disk,bootindex=1");
          case IDE, AHCI -> List.of("-device", "ide-hd,drive=disk,bootindex=1");
          case NVME -> List.of("-device", "nvme,drive=disk,serial=hardbake,bootindex=1");
        });
    for (int i = 0; i < drives.size(); i++) {
      options.addAll(List.of("-drive", drive("drive" + i, drives.get(i)) + ",readonly=on"));
      options.addAll(List.of("-device", "virtio-blk-pci,drive=drive" + i));
    }
    return options;
  }

  private static String drive(String id, Path file) {
    return "if=none,cache=unsafe,discard=unmap,id=%s,format=%s,file=%s"
        .formatted(id, format(file), file);
  }

  private static String format(Path file) {
    String fileName = file.toString();
    String suffix = fileName.substring(fileName.lastIndexOf('.') + 1);
    return suffix.equals("qcow2") || suffix.equals("vmdk") ? suffix : "raw";
  }

  private List<String> network() {
    StringBuilder user = new StringBuilder("user,id=net,net=" + NETWORK);
    if (!domain.isEmpty()) {
      user.append(",domainname=").append(domain);
    }
    ports.forEach(
        (guest, host) -> user.append(",hostfwd=tcp:127.0.0.1:%d-:%d".formatted(host, guest)));
    return List.of(
        "-netdev",
        user.toString(),
        "-device",
        "virtio-net-pci,netdev=net,romfile=,mac=52:54:00:68:62:01");
  }

  /** What starts QEMU there. Its own DNS asks the one that it finds in this host's file. */
  private List<String> apart(Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("resolv.conf"), "nameserver 127.0.0.2\n");
    String dnsmasq =
        "dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --pid-file= --user=root"
            + " --bind-interfaces --listen-address=";
    // Only a zone's own server says in its SOA record for how long it denies a name; dnsmasq is one
    // only at an address that an interface has, as lo has this one.
    String authority =
        "127.0.0.1 --auth-server=ns.%1$s,127.0.0.1 --auth-zone=%1$s --hostsdir=%2$s"
            .formatted(domain, zone);
    StringBuilder asked = new StringBuilder("127.0.0.2 --no-negcache --local=/#/");
    asked.append(" --server=/").append(domain).append("/127.0.0.1");
    names.forEach(record -> asked.append(" --host-record=").append(record));
    String start =
        ("set -e; mount --bind %s $(realpath /etc/resolv.conf); ip link set lo up;"
                + " %s%s; %s%s; exec \"$@\"")
            .formatted(file, dnsmasq, authority, dnsmasq, asked);
    // dnsmasq ends with QEMU, and QEMU with unshare.
    return List.of(
        "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", start, "sh");
  }

  private static String sshCredential(Path key) throws IOException {
    Oracle.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()).succeeded();
    String authorized = base64(Files.readString(Path.of(key + ".pub")));
    // Written over at each start: a power cut may have left the file empty.
    String lines =
        "d /root/.ssh 0700 root root -\nf+~ /root/.ssh/authorized_keys 0600 root root - "
            + authorized
            + "\n";
    return "io.systemd.credential.binary:tmpfiles.extra=" + base64(lines);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
