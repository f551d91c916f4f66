package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the real script does for an etcd without data. Its cluster is the test's own, and speaks as
 * etcd 3.4 was heard; {@code ClusterFaultsIT} has the real one.
 */
final class RejoinIT {
  private static final String LIVING = "\"name\":\"%1$s\",\"clientURLs\":[\"https://%1$s:2379\"]";
  private static final String NEVER_STARTED = "\"name\":\"%s\"";
  private static final String ABSENT = "absent";
  private static final String DATA = "/var/lib/etcd/member/wal";
  private static final String FOUNDING = "/var/lib/hardbake/founding";

  /** Of whom has joined and not started. */
  private static final String UNNAMED = "";

  @TempDir private Path directory;
  private FirstBootMachine machine;

  @BeforeEach
  void layOut() throws Exception {
    machine =
        new FirstBootMachine(directory, "controller", "controller-2")
            .write(
                "/etc/hardbake/node.env",
                """
                NODE_NAME=controller-2
                CONTROLLERS="controller-0=10.240.0.10 controller-1 controller-2=10.240.0.12"
                """)
            .program(
                "curl",
                """
                for url; do :; done
                answer=$HARDBAKE_ROOT/$(echo $url | tr -d '/')
                test ! -e $answer-mute || { printf '\\n1'; exit 28; }
                test -e $answer || { printf '\\n0'; exit 7; }
                cat $answer && printf '\\n1'
                """)
            .program(
                "etcdctl",
                """
                while [ "$1" != member ]; do shift; done
                echo "$*" >>$HARDBAKE_ROOT/asked
                case "$*" in
                  "member list") cat $HARDBAKE_ROOT/list ;;
                  *) test ! -e $HARDBAKE_ROOT/undecided && mv $HARDBAKE_ROOT/after-$2 $HARDBAKE_ROOT/list ;;
                esac
                """);
  }

  /** What those who answer know of this machine. */
  private void members(String own, String... answering) throws Exception {
    List<String> members = new ArrayList<>();
    for (String other : List.of("controller-0", "controller-1")) {
      members.add(member(other, LIVING));
    }
    if (!own.equals(ABSENT)) {
      members.add(1, member("controller-2", own));
    }
    for (String each : answering) {
      machine.write(
          "/https:%s:2380members".formatted(each), "[" + String.join(",", members) + "]\n");
    }
  }

  private static String member(String name, String attributes) {
    String more = attributes.isEmpty() ? "" : "," + attributes.formatted(name);
    return "{\"id\":1259761490123835750,\"peerURLs\":[\"https://%s:2380\"]%s}"
        .formatted(name, more);
  }

  private static String listed(String id, String name, boolean started) {
    return started
        ? "%1$s, started, %2$s, https://%2$s:2380, https://%2$s:2379, false\n".formatted(id, name)
        : "%s, unstarted, , https://%s:2380, , false\n".formatted(id, name);
  }

  /** What etcdctl lists before, after the removal, and after the joining. */
  private void lists(String before) throws Exception {
    String others = listed("a0", "controller-0", true) + listed("a1", "controller-1", true);
    machine.write("/list", before + others);
    machine.write("/after-remove", others);
    machine.write("/after-add", listed("b2", "controller-2", false) + others);
  }

  private Oracle.Result rejoin() throws Exception {
    return machine.run(
        List.of(
            machine.file("/usr/lib/hardbake/rejoin").toString(),
            machine.file("/membership").toString()));
  }

  private List<String> asked() throws Exception {
    Path asked = machine.file("/asked");
    return Files.exists(asked) ? Files.readAllLines(asked) : List.of();
  }

  private void assertAsksNobody() throws Exception {
    rejoin().succeeded();
    assertEquals(List.of(), asked());
    assertFalse(Files.exists(machine.file("/membership")));
  }

  private void assertFounds() throws Exception {
    assertAsksNobody();
    assertTrue(Files.exists(machine.file(FOUNDING)));
  }

  private void foundedBefore() throws Exception {
    assertFounds();
    Files.createDirectories(machine.file(DATA));
  }

  private void assertJoins(String... asked) throws Exception {
    rejoin().succeeded();
    assertEquals(List.of(asked), asked());
    assertEquals(
        "MEMBERSHIP=\"--initial-cluster=controller-2=https://controller-2:2380,"
            + "controller-0=https://controller-0:2380,controller-1=https://controller-1:2380"
            + " --initial-cluster-state=existing\"\n",
        machine.text("/membership"));
  }

