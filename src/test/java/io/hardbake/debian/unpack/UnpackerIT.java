package io.hardbake.debian.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.debian.unpack.UnpackedPackage.Member;
import io.hardbake.fetch.Store;
import io.hardbake.io.Sha256;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real packages, as dpkg-deb and GNU tar see them and as we do. */
class UnpackerIT {
  /** Setuid and setgid files, hard links, long names, many members, large and empty packages. */
  private static final List<String> PACKAGES =
      List.of(
          ("adduser apt base-files base-passwd bash bind9-dnsutils bsdutils ca-certificates"
                  + " coreutils curl dash dbus debconf debianutils diffutils dpkg e2fsprogs"
                  + " etcd-server findutils gpgv grep gzip haproxy hostname init-system-helpers"
                  + " iproute2 iputils-ping kmod libacl1 libapt-pkg6.0 libc-bin libc6 libcap2"
                  + " libgcc-s1 libpam-modules libpam-runtime libssl3 libsystemd0 login lsb-base"
                  + " mawk mount ncurses-base ncurses-bin netbase nginx openssh-server passwd"
                  + " perl-base procps rsync sed sudo systemd systemd-sysv tar tzdata udev"
                  + " util-linux vim-tiny zlib1g")
              .split(" ", -1));

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  @TempDir Path directory;
  private Unpacker unpacker;

  @BeforeEach
  void openStore() throws IOException {
    Oracle.require("dpkg-deb", "tar", "apt-get");
    Oracle.requireRoot();
    unpacker = new Unpacker(Store.open(directory.resolve("store")));
  }

  @Test
  void packagesOfTheArchiveAreWhatDpkgSees() throws Exception {
    List<Path> debs = download(PACKAGES);
    assertEquals(PACKAGES.size(), debs.size());
    int members = 0;
    for (Path deb : debs) {
      members += assertAsDpkgSees(deb).members().size();
    }
    assertTrue(members > 5000, "only " + members + " members");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "xz", "zstd"})
  void packagesThatDpkgBuildsAreRead(String compression) throws Exception {
    Path deb = rebuild(download(List.of("hostname")).get(0), compression);
    assertAsDpkgSees(deb);
  }

  /** Negative control: a package with one mode changed is no longer the same. */
  @Test
  void aChangedModeIsSeen() throws Exception {
    Path original = download(List.of("hostname")).get(0);
    Path changed = rebuild(original, "xz");
    assertNotEquals(tarListing(original), listing(unpacker.unpack(changed, Sha256.of(changed))));
  }

  private UnpackedPackage assertAsDpkgSees(Path deb) throws Exception {
    UnpackedPackage ours = unpacker.unpack(deb, Sha256.of(deb));
    assertEquals(tarListing(deb), listing(ours), deb.toString());
    Path unpacked = directory.resolve("unpacked");
    Path control = directory.resolve("control");
    Oracle.run("dpkg-deb", "-x", deb.toString(), unpacked.toString()).succeeded();
    Oracle.run("dpkg-deb", "-e", deb.toString(), control.toString()).succeeded();
    assertEquals(digestsBelow(unpacked), digests(ours), deb.toString());
    Map<String, Sha256> controlFiles = new TreeMap<>(digestsBelow(control));
    controlFiles.remove("/control");
    Map<String, Sha256> our = new TreeMap<>();
    for (var file : ours.controlFiles().entrySet()) {
      our.put("/" + file.getKey(), Sha256.of(file.getValue().bytes()));
    }
    assertEquals(controlFiles, our, deb.toString());
    Oracle.run("rm", "-rf", unpacked.toString(), control.toString()).succeeded();
    return ours;
  }

  private List<Path> download(List<String> packages) throws IOException {
    Path target = Files.createDirectories(directory.resolve("debs"));
    List<String> command =
        new ArrayList<>(List.of("env", "-C", target.toString(), "apt-get", "-qq", "download"));
    command.addAll(packages);
    Oracle.run(command).succeeded();
    try (Stream<Path> files = Files.list(target)) {
      return files.sorted().toList();
    }
  }

  private Path rebuild(Path deb, String compression) {
    Path tree = directory.resolve("tree");
    Path rebuilt = directory.resolve("rebuilt.deb");
    Oracle.run("dpkg-deb", "-R", deb.toString(), tree.toString()).succeeded();
    Oracle.run("chmod", "4711", tree.resolve("bin/hostname").toString()).succeeded();
    Oracle.run("dpkg-deb", "-Z" + compression, "-b", tree.toString(), rebuilt.toString())
        .succeeded();
    return rebuilt;
  }

  /** {@code tar -tv} with single spaces between its columns. */
  private static List<String> tarListing(Path deb) {
    String script =
        "dpkg-deb --fsys-tarfile \"$1\" | TZ=UTC tar -tv --numeric-owner --full-time"
            + " --quoting-style=literal";
    return Oracle.run("bash", "-o", "pipefail", "-c", script, "-", deb.toString())
        .succeeded()
        .stdout()
        .lines()
        .map(line -> line.replaceFirst("^(\\S+) +(\\S+) +(\\S+) ", "$1 $2 $3 "))
        .toList();
  }

  private static List<String> listing(UnpackedPackage unpacked) {
    return unpacked.members().stream().map(UnpackerIT::line).toList();
  }

  private static String line(Member member) {
    Entry entry = member.entry();
    String type = "d";
    String size = "0";
    String suffix = "";
    if (entry instanceof Entry.RegularFile file) {
      type = "-";
      size = Long.toString(file.content().size().bytes());
    } else if (entry instanceof Entry.Symlink link) {
      type = "l";
      suffix = " -> " + link.target();
    } else if (entry instanceof Entry.HardLink link) {
      type = "h";
      suffix = " link to ." + link.target();
    } else if (!member.path().isRoot()) {
      suffix = "/";
    }
    return "%s%s %d/%d %s %s .%s%s"
        .formatted(
            type,
            permissions(entry.meta().mode()),
            entry.meta().uid(),
            entry.meta().gid(),
            size,
            TIME.format(Instant.ofEpochSecond(entry.meta().mtime())),
            member.path(),
            suffix);
  }

  private static String permissions(int mode) {
    StringBuilder text = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode & (1 << bit)) == 0 ? '-' : "xwr".charAt(bit % 3));
    }
    String special = "tss";
    for (int i = 0; i < 3; i++) {
      if ((mode & (01000 << i)) != 0) {
        int at = 8 - 3 * i;
        char letter = special.charAt(i);
        text.setCharAt(at, text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
      }
    }
    return text.toString();
  }

  private static Map<String, Sha256> digests(UnpackedPackage unpacked) throws IOException {
    Map<AbsolutePath, Sha256> digests = new TreeMap<>();
    for (Member member : unpacked.members()) {
      if (member.entry() instanceof Entry.RegularFile file) {
        // What is read, not what the index says.
        digests.put(member.path(), Sha256.of(file.content().bytes()));
        assertEquals(digests.get(member.path()), file.content().sha256());
      } else if (member.entry() instanceof Entry.HardLink link) {
        Sha256 target = digests.get(link.target());
        assertTrue(target != null, link + " comes before its target");
        digests.put(member.path(), target);
      }
    }
    Map<String, Sha256> byName = new TreeMap<>();
    digests.forEach((path, digest) -> byName.put(path.value(), digest));
    return byName;
  }

  private static Map<String, Sha256> digestsBelow(Path root) throws IOException {
    Map<String, Sha256> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          digests.put("/" + root.relativize(file), Sha256.of(file));
        }
      }
    }
    return digests;
  }
}
