package io.hardbake.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a project and its store that were made or written since this was made. */
final class Changes {
  private final TestProject project;
  private final Map<Path, String> before;

  Changes(TestProject project) throws IOException {
    this.project = project;
    this.before = files(project.root());
    before.putAll(files(project.cache()));
  }

  /** What a bake finds. */
  enum State {
    NOTHING,
    STORE,
    RESULTS,
    OTHER_RESULTS
  }

  /** What tells that a bake has come to a certain point. */
  enum Sign {
    LOCK(State.NOTHING, "images", ".*/hardbake\\.lock"),
    PARTIAL_FILE(State.OTHER_RESULTS, "target", ".*\\.part"),
    DISK(State.STORE, "target/disks", ".*\\.qcow2"),
    DOWNLOAD(State.NOTHING, "partial", ".*"),
    STORE_TEMPORARY(State.NOTHING, "tmp", ".*");

    private final State state;
    private final String place;
    private final String name;

    Sign(State state, String place, String name) {
      this.state = state;
      this.place = place;
      this.name = name;
    }

    /** Where it appears: nothing is resolved or fetched, say, when the store has all. */
    State state() {
      return state;
    }

    private Path place(TestProject project) {
      boolean inStore = this == DOWNLOAD || this == STORE_TEMPORARY;
      return (inStore ? project.cache() : project.root()).resolve(place);
    }
  }

  /** Whether there is this sign now, and was not before. */
  boolean show(Sign sign) throws IOException {
    return files(sign.place(project)).entrySet().stream()
        .anyMatch(file -> file.getKey().toString().matches(sign.name) && isNew(file));
  }

  /** Whether there is any. */
  boolean any() throws IOException {
    return Stream.of(files(project.root()), files(project.cache()))
        .flatMap(files -> files.entrySet().stream())
        .anyMatch(this::isNew);
  }

  private boolean isNew(Map.Entry<Path, String> file) {
    return !file.getValue().equals(before.get(file.getKey()));
  }

  /** Regular files with what changes when they are written or replaced. */
  private static Map<Path, String> files(Path directory) throws IOException {
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        BasicFileAttributes found = Files.readAttributes(each, BasicFileAttributes.class);
        if (found.isRegularFile()) {
          files.put(each, List.of(found.lastModifiedTime(), found.size(), key(found)).toString());
        }
      }
    } catch (NoSuchFileException e) {
      // It is not there, or changes while it is listed.
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof NoSuchFileException)) {
        throw e.getCause();
      }
    }
    return files;
  }

  private static String key(BasicFileAttributes found) {
    return String.valueOf(found.fileKey());
  }
}
