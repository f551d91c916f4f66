package io.hardbake.settle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.debian.BinaryPackage;
import io.hardbake.debian.Paragraph;
import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.image.Architecture;
import io.hardbake.settle.RolePackages.Opened;
import io.hardbake.settle.Rootfs.Node;
import io.hardbake.tree.Content;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The roles' own packages, settled, against what dpkg and the real maintainer scripts make of the
 * very same files; and dpkg and apt at work on what was settled. {@code -Dhardbake.settle=ONE,TWO}
 * names packages whose rules are new: then it is about these, and not about the roles.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(2) // the longest of those that need no machine
class SettleGoldenIT {
  private static final int MOST_DIFFERENCES = 60;
  private static final String MERGED_USR = "/usr/share/mmdebstrap/hooks/merged-usr";
  private static final Path WORK = Path.of("target", "settle-golden");

  /** Keeps services from being started in a chroot (invoke-rc.d(8)). */
  private static final String POLICY = "usr/sbin/policy-rc.d";

  /** What a role came to, and the repository of its packages. */
  private record Settlement(Opened packages, Settled settled, Rootfs baked, Path repository) {}

  private final Map<String, Settlement> settlements = new HashMap<>();
  private RolePackages packages;

  @BeforeAll
  void openTheArchive() throws Exception {
    Oracle.require("mmdebstrap", "unshare", "chroot", "tar", "dpkg");
    Oracle.requireRoot();
    remove(WORK);
    packages = RolePackages.open(Architecture.AMD64);
  }

  @AfterAll
  void removeTheTrees() {
    remove(WORK);
  }

