package io.hardbake.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every committed input of every target holds: samples, what widened coverage, past findings. */
final class FuzzCorpusTest {
  private static final Path CORPUS = Path.of("src/test/fuzz");

  @TestFactory
  Stream<DynamicTest> committedInputsHold() throws IOException {
    return targets().entrySet().stream()
        .map(
            target ->
                DynamicTest.dynamicTest(
                    target.getKey(), () -> run(target.getKey(), target.getValue())));
  }

  @Test
  void everyTargetHasItsCorpusAndEveryCorpusItsTarget() throws IOException {
    assertEquals(List.copyOf(targets().keySet()), directories());
  }

  /** Classes by their simple name, which is the corpus's. */
  static SortedMap<String, String> targets() throws IOException {
    Path sources = Path.of("src/test/java");
    SortedMap<String, String> targets = new TreeMap<>();
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(file -> file.toString().endsWith("Fuzz.java"))
          .filter(file -> !file.endsWith("PlantedFuzz.java"))
          .map(file -> sources.relativize(file).toString().replace('/', '.'))
          .map(name -> name.substring(0, name.length() - ".java".length()))
          .forEach(name -> targets.put(name.substring(name.lastIndexOf('.') + 1), name));
    }
    return targets;
  }

  private static List<String> directories() throws IOException {
    try (Stream<Path> files = Files.list(CORPUS)) {
      return files
          .filter(Files::isDirectory)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static void run(String name, String className) throws Exception {
    Method target = Class.forName(className).getMethod("fuzzerTestOneInput", byte[].class);
    List<Path> inputs;
    try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
      inputs = files.sorted().toList();
    }
    for (Path input : inputs) {
      byte[] bytes = Files.readAllBytes(input);
      assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () -> {
            try {
              target.invoke(null, (Object) bytes);
            } catch (InvocationTargetException e) {
              throw new AssertionError(input + " breaks " + name, e.getCause());
            }
          },
          () -> input + " takes " + name + " too long");
    }
  }
}