  private void assertJoinsWhoDoNotKnowIt() throws Exception {
    members(ABSENT, "controller-0");
    lists("");
    assertJoins(
        "member list",
        "member add controller-2 --peer-urls=https://controller-2:2380",
        "member list");
  }

  @Test
  void whereNobodyAnswersTheClusterIsFounded() throws Exception {
    assertFounds();
  }

  /** Two are enough to found a cluster of three. */
  @Test
  void aFounderThatComesLateIsStillAFounder() throws Exception {
    members(NEVER_STARTED, "controller-0", "controller-1");
    assertFounds();
  }

  @Test
  void othersThatWaitForAMajorityAreFoundersToo() throws Exception {
    machine.write(
        "/https:controller-0:2380members",
        "[" + member("controller-0", NEVER_STARTED) + "," + member("controller-1", LIVING) + "]\n");
    assertFounds();
  }

  @Test
  void whoHasDataAsksNobody() throws Exception {
    members(LIVING, "controller-0", "controller-1");
    Files.createDirectories(machine.file(DATA));
    assertAsksNobody();
    assertFalse(Files.exists(machine.file(FOUNDING)));
  }

  /** A copied disk would vote in its original's place, whatever name etcd is told. */
  @Test
  void dataOfAnotherControllerIsNotUsed() throws Exception {
    assertFounds();
    Files.delete(machine.file(FOUNDING));
    Files.createDirectories(machine.file(DATA));
    assertAsksNobody();

    String own = machine.text("/etc/hardbake/node.env");
    machine.write("/etc/hardbake/node.env", own.replace("=controller-2\n", "=controller-1\n"));
    String said = rejoin().refused().stderr();
    assertTrue(said.startsWith("the data of etcd here is that of controller-2, and"), said);
    Files.delete(machine.file(DATA));
    assertFounds();
    Files.delete(machine.file(FOUNDING));
    Files.createDirectories(machine.file(DATA));
    assertAsksNobody();

    machine.write("/etc/hardbake/node.env", own);
    rejoin().refused();
    // Alone it is the whole cluster under any name.
    machine.write("/etc/hardbake/node.env", "NODE_NAME=c\nCONTROLLERS=\"c=10.240.0.12\"\n");
    assertAsksNobody();
  }

  /** Their data, until they have worked in a cluster, is worth less than what others have. */
  @ParameterizedTest
  @ValueSource(strings = {LIVING, ABSENT})
  void whoFoundedWhileOthersCouldNotBeReachedJoinsThem(String own) throws Exception {
    foundedBefore();
    members(own, "controller-1");
    lists(own.equals(LIVING) ? listed("a2", "controller-2", true) : "");
    String add = "member add controller-2 --peer-urls=https://controller-2:2380";
    if (own.equals(LIVING)) {
      assertJoins("member list", "member remove a2", add, "member list");
    } else {
      assertJoins("member list", add, "member list");
    }
    assertFalse(Files.exists(machine.file(DATA)));
    assertFalse(Files.exists(machine.file(FOUNDING)));
  }

  /**
   * The power failed when it had met them, and before that was noted: they wait for it, as it for
   * them.
   */
  @Test
  void whoHasMetAMajorityAsksNobody() throws Exception {
    foundedBefore();
    members(LIVING, "controller-0");
    machine.write("/var/lib/etcd/member/snap/db", "\0" + member("controller-2", LIVING) + "\0\377");
    assertAsksNobody();
    assertFalse(Files.exists(machine.file(FOUNDING)));
    assertTrue(Files.exists(machine.file(DATA)));

    // What it has of the others says nothing of itself.
    machine.write(FOUNDING, "");
    machine.write("/var/lib/etcd/member/snap/db", member("controller-0", LIVING));
    assertJoinsWhoDoNotKnowIt();
  }

  /** As without data: the others need it for their majority, or are themselves yet to come. */
  @ParameterizedTest
  @ValueSource(strings = {NEVER_STARTED, ABSENT})
  void whoFoundsKeepsItsDataWhereNobodyHasOther(String own) throws Exception {
    foundedBefore();
    if (own.equals(NEVER_STARTED)) {
      members(own, "controller-0", "controller-1");
    }
    assertFounds();
    assertTrue(Files.exists(machine.file(DATA)));
  }

