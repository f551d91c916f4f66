package io.hardbake.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelationTest {
  @Test
  void readsAlternativesVersionsQualifiersAndLists() throws Exception {
    List<Dependency> all =
        Dependency.parseAll(
            "a, b:any(>=1:2-3)|c ( << 2~ ) [amd64  arm64] <!nocheck> <stage1 cross>,\n d(=1),, ");
    assertEquals(
        "[a, b:any (>= 1:2-3) | c (<< 2~) [amd64 arm64] <!nocheck> <stage1 cross>, d (= 1)]",
        all.toString());
    assertEquals(List.of(), Dependency.parseAll(" "));
    assertEquals("[a (<= 1), b (>= 2)]", Dependency.parseAll("a (< 1), b (> 2)").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a |",
        "| a",
        "a (1)",
        "a (>= )",
        "a (>= 1",
        "a [",
        "a []",
        "a <",
        "a:",
        "a_",
        "(a)",
        "a (== 1)",
        "a (>= 1) (<< 2)",
        "ä"
      })
  void refusesWhatIsNone(String text) {
    assertThrows(MalformedControlException.class, () -> Dependency.parseAll(text));
  }

  @Test
  void conflictsHaveNoAlternatives() {
    assertThrows(MalformedControlException.class, () -> Dependency.parseRelations("a | b"));
  }

  @ParameterizedTest
  @CsvSource({
    "<<,1,false",
    "<<,0,true",
    "<=,1,true",
    "<=,2,false",
    "=,1,true",
    "=,1-0,true",
    "=,2,false",
    ">=,1,true",
    ">=,1~,false",
    ">>,1,false",
    ">>,1-1,true"
  })
  void comparesVersions(String operator, String version, boolean admitted) throws Exception {
    Relation relation = Dependency.parseRelations("a (" + operator + " 1)").get(0);
    assertEquals(admitted, relation.admits(DebVersion.of(version)));
    assertEquals(admitted, relation.admitsProvided(Optional.of(DebVersion.of(version))));
    assertFalse(relation.admitsProvided(Optional.empty()));
    assertTrue(Dependency.parseRelations("a").get(0).admitsProvided(Optional.empty()));
  }
}
