package io.hardbake.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of versions, held against dpkg's own. */
class DebVersionIT {
  private static final int PAIRS = 10_000;

  /** Two processes a pair, which is why not all are asked for so. */
  private static final String COMPARE =
      """
      while read -r a b; do
        if dpkg --compare-versions "$a" lt "$b"; then echo -1
        elif dpkg --compare-versions "$a" eq "$b"; then echo 0
        else echo 1
        fi
      done < "$1"
      """;

  private static final int COMPARED = 500;

  @TempDir Path directory;

  @Test
  void agreesWithDpkg() throws Exception {
    Oracle.require("dpkg", "sh");
    List<DebVersion[]> pairs = pairs();
    List<Integer> order = merged(pairs);
    int equal = 0;
    for (int i = 0; i < pairs.size(); i++) {
      DebVersion[] pair = pairs.get(i);
      assertEquals(
          order.get(i),
          Integer.signum(pair[0].compareTo(pair[1])),
          "dpkg about " + pair[0] + " and " + pair[1]);
      if (order.get(i) == 0) {
        equal++;
        assertEquals(pair[0].hashCode(), pair[1].hashCode(), pair[0] + " " + pair[1]);
      }
    }
    assertTrue(equal > PAIRS / 100 && equal < PAIRS / 2, "equal pairs: " + equal);
  }

  /** A naive order must be told apart from dpkg's by these very pairs. */
  @Test
  void thePairsWouldShowANaiveOrder() throws Exception {
    Oracle.require("dpkg", "sh");
    List<DebVersion[]> pairs = pairs().subList(0, COMPARED);
    List<Integer> order = compared(pairs);
    assertEquals(order, merged(pairs));
    int wrong = 0;
    for (int i = 0; i < pairs.size(); i++) {
      String a = pairs.get(i)[0].toString();
      if (Integer.signum(a.compareTo(pairs.get(i)[1].toString())) != order.get(i)) {
        wrong++;
      }
    }
    assertTrue(wrong > 50, "only " + wrong);
  }

  private List<Integer> compared(List<DebVersion[]> pairs) throws Exception {
    Path file = directory.resolve("pairs");
    Files.write(file, pairs.stream().map(pair -> pair[0] + " " + pair[1]).toList());
    Oracle.Result result = Oracle.run("sh", "-c", COMPARE, "sh", file.toString()).succeeded();
    List<Integer> order = result.stdout().lines().map(Integer::valueOf).toList();
    assertEquals(pairs.size(), order.size());
    return order;
  }

  /**
   * The same in one process: of two entries for a package, dpkg keeps the newer as the one that is
   * available, and of two that are equal the later. So each pair is told in both orders.
   */
  private List<Integer> merged(List<DebVersion[]> pairs) throws Exception {
    StringBuilder told = new StringBuilder();
    for (int i = 0; i < pairs.size(); i++) {
      for (int first = 0; first < 2; first++) {
        told.append(entry("p" + i + first, pairs.get(i)[first], first));
        told.append(entry("p" + i + first, pairs.get(i)[1 - first], 1 - first));
      }
    }
    Path database = Files.createDirectories(directory.resolve("dpkg"));
    Files.createDirectories(database.resolve("info"));
    Files.createDirectories(database.resolve("updates"));
    Files.writeString(database.resolve("status"), "");
    Path file = Files.writeString(directory.resolve("told"), told);
    Oracle.run("dpkg", "--admindir=" + database, "--clear-avail").succeeded();
    Oracle.run("dpkg", "--admindir=" + database, "--merge-avail", file.toString()).succeeded();
    Map<String, Integer> newer = new HashMap<>();
    for (Paragraph kept : Deb822.all(Files.readAllBytes(database.resolve("available")))) {
      newer.put(
          kept.get("Package").orElseThrow(),
          Integer.valueOf(kept.get("Description").orElseThrow()));
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      Integer first = newer.get("p" + i + 0);
      Integer second = newer.get("p" + i + 1);
      assertTrue(first != null && second != null, "dpkg kept nothing of pair " + i);
      order.add(first.equals(second) ? 1 - 2 * first : 0);
    }
    return order;
  }

  private static String entry(String name, DebVersion version, int which) {
    return "Package: %s\nArchitecture: all\nVersion: %s\nMaintainer: x\nDescription: %d\n\n"
        .formatted(name, version, which);
  }

  /** Each pair is a version and either another or the same with little changed. */
  private static List<DebVersion[]> pairs() {
    Random random = new Random(7);
    List<DebVersion[]> pairs = new ArrayList<>();
    while (pairs.size() < PAIRS) {
      String a = version(random);
      String b = random.nextInt(3) == 0 ? version(random) : changed(a, random);
      try {
        pairs.add(new DebVersion[] {DebVersion.parse(a), DebVersion.parse(b)});
      } catch (MalformedControlException e) {
        // A change can make a version none; dpkg would only warn.
      }
    }
    return pairs;
  }

  private static String version(Random random) {
    StringBuilder version = new StringBuilder();
    if (random.nextInt(4) == 0) {
      version.append(random.nextInt(3)).append(':');
    }
    version.append(random.nextInt(12));
    append(version, random, "0019aZz.+~-:", version.indexOf(":") >= 0);
    if (random.nextInt(2) == 0) {
      version.append('-').append(random.nextInt(3));
      append(version, random, "0019aZ.+~", false);
    }
    return version.toString();
  }

  private static void append(StringBuilder to, Random random, String alphabet, boolean colons) {
    for (int n = random.nextInt(8); n > 0; n--) {
      char c = alphabet.charAt(random.nextInt(alphabet.length()));
      if (c != ':' || colons) {
        to.append(c);
      }
    }
  }

  private static String changed(String version, Random random) {
    int at = random.nextInt(version.length() + 1);
    String inserted = List.of("0", "~", "+", ".", "a", "-0", "").get(random.nextInt(7));
    int from = random.nextInt(3) == 0 ? Math.min(at + 1, version.length()) : at;
    return version.substring(0, at) + inserted + version.substring(from);
  }
}