  /** A machine that starves takes connections, and answers too late. */
  @Test
  void whoIsThereAndSaysNothingIsNotTakenForAbsent() throws Exception {
    machine.write("/https:controller-1:2380members-mute", "");
    Oracle.Result refused = rejoin().refused();
    assertTrue(
        refused.stderr().contains("https://controller-1:2380/members gave no answer"),
        refused::toString);
    assertFalse(Files.exists(machine.file(FOUNDING)));

    members(LIVING, "controller-0");
    lists(listed("a2", "controller-2", true));
    machine.write("/https:controller-0:2379metrics-mute", "");
    refused = rejoin().refused();
    assertTrue(
        refused.stderr().contains("https://controller-0:2379/metrics gave no answer"),
        refused::toString);
    assertEquals(List.of("member list"), asked());
  }

  /** A power cut may leave as much of the data, which then is none. */
  @Test
  void whoLostItsDataLeavesAndJoinsAnew() throws Exception {
    members(LIVING, "controller-1");
    lists(listed("a2", "controller-2", true));
    Files.createDirectories(machine.file("/var/lib/etcd/member/snap"));
    assertJoins(
        "member list",
        "member remove a2",
        "member add controller-2 --peer-urls=https://controller-2:2380",
        "member list");
  }

  @Test
  void whatWasCutOffIsCompleted() throws Exception {
    assertJoinsWhoDoNotKnowIt();
  }

  /** Of two, none decides alone: a newcomer that does not come up would be the end of the first. */
  @Test
  void nobodyJoinsAClusterThatIsNoMajority() throws Exception {
    machine.write("/https:controller-0:2380members", "[" + member("controller-0", LIVING) + "]\n");
    machine.write("/list", listed("a0", "controller-0", true));
    Oracle.Result refused = rejoin().refused();
    assertTrue(
        refused.stderr().contains("1 of 3 controllers, and controller-2 is none of them"),
        refused::toString);
    assertEquals(List.of("member list"), asked());

    // Typed as it is printed.
    machine.program("etcdctl", "printf '%s\\n' \"$@\" >$HARDBAKE_ROOT/asked");
    String remedy = refused.stderr().replaceAll("(?s).*let it join: ", "");
    machine.run(List.of("sh", "-c", remedy)).succeeded();
    String certificates = machine.file("/var/lib/kubernetes") + "/";
    assertEquals(
        List.of(
            "--endpoints=https://controller-0:2379",
            "--cacert=" + certificates + "ca.pem",
            "--cert=" + certificates + "kubernetes.pem",
            "--key=" + certificates + "kubernetes-key.pem",
            "member",
            "add",
            "controller-2",
            "--peer-urls=https://controller-2:2380"),
        asked());
  }

  @Test
  void whoHasJoinedAlreadyIsNotRemovedAgain() throws Exception {
    members(UNNAMED, "controller-0");
    lists(listed("b2", "controller-2", false));
    assertJoins("member list");
  }

  @Test
  void nobodyIsRemovedToWhomOthersSpeak() throws Exception {
    members(LIVING, "controller-0", "controller-1");
    lists(listed("a2", "controller-2", true));
    String known = "etcd_network_known_peers{Local=\"a1\",Remote=\"a2\"} 1\n";
    String peers = "etcd_network_active_peers{Local=\"a1\",Remote=\"a2\"} %d\n";
    machine.write("/https:controller-0:2379metrics", known + peers.formatted(0));
    machine.write("/https:controller-1:2379metrics", known + peers.formatted(1));
    Oracle.Result refused = rejoin().refused();
    assertTrue(
        refused.stderr().contains("controller-1 still speaks with controller-2"),
        refused::toString);
    assertEquals(List.of("member list"), asked());

    machine.write("/https:controller-1:2379metrics", known + peers.formatted(0));
    rejoin().succeeded();
  }

  @Test
  void withoutAMajorityItSaysSoAndWaits() throws Exception {
    members(LIVING, "controller-0");
    lists(listed("a2", "controller-2", true));
    machine.write("/undecided", "");
    Oracle.Result refused = rejoin().refused();
    assertTrue(
        refused.stderr().contains("controller-0 could not take controller-2 in again"),
        refused::toString);
    assertFalse(Files.exists(machine.file("/membership")));
  }
}
