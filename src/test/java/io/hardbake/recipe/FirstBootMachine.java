package io.hardbake.recipe;

import io.hardbake.Oracle;
import io.hardbake.io.Removal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A directory that first boot takes for a machine: the role's real scripts run in it, and find a
 * network, a DNS and a service manager of the test's own.
 */
final class FirstBootMachine {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path root;
  private final Path fakes;

  /**
   * Lays the machine out.
   *
   * @param directory an empty one
   * @param hostName what the kernel says
   */
  FirstBootMachine(Path directory, String role, String hostName) throws Exception {
    Oracle.require("sh", "awk", "flock", "openssl", "xargs");
    this.root = Files.createDirectories(directory.resolve("root"));
    this.fakes = Files.createDirectories(directory.resolve("fakes"));
    RenderedRole.of(role, "v1.18.6").writeTo(root);
    for (String each : List.of("run/hardbake", "proc/1", "etc/ssh", "var/lib/hardbake", "dev")) {
      Files.createDirectories(root.resolve(each));
    }
    Files.writeString(root.resolve("etc/hostname"), hostName + "\n");
    write("/proc/sys/kernel/hostname", hostName + "\n");
    fake("hostname", "echo $1 >$HARDBAKE_ROOT/proc/sys/kernel/hostname");
    // dig +short … NAME A
    fake(
        "dig",
        "echo $* >>$fakes/asked; for last; do name=$before; before=$last; done;"
            + " sed -n \"s/^$name //p\" $fakes/dns 2>/dev/null");
    // ip -o -4 addr show, and ip -4 -o route get ADDRESS
    fake(
        "ip",
        "case $* in *' addr show') cat $fakes/addr 2>/dev/null ;;"
            + " *) for last; do :; done; grep \"^$last \" $fakes/routes ;; esac");
    fake("systemctl", "echo $* >>$fakes/told");
    fake("ssh-keygen", "for last; do :; done; echo key >$last"); // ssh-keygen … -f FILE
    fake("systemd-machine-id-setup", "echo new >$HARDBAKE_ROOT/etc/machine-id");
    address("10.240.0.10");
  }