  /** The sets of packages, as {@link RolePackages#requestedBy} has them. */
  static List<String> sets() {
    String named = System.getProperty("hardbake.settle", "");
    return named.isEmpty() ? RolePackages.GOLDEN : List.of("packages:" + named);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void equalsWhatTheMaintainerScriptsLeave(String role) throws Exception {
    Settlement settlement = settlement(role);
    assertEquals(List.of(), settlement.settled().unconfigured());
    AllowedDifferences allowed = AllowedDifferences.read("golden-differences.txt");
    assertTrue(allowed.reasons().size() <= MOST_DIFFERENCES, "too many allowed differences");
    assertTrue(
        allowed.reasons().keySet().stream()
            .noneMatch(p -> p.equals("/var/lib/dpkg/status") || p.startsWith("/var/lib/dpkg/info")),
        "dpkg's status and lists are equal or wrong");

    SortedMap<String, String> difference =
        Rootfs.difference(mmdebstrap(role, settlement).scan(), settlement.baked().scan());

    assertEquals(
        "", lines(AllowedDifferences.read("golden-differences.txt", role).unexplained(difference)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"controller", "loadbalancer+machine"})
  void dpkgAndAptFindNothingToMend(String role) throws Exception {
    Rootfs machine = copy(settlement(role), "checked");
    assertEquals("", machine.run("dpkg", "--audit").succeeded().stdout());
    assertEquals("", machine.run("dpkg", "--verify").succeeded().stdout());
    // The negative controls: a file that changed, a package that is not configured.
    Path victim = machine.directory().resolve("usr/bin/sudo");
    Files.writeString(victim, "flipped");
    assertTrue(machine.run("dpkg", "--verify").stdout().contains("/usr/bin/sudo"));
    markUnpacked(machine, "Package: sudo\n");
    assertTrue(machine.run("dpkg", "--audit").stdout().contains("sudo"));
  }

  @Test
  void aptGoesOnFromThere() throws Exception {
    Settlement settlement = settlement("controller");
    Rootfs machine = copy(settlement, "apt");
    NavigableSet<String> more = new TreeSet<>(settlement.packages().resolution().requested());
    more.add("less");
    Opened with = packages.resolve(more);
    LocalRepository.write(
        machine.directory().resolve("repository"), with.resolution().packages(), with.files());
    remove(machine.directory().resolve("etc/apt/sources.list.d"));
    Files.writeString(
        machine.directory().resolve("etc/apt/sources.list"),
        LocalRepository.source("/repository") + "\n");
    machine.run("apt-get", "-o", "APT::Sandbox::User=root", "update").succeeded();

    machine.run("apt-get", "check").succeeded();
    String plan = machine.run("apt-get", "-s", "install", "less").succeeded().stdout();
    assertTrue(plan.contains("0 upgraded, 1 newly installed, 0 to remove"), plan);
    String upgrade = machine.run("apt-get", "-s", "dist-upgrade").succeeded().stdout();
    assertTrue(upgrade.contains("0 upgraded, 0 newly installed, 0 to remove"), upgrade);
    String orphans = machine.run("apt-get", "-s", "autoremove").succeeded().stdout();
    assertTrue(orphans.contains("0 upgraded, 0 newly installed, 0 to remove"), orphans);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void configuringEverythingAgainChangesNothing(String role) throws Exception {
    Rootfs machine = copy(settlement(role), "fixpoint");
    SortedMap<String, Node> before = machine.scan();
    markUnpacked(machine, "Package: ");
    String status = Files.readString(machine.directory().resolve("var/lib/dpkg/status"));
    assertFalse(status.contains("install ok installed"));

    configure(machine).succeeded();

    assertFixpoint(role, before, machine);
  }

  /** As when each package is upgraded: prerm, preinst, postrm and postinst, and the triggers. */
  @ParameterizedTest
  @EnabledIfSystemProperty(named = "hardbake.slow", matches = "true")
  @MethodSource("sets")
  void installingEverythingAgainChangesNothing(String role) throws Exception {
    Settlement settlement = settlement(role);
    Rootfs machine = copy(settlement, "reinstalled");
    SortedMap<String, Node> before = machine.scan();
    Path debs = machine.directory().resolve("debs");
    Oracle.run("cp", "-r", settlement.repository().toString(), debs.toString()).succeeded();

    String command = "find /debs -name '*.deb' -exec dpkg --force-confold -i {} +";
    withoutServices(machine, "sh", "-ec", command).succeeded();

    remove(debs);
    assertEquals("", machine.run("dpkg", "--audit").succeeded().stdout());
    assertFixpoint(role, before, machine);
  }

  @Test
  void anUnknownScriptIsLeftToDpkgWhichRunsIt() throws Exception {
    Settlement settlement = settlement("loadbalancer");
    List<UnpackedPackage> changed = new ArrayList<>();
    for (UnpackedPackage one : settlement.packages().opened()) {
      changed.add(one.name().equals("sudo") ? withAnotherPostinst(one) : one);
    }
    Settled settled = settle(changed, settlement.packages());
    assertEquals(
        List.of("sudo"),
        settled.unconfigured().stream().map(Settled.Unconfigured::packageName).toList());
    Rootfs machine = new Rootfs(WORK.resolve("unknown").toAbsolutePath());
    RootfsWriter.write(settled.tree(), machine.directory());
    String[] query = {"dpkg-query", "-W", "-f", "${Status}", "sudo"};
    assertEquals("install ok unpacked", machine.run(query).succeeded().stdout());

    configure(machine).succeeded();

    assertEquals("install ok installed", machine.run(query).succeeded().stdout());
    assertEquals("440\n", machine.run("stat", "-c", "%a", "/etc/sudoers").stdout());
    assertTrue(Files.exists(machine.directory().resolve("var/was-here")));
    assertEquals("", machine.run("dpkg", "--audit").succeeded().stdout());
  }

  @Test
  void whatDiffersIsReported() throws Exception {
    Rootfs machine = copy(settlement("loadbalancer"), "flipped");
    SortedMap<String, Node> before = machine.scan();
    assertEquals("", lines(Rootfs.difference(before, machine.scan())));

    Oracle.run(
            "sh",
            "-ec",
            "cd \"$0\"; chmod 0700 etc/apt; chown 33 etc/hosts; echo x >> etc/networks;"
                + " ln -sfn elsewhere etc/mtab; rm etc/motd; touch etc/new;"
                + " setfattr -x security.capability usr/bin/ping 2>/dev/null"
                + " || setcap -r usr/bin/ping; sed -i 's/^games:x:5/games:x:55/' etc/passwd;"
                + " sed -i 's/^sshd:x:102:65534:/sshd:x:102:0:/' etc/passwd",
            machine.directory().toString())
        .succeeded();

    assertEquals(
        List.of(
            "/etc/apt",
            "/etc/hosts",
            "/etc/motd",
            "/etc/mtab",
            "/etc/networks",
            "/etc/new",
            "/etc/passwd",
            "/usr/bin/ping"),
        List.copyOf(Rootfs.difference(before, machine.scan()).keySet()));
  }

  private Settlement settlement(String role) throws Exception {
    Settlement known = settlements.get(role);
    if (known != null) {
      return known;
    }
    Opened opened = packages.resolve(RolePackages.requestedBy(role));
    Path repository = WORK.resolve(role).resolve("repository").toAbsolutePath();
    List<BinaryPackage> binaries = opened.resolution().packages();
    LocalRepository.write(repository, binaries, opened.files());
    Settled settled = settle(opened.opened(), opened);
    Rootfs baked = new Rootfs(WORK.resolve(role).resolve("baked").toAbsolutePath());
    RootfsWriter.write(settled.tree(), baked.directory());
    Settlement settlement = new Settlement(opened, settled, baked, repository);
    settlements.put(role, settlement);
    return settlement;
  }

  private static Settled settle(List<UnpackedPackage> some, Opened opened) throws Exception {
    return new Settler(Architecture.AMD64, Instant.now().getEpochSecond())
        .settle(some, opened.resolution().requested(), List.of());
  }

  /** The same packages, installed by apt and dpkg with all their scripts. */
  private static Rootfs mmdebstrap(String role, Settlement settlement) {
    Path target = WORK.resolve(role).resolve("real").toAbsolutePath();
    Collection<String> requested = settlement.packages().resolution().requested();
    Oracle.run(
            List.of(
                "mmdebstrap",
                "--mode=root",
                "--variant=essential",
                "--hook-dir=" + MERGED_USR,
                "--dpkgopt=force-unsafe-io",
                "--aptopt=APT::Install-Recommends \"false\"",
                "--include=" + String.join(",", requested),
                "bookworm",
                target.toString(),
                LocalRepository.source(settlement.repository().toString())),
            Duration.ofMinutes(8),
            Map.of())
        .succeeded();
    return new Rootfs(target);
  }

  /** A copy of a settled tree that a test may spoil. */
  private static Rootfs copy(Settlement settlement, String name) {
    Path target = settlement.baked().directory().resolveSibling(name);
    Oracle.run("cp", "-a", settlement.baked().directory().toString(), target.toString())
        .succeeded();
    return new Rootfs(target);
  }

  private static void markUnpacked(Rootfs machine, String paragraph) throws Exception {
    Path status = machine.directory().resolve("var/lib/dpkg/status");
    String changed = Files.readString(status).lines().collect(Collectors.joining("\n", "", "\n"));
    StringBuilder text = new StringBuilder();
    for (String one : changed.split("(?<=\n)\n", -1)) {
      text.append(
          one.startsWith(paragraph)
              ? one.replace("install ok installed", "install ok unpacked")
              : one);
      text.append(one.isEmpty() ? "" : "\n");
    }
    Files.writeString(status, text);
  }

  /** What a machine makes for itself may have changed, and nothing else. */
  private static void assertFixpoint(String role, SortedMap<String, Node> before, Rootfs machine)
      throws Exception {
    SortedMap<String, String> difference = Rootfs.difference(machine.scan(), before);
    assertEquals(
        "",
        lines(AllowedDifferences.read("fixpoint-differences.txt", role).unexplained(difference)));
  }

  private static Oracle.Result configure(Rootfs machine) throws Exception {
    return withoutServices(machine, "dpkg", "--configure", "-a");
  }

  /** Runs a command whose maintainer scripts are kept from starting services. */
  private static Oracle.Result withoutServices(Rootfs machine, String... command) throws Exception {
    Path policy = machine.directory().resolve(POLICY);
    Files.writeString(policy, "#!/bin/sh\nexit 101\n");
    Oracle.run("chmod", "755", policy.toString()).succeeded();
    Oracle.Result result = machine.run(command);
    Files.delete(policy);
    return result;
  }

  private static UnpackedPackage withAnotherPostinst(UnpackedPackage one) throws Exception {
    SortedMap<String, Content> files = new TreeMap<>(one.controlFiles());
    Content postinst = files.get("postinst");
    assertTrue(postinst != null);
    files.put("postinst", Content.of(postinst.text() + "touch /var/was-here\n"));
    return new UnpackedPackage(new Paragraph(one.control().fields()), files, one.members());
  }

  private static String lines(SortedMap<String, String> difference) {
    return difference.entrySet().stream()
        .map(e -> e.getKey() + "  " + e.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private static void remove(Path directory) {
    Oracle.run("rm", "-rf", "--one-file-system", directory.toString()).succeeded();
  }
}
