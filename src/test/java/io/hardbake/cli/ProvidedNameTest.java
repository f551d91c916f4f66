package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A recipe may ask for what a package provides; apt's marks are for the package. */
@Timeout(60)
final class ProvidedNameTest {
  @TempDir private Path directory;
  @AutoClose private TestProject project;

  @BeforeEach
  void make() throws Exception {
    project = TestProject.in(directory);
    project.archive().add("Package: git\nVersion: 1\nProvides: git-core\n", Map.of());
    project.archive().add("Package: extra\nVersion: 1\n", Map.of());
    project.publish();
    project.recipe("loadbalancer", "from: base\ndescription: odd\npackages: [git-core]\n");
    project.recipe("child", "from: loadbalancer\ndescription: more\npackages: [extra]\n");
  }

  @Test
  void theLockNamesThePackageThatAnswers() throws Exception {
    project.run("lock").succeeded();

    assertEquals("[base-files, git, libshared]", requested("loadbalancer"));
    assertEquals("[base-files, extra, git, libshared]", requested("child"));
    assertFalse(Files.readString(project.lock()).contains("git-core"));
  }

  @Test
  void aLockThatHoldsTheNameInsteadIsStale() throws Exception {
    project.run("lock").succeeded();
    String good = Files.readString(project.lock());
    Files.writeString(
        project.lock(),
        good.replace("\"git\",\"libshared\"],\"p", "\"git-core\",\"libshared\"],\"p"));

    project.run("plan", "--locked").failed(3).says("write it anew and commit it: ./hardbake lock");
    project.run("bake").succeeded().says("resolving anew");
    assertEquals(good, Files.readString(project.lock()));
  }

  private String requested(String recipe) throws Exception {
    JsonNode lock = new ObjectMapper().readTree(project.lock().toFile());
    for (JsonNode node : lock.at("/architectures/amd64/recipes")) {
      if (node.path("name").asText().equals(recipe)) {
        TreeSet<String> names = new TreeSet<>();
        node.path("requested").forEach(name -> names.add(name.asText()));
        return names.toString();
      }
    }
    throw new AssertionError("no recipe " + recipe);
  }
}