  private void fake(String name, String body) throws IOException {
    Path file = fakes.resolve(name);
    Files.writeString(file, "#!/bin/sh\nfakes=" + fakes + "\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Puts a program of the test's own before the host's. */
  FirstBootMachine program(String name, String body) throws IOException {
    fake(name, body);
    return this;
  }

  Path root() {
    return root;
  }

  Path file(String path) {
    return root.resolve(path.substring(1));
  }

  String text(String path) throws IOException {
    return Files.readString(file(path));
  }

  FirstBootMachine write(String path, String text) throws IOException {
    Files.createDirectories(file(path).getParent());
    Files.writeString(file(path), text);
    return this;
  }

  /** What {@code ip -o -4 addr show} says, besides lo. */
  FirstBootMachine addresses(String output) throws IOException {
    Files.writeString(
        fakes.resolve("addr"),
        "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever\n" + output);
    return this;
  }

  FirstBootMachine address(String address) throws IOException {
    return addresses("2: eth0    inet " + address + "/24 brd 10.255.255.255 scope global eth0\n");
  }

  /** One answer a line: a name and an address. */
  FirstBootMachine dns(String... answers) throws IOException {
    Files.writeString(fakes.resolve("dns"), String.join("\n", answers) + "\n");
    return this;
  }

  /** What {@code ip -4 -o route get} says; each line begins with the address asked for. */
  FirstBootMachine routes(String... lines) throws IOException {
    Files.writeString(fakes.resolve("routes"), String.join("\n", lines) + "\n");
    return this;
  }

  FirstBootMachine seed(String userData) throws IOException {
    return write("/var/lib/hardbake/seed/user-data", userData);
  }

  /**
   * Attaches an empty disk labelled CIDATA. A disk is a directory here, and mounting it a link;
   * QEMU shows the real thing.
   *
   * @return the directory
   */
  Path disk() throws IOException {
    Path disk = Files.createDirectories(file("/dev/cidata"));
    Path label = file("/dev/disk/by-label/CIDATA");
    Files.createDirectories(label.getParent());
    Files.createSymbolicLink(label, disk);
    program("mount", "rmdir $4 && ln -s $3 $4");
    program("umount", "rm $1 && mkdir $1");
    return disk;
  }

  /** The questions that DNS was asked, as {@code dig}'s arguments. */
  String asked() throws IOException {
    Path asked = fakes.resolve("asked");
    return Files.exists(asked) ? Files.readString(asked) : "";
  }

  /** What the service manager was told. */
  String told() throws IOException {
    Path told = fakes.resolve("told");
    return Files.exists(told) ? Files.readString(told) : "";
  }

  /** One pass of first boot; {@code arguments} such as {@code --partial}. */
  Oracle.Result pass(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(file("/usr/lib/hardbake/firstboot").toString(), "pass"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** First boot as its service runs it: passes until one succeeds. */
  Oracle.Result boot() {
    return run(List.of(file("/usr/lib/hardbake/firstboot").toString()));
  }

  /** First boot from then on: looks that often at what changed, with no time in between. */
  void watch(int looks) throws IOException {
    Path slept = fakes.resolve("slept");
    Files.deleteIfExists(slept);
    // Who slept last is stopped; what a look ends with is nothing that matters to the next one.
    fake("sleep", "echo $* >>$fakes/slept; test $(wc -l <$fakes/slept) -le " + looks);
    run(List.of(file("/usr/lib/hardbake/firstboot").toString(), "watch"));
  }

  /**
   * First boot, or with {@code watch} what follows it, that sleeps for longer than anybody waits;
   * then {@code bring} is run, a shell command, and it is told so. Its process is in {@code pid},
   * beside the programs of the test's own.
   *
   * @param until a shell command that succeeds once it has seen that; then it is ended
   */
  Oracle.Result wokenUp(String mode, String bring, String until) throws IOException {
    Path asleep = fakes.resolve("asleep");
    Files.deleteIfExists(asleep);
    // Were it ever left over, it would not hold what this test reads from.
    fake("sleep", "echo $$ >$fakes/asleep; exec /bin/sleep 600 >/dev/null 2>&1");
    String commands =
        """
        set -e
        %1$s %2$s &
        trap 'kill $! $(cat %3$s) 2>/dev/null || :' EXIT
        echo $! >%6$s
        until test -s %3$s; do kill -0 $!; /bin/sleep 0.05; done
        sleeper=$(cat %3$s)
        %4$s
        kill -USR1 $!
        until %5$s; do kill -0 $!; /bin/sleep 0.05; done
        # Not with !, whose failure would end nothing.
        looks=0
        while kill -0 $sleeper 2>/dev/null; do
          looks=$((looks + 1))
          test $looks -lt 600
          /bin/sleep 0.05
        done
        """
            .formatted(
                file("/usr/lib/hardbake/firstboot"),
                mode,
                asleep,
                bring,
                until,
                fakes.resolve("pid"));
    return run(List.of("sh", "-c", commands));
  }

  /** How many seconds the last watch waited before each look, and would have before the next. */
  List<Integer> rests() throws IOException {
    return Files.readAllLines(fakes.resolve("slept")).stream().map(Integer::valueOf).toList();
  }

  Oracle.Result status() {
    return run(List.of(file("/usr/local/bin/hardbake").toString(), "status"));
  }

  Oracle.Result run(List<String> command) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("HARDBAKE_ROOT", root.toString());
    environment.put("PATH", fakes + ":" + System.getenv("PATH") + ":/usr/sbin:/sbin");
    return Oracle.run(command, PATIENCE, environment);
  }

  /** What is there after a reboot: all but /run. */
  void reboot() throws IOException {
    Removal.of(file("/run"));
    Files.createDirectories(file("/run/hardbake"));
  }
}
