package io.hardbake.debian.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.debian.MalformedControlException;
import io.hardbake.debian.Origin;
import io.hardbake.debian.PackageIndex;
import io.hardbake.failure.UnresolvableException;
import io.hardbake.image.Architecture;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolverTest {
  private final PackageIndex.Builder index = PackageIndex.builder(Architecture.AMD64);
  private int packages;

  /** Further packages in a suite of that priority; each a name, a version and more fields. */
  private void add(int priority, String... paragraphs) throws MalformedControlException {
    StringBuilder text = new StringBuilder();
    for (String paragraph : paragraphs) {
      String[] lines = paragraph.split(" ; ", -1);
      String[] words = lines[0].split(" ", -1);
      text.append("Package: %s\nVersion: %s\n".formatted(words[0], words[1]));
      for (int i = 1; i < lines.length; i++) {
        text.append(lines[i]).append('\n');
      }
      text.append(
          "Architecture: amd64\nFilename: pool/%s_%s.deb\nSize: 1\nSHA256: %064x\n\n"
              .formatted(words[0], words[1], ++packages));
    }
    index.add(text.toString().getBytes(UTF_8), new Origin("test", List.of(), priority));
  }

  private String resolve(String... requested) throws UnresolvableException {
    return Resolver.resolve(index.build(), List.of(requested)).packages().toString();
  }

  private String refusal(String... requested) {
    UnresolvableException refused =
        assertThrows(UnresolvableException.class, () -> resolve(requested));
    assertEquals(6, refused.exitCode());
    return String.valueOf(refused.getMessage());
  }

  /** Recipes name packages without versions, and one suite. */
  @Test
  void remediesAreWhatARecipeCanDo() throws Exception {
    add(500, "aa 1 ; Depends: gone", "bb 1 ; Provides: xx", "cc 1 ; Provides: xx");
    for (String request : List.of("aa", "nothing", "xx")) {
      String remedy = assertThrows(UnresolvableException.class, () -> resolve(request)).remedy();
      assertTrue(remedy.matches(".*(choose another suite|name one of these instead).*"), remedy);
      assertFalse(remedy.matches(".*(=|add the).*"), remedy);
    }
  }

  @Test
  void takesEssentialsAndWhatTheyNeed() throws Exception {
    add(500, "init 1 ; Essential: yes ; Pre-Depends: libc", "libc 1", "aa 1 ; Depends: bb", "bb 1");
    assertEquals("[aa=1, bb=1, init=1, libc=1]", resolve("aa"));
    Resolution resolution = Resolver.resolve(index.build(), List.of("aa"));
    assertEquals("[aa]", resolution.requested().toString());
  }

  @Test
  void takesTheHighestVersionOfTheHighestPriority() throws Exception {
    add(500, "aa 1", "bb 1");
    add(500, "aa 2");
    add(400, "aa 3");
    add(990, "bb 0.5");
    assertEquals("[aa=2, bb=0.5]", resolve("aa", "bb"));
    assertEquals("[aa=1]", resolve("aa=1"));
    assertTrue(refusal("aa=9").contains("aa has no version 9; there are [aa=2, aa=1, aa=3]"));
  }

  @Test
  void takesTheFirstAlternativeThatCanBeHad() throws Exception {
    add(500, "aa 1 ; Depends: gone | broken | cc | dd", "broken 1 ; Depends: gone", "cc 1", "dd 1");
    assertEquals("[aa=1, cc=1]", resolve("aa"));
  }

  @Test
  void anAlternativeThatIsThereAlreadyWins() throws Exception {
    add(500, "aa 1 ; Depends: cc | dd", "cc 1", "dd 1");
    assertEquals("[aa=1, dd=1]", resolve("aa", "dd"));
  }

  @Test
  void takesRealPackagesBeforeProvidersAndThoseByPriority() throws Exception {
    add(
        500,
        "xx 1 ; Provides: vv ; Priority: optional",
        "yy 1 ; Provides: vv ; Priority: important");
    add(
        500,
        "aa 1 ; Depends: vv",
        "bb 1 ; Depends: ww",
        "zz 1 ; Provides: ww ; Priority: required");
    add(500, "ww 1 ; Priority: extra");
    assertEquals("[aa=1, yy=1]", resolve("aa"));
    assertEquals("[bb=1, ww=1]", resolve("bb"));
  }

  @Test
  void amongEqualProvidersTheLastMetWinsAsWithApt() throws Exception {
    add(500, "xx 1 ; Provides: vv", "yy 1 ; Provides: vv", "aa 1 ; Depends: vv");
    assertEquals("[aa=1, yy=1]", resolve("aa"));
  }

  @Test
  void aVersionedRelationNeedsAVersionedProvides() throws Exception {
    add(500, "xx 1 ; Provides: vv", "yy 1 ; Provides: vv (= 2)", "aa 1 ; Depends: vv (>= 2)");
    assertEquals("[aa=1, yy=1]", resolve("aa"));
  }

  @Test
  void anyIsAnsweredByAllowedOnly() throws Exception {
    add(
        500,
        "pp 1 ; Multi-Arch: allowed",
        "qq 1",
        "aa 1 ; Depends: pp:any",
        "bb 1 ; Depends: qq:any");
    assertEquals("[aa=1, pp=1]", resolve("aa"));
    assertTrue(refusal("bb").contains("qq:any"));
  }

  @Test
  void keepsAwayFromConflictsWhereItCan() throws Exception {
    add(500, "aa 1 ; Depends: xx | yy", "bb 1 ; Conflicts: xx", "xx 1", "yy 1");
    assertEquals("[aa=1, bb=1, yy=1]", resolve("bb", "aa"));
  }

  @Test
  void conflictsWithWhatItProvidesItselfAreNone() throws Exception {
    add(500, "mm 1 ; Provides: mta ; Conflicts: mta", "aa 1 ; Depends: mta");
    assertEquals("[aa=1, mm=1]", resolve("aa"));
  }

  @Test
  void leavesOutWhatWasTriedInVain() throws Exception {
    add(500, "aa 1 ; Depends: xx | yy", "xx 1 ; Depends: good, bad", "good 1", "yy 1");
    add(500, "bad 1 ; Depends: worse", "worse 1 ; Depends: gone");
    assertEquals("[aa=1, yy=1]", resolve("aa"));
  }

  @Test
  void circlesAreNoProblem() throws Exception {
    add(500, "aa 1 ; Depends: bb", "bb 1 ; Depends: cc", "cc 1 ; Depends: aa");
    assertEquals("[aa=1, bb=1, cc=1]", resolve("aa"));
  }

  @Test
  void aRequestMayNameTheOnlyProvider() throws Exception {
    add(500, "xx 1 ; Provides: vv, ww", "yy 1 ; Provides: ww");
    assertEquals("[xx=1]", resolve("vv"));
    assertTrue(refusal("ww").contains("several provide: [xx=1, yy=1]"));
    assertEquals("there is no package nothing for amd64", refusal("nothing"));
  }

  @Test
  void saysWhichCandidatesWereRefusedAndWhy() throws Exception {
    add(500, "aa 1 ; Depends: bb", "bb 1 ; Depends: cc (>= 2) | vv", "cc 1", "xx 1 ; Provides: vv");
    add(500, "keen 1 ; Conflicts: xx");
    String refusal = refusal("keen", "aa");
    assertEquals(
        """
        the packages cannot be installed together:
        aa=1 (asked for) depends on bb: bb=1
          bb=1 depends on cc (>= 2) | vv
            cc=1: does not satisfy cc (>= 2)
            xx=1: cannot be installed
              keen=1 conflicts with xx, and is needed: keen=1 (asked for)\
        """,
        refusal);
  }

  @Test
  void saysWhatExcludesWhat() throws Exception {
    add(500, "aa 1", "bb 1 ; Conflicts: aa");
    assertTrue(refusal("aa", "bb").contains("bb=1 conflicts with aa\n    aa=1 is needed"));
  }

  @Test
  void theResultDoesNotDependOnTheRequestsOrderWhereNothingIsAmbiguous() throws Exception {
    add(500, "aa 1 ; Depends: cc", "bb 1 ; Depends: dd", "cc 1", "dd 1");
    assertEquals(resolve("aa", "bb"), resolve("bb", "aa"));
  }
}
