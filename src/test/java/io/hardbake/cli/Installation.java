package io.hardbake.cli;

import io.hardbake.Oracle;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * hardbake as it is installed, a jar beside its libraries, in a form that starts fast: tests start
 * it hundreds of times.
 */
final class Installation {
  private final String classPath;
  private final Path classes;

  private Installation(String classPath, Path classes) {
    this.classPath = classPath;
    this.classes = classes;
  }

  /** Makes one of the compiled classes, in a directory of its own that all users may read. */
  static Installation in(Path directory) throws IOException {
    Oracle.require(
        Files.isDirectory(Path.of("target/lib")),
        "target/lib is missing: mvn package -Dmaven.test.skip -Dhardbake.skip");
    Files.createDirectories(directory);
    Path jar = directory.resolve("hardbake.jar");
    writeJar(jar, Path.of("target/classes"));
    String classPath;
    try (Stream<Path> libraries = Files.list(Path.of("target/lib"))) {
      classPath =
          Stream.concat(Stream.of(jar), libraries.sorted())
              .map(path -> path.toAbsolutePath().toString())
              .collect(Collectors.joining(File.pathSeparator));
    }
    return new Installation(classPath, directory.resolve("classes.jsa"));
  }

  private static void writeJar(Path jar, Path classes) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file);
        Stream<Path> all = Files.walk(classes)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(each).toString()));
        Files.copy(each, zip);
      }
    }
  }

  /** Lets the JVM keep what one whole bake loads, so that later ones start in half the time. */
  void warmUp(TestProject project, Path log) throws IOException, InterruptedException {
    launch(project, log, "bake").java("-XX:ArchiveClassesAtExit=" + classes).run().succeeded();
  }

  /** A command with its project's environment; see {@link Launch} for {@code log}. */
  Launch launch(TestProject project, Path log, String command, String... further) {
    return launch(project, log, project.arguments(command, further));
  }

  Launch launch(TestProject project, Path log, List<String> arguments) {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Files.exists(classes)) {
      java.add("-XX:SharedArchiveFile=" + classes);
    }
    java.addAll(List.of("-Xshare:auto", "-cp", classPath));
    Launch launch = new Launch(java, arguments, log);
    project.environment().forEach(launch::with);
    return launch;
  }
}
