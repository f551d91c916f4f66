package io.hardbake.verify;

import io.hardbake.artifact.ManifestFile;
import io.hardbake.artifact.Reading;
import io.hardbake.failure.IntegrityException;
import io.hardbake.image.Artifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a bake leaves beside a file: {@code images}, {@code disks}, {@code boxes}, {@code manifests}
 * and {@code sbom} are rooms of one directory, which holds {@code bake.json}.
 */
final class Neighbours {
  private static final String STATEMENTS = ".intoto.";

  private final Path file;
  private final Path room;

  Neighbours(Path file) {
    this.file = file.toAbsolutePath().normalize();
    this.room = Optional.ofNullable(this.file.getParent()).orElse(this.file);
  }

  /** The directory of all rooms. */
  private Path house() {
    return Optional.ofNullable(room.getParent()).orElse(room);
  }

  /** The SBOM of an image, a disk or a box, as which this file was read. */
  Optional<Path> sbom(Reading reading) {
    return existing(house().resolve("sbom").resolve(ManifestFile.stem(reading) + ".cdx.json"));
  }

  /** What was baked, by its own word. */
  Optional<Path> report() {
    Optional<Path> above = existing(house().resolve("bake.json"));
    return above.isPresent() ? above : existing(room.resolve("bake.json"));
  }

  /** A file that is named beside this one, or in a room of the same house. */
  Optional<Path> named(String name) {
    if (!isPlain(name)) {
      return Optional.empty();
    }
    return places().stream()
        .map(place -> place.resolve(name))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** Where files that belong together lie. */
  private Set<Path> places() {
    Set<Path> places = new LinkedHashSet<>(List.of(room));
    for (Path house : List.of(house(), room)) {
      Artifact.ROOMS.forEach(each -> places.add(house.resolve(each)));
    }
    return places;
  }

  /**
   * The provenance statements that could be about this file: its own; of a manifest or an SBOM,
   * those of all artifacts; of a statement, itself and its signed twin.
   *
   * @throws IntegrityException if an image's own is damaged; any other that is damaged is left out,
   *     for whoever verifies that one
   */
  List<StatementDocument> statements() throws IOException, IntegrityException {
    String name = file.getFileName().toString();
    boolean others = name.endsWith(".txt") || name.endsWith(".cdx.json");
    String prefix =
        others
            ? ""
            : isStatement(file)
                ? name.substring(0, name.indexOf(STATEMENTS) + STATEMENTS.length())
                : name + STATEMENTS;
    List<StatementDocument> statements = new ArrayList<>();
    for (Path place : others ? places() : List.of(room)) {
      for (Path each : list(place)) {
        if (isStatement(each) && each.getFileName().toString().startsWith(prefix)) {
          try {
            statements.addAll(StatementDocument.read(each));
          } catch (IntegrityException e) {
            if (!others && !isStatement(file)) {
              throw e;
            }
          }
        }
      }
    }
    return statements;
  }

  /** Whether a file is named like a provenance statement. */
  static boolean isStatement(Path file) {
    return file.getFileName().toString().contains(STATEMENTS);
  }

  private static List<Path> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  /** The catalog that lists this file, if it is a box. */
  Optional<Path> catalog() {
    String name = file.getFileName().toString();
    int hyphen = name.length();
    // <role>-<arch>-<provider>.box; a role's name may have hyphens.
    for (int i = 0; i < 2 && hyphen > 0; i++) {
      hyphen = name.lastIndexOf('-', hyphen - 1);
    }
    return name.endsWith(".box") && hyphen > 0
        ? existing(room.resolve(name.substring(0, hyphen) + ".json"))
        : Optional.empty();
  }

  /** Names in documents lead nowhere but beside them, and are such as files here can have. */
  static boolean isPlain(String name) {
    return !name.isEmpty()
        && !name.contains("/")
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().noneMatch(Character::isISOControl)
        && isPath(name);
  }

  /** Not every locale has bytes for every letter, and none for half of a surrogate pair. */
  private static boolean isPath(String name) {
    try {
      return Path.of(name).getNameCount() == 1;
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static Optional<Path> existing(Path path) {
    return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
  }
}
