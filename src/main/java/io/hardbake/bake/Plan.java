package io.hardbake.bake;

import io.hardbake.image.Architecture;
import io.hardbake.io.Size;
import io.hardbake.lock.Lock;
import io.hardbake.lock.Lock.ArchitectureLock;
import io.hardbake.lock.LockedPackage;
import io.hardbake.recipe.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a bake would fetch, unpack and write; made without changing anything. */
public record Plan(List<String> lines) {
  public Plan {
    lines = List.copyOf(lines);
  }

  /**
   * @param kubernetes what is missing of it, in lines
   */
  static Plan of(
      LockKeeper.Obtained obtained,
      List<Role> roles,
      BakeOptions options,
      PackageSupply supply,
      Map<Architecture, List<String>> kubernetes)
      throws IOException {
    Lock lock = obtained.lock();
    List<String> lines = new ArrayList<>();
    obtained.news().ifPresent(why -> lines.add("write  " + options.lockFile() + ": " + why));
    lines.add("lock of " + lock.date() + ", Kubernetes " + lock.kubernetes().version());
    for (Architecture architecture : options.architectures().stream().sorted().toList()) {
      List<LockedPackage> all = new ArrayList<>(packages(lock, roles, architecture));
      if (options.machines()) {
        all.addAll(machinePackages(lock, roles, architecture));
      }
      List<LockedPackage> missing = new ArrayList<>();
      for (LockedPackage each : all) {
        if (!supply.has(each)) {
          missing.add(each);
        }
      }
      lines.add("%s: fetch  %s".formatted(architecture, sum(missing)));
      for (LockedPackage each : missing) {
        lines.add("  %s %s, %s".formatted(each.name(), each.version(), each.file().size()));
      }
      for (String each : Objects.requireNonNull(kubernetes.get(architecture))) {
        lines.add("  " + each);
      }
      lines.add("%s: unpack %s".formatted(architecture, sum(all)));
      for (Role role : roles) {
        write(lines, options, lock, role, architecture);
      }
    }
    for (Role role : roles) {
      if (options.architectures().stream()
          .flatMap(each -> Outputs.formats(options, role, each).stream())
          .anyMatch(Format::isBox)) {
        lines.add("write  " + file(options.output("boxes").resolve(role.name() + ".json")));
      }
    }
    lines.add("write  " + file(options.output("bake.json")));
    return new Plan(lines);
  }

  private static String file(Path file) throws IOException {
    return file + (Files.exists(file) ? "; replaces " + new Size(Files.size(file)) : "");
  }

  /** The locked packages that these roles need, by name. */
  static List<LockedPackage> packages(Lock lock, List<Role> roles, Architecture architecture) {
    ArchitectureLock part = Objects.requireNonNull(lock.architectures().get(architecture));
    SortedSet<String> names = new TreeSet<>();
    for (Role role : roles) {
      names.addAll(Objects.requireNonNull(part.recipes().get(role.name())).packages());
    }
    return names.stream().map(name -> Objects.requireNonNull(part.packages().get(name))).toList();
  }

  /** Those that these roles' machines need besides, by name. */
  static List<LockedPackage> machinePackages(
      Lock lock, List<Role> roles, Architecture architecture) {
    ArchitectureLock part = Objects.requireNonNull(lock.architectures().get(architecture));
    List<Role> machines = roles.stream().flatMap(role -> role.machine().stream()).toList();
    SortedSet<String> names = new TreeSet<>();
    if (!machines.isEmpty()) {
      names.addAll(Objects.requireNonNull(part.recipes().get(BootInputs.LOCKED_AS)).packages());
    }
    for (LockedPackage each : packages(lock, machines, architecture)) {
      names.add(each.name());
    }
    packages(lock, roles, architecture).forEach(each -> names.remove(each.name()));
    return names.stream().map(name -> Objects.requireNonNull(part.packages().get(name))).toList();
  }

  private static String sum(List<LockedPackage> packages) {
    Size size = packages.stream().map(each -> each.file().size()).reduce(Size.ZERO, Size::plus);
    return "%d packages, %s".formatted(packages.size(), size);
  }

  private static void write(
      List<String> lines, BakeOptions options, Lock lock, Role role, Architecture architecture)
      throws IOException {
    List<LockedPackage> packages = packages(lock, List.of(role), architecture);
    lines.add("%s: write  %s: %s".formatted(architecture, role.name(), installed(packages)));
    if (options.machines() && role.machine().isPresent()) {
      List<LockedPackage> more = machinePackages(lock, List.of(role), architecture);
      lines.add("  on disks, besides: " + installed(more));
    }
    for (Path file : Outputs.files(options, role, architecture)) {
      lines.add("  " + file(file));
    }
  }

  private static String installed(List<LockedPackage> packages) {
    Size size = packages.stream().map(LockedPackage::installed).reduce(Size.ZERO, Size::plus);
    return "%d packages, %s installed".formatted(packages.size(), size);
  }
}
