package io.hardbake.hygiene;

import static java.util.Objects.requireNonNull;

import io.hardbake.image.Finding;
import io.hardbake.io.Pools;
import io.hardbake.io.Sha256;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.RegularFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The rules for which file bodies have to be read, side by side: secrets, and the sums of packages.
 * Equal bodies are searched once.
 */
final class Bodies {
  private final Subject subject;
  private final Allowed allowed;
  private final List<Finding> findings = new ArrayList<>();

  private Bodies(Subject subject, Allowed allowed) {
    this.subject = subject;
    this.allowed = allowed;
  }

  /** A place where a body is, with what is to be added about it. */
  private record Place(AbsolutePath path, String remark) {}

  /** A body, all its places, and the sum that a package has for it. */
  private static final class Body {
    private final Content content;
    private final List<Place> places = new ArrayList<>();
    private final List<PackageFiles.Task> sums = new ArrayList<>();

    Body(Content content) {
      this.content = content;
    }
  }

  static List<Finding> check(Subject subject, Allowed allowed, int jobs)
      throws IOException, InterruptedException {
    return new Bodies(subject, allowed).check(jobs);
  }

  private List<Finding> check(int jobs) throws IOException, InterruptedException {
    Map<Sha256, Body> bodies = new LinkedHashMap<>();
    subject.tree().entries().forEach((path, entry) -> add(bodies, path, entry, ""));
    subject
        .hidden()
        .forEach(each -> add(bodies, each.path(), each.entry(), " (in " + each.place() + ")"));
    for (PackageFiles.Task task : PackageFiles.tasks(subject, allowed, findings)) {
      requireNonNull(bodies.get(task.content().sha256())).sums.add(task);
    }
    // The largest first, so that none is left alone at the end.
    List<Body> sorted =
        bodies.values().stream()
            .sorted(Comparator.comparing((Body body) -> body.content.size()).reversed())
            .toList();
    run(sorted, jobs);
    return findings;
  }

  private static void add(Map<Sha256, Body> bodies, AbsolutePath path, Entry entry, String remark) {
    if (entry instanceof RegularFile file) {
      bodies
          .computeIfAbsent(file.content().sha256(), digest -> new Body(file.content()))
          .places
          .add(new Place(path, remark));
    }
  }

  private void run(List<Body> bodies, int jobs) throws IOException, InterruptedException {
    ExecutorService executor = Pools.of("hygiene", jobs);
    try {
      AtomicInteger next = new AtomicInteger();
      List<Callable<List<Finding>>> workers = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        workers.add(() -> work(bodies, next));
      }
      for (Future<List<Finding>> future : executor.invokeAll(workers)) {
        findings.addAll(future.get());
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("while looking for secrets", e.getCause());
    } finally {
      Pools.stop(executor);
    }
  }

  private List<Finding> work(List<Body> bodies, AtomicInteger next) throws IOException {
    SecretScanner scanner = new SecretScanner();
    byte[] buffer = new byte[1 << 16];
    List<Finding> found = new ArrayList<>();
    for (int i = next.getAndIncrement(); i < bodies.size(); i = next.getAndIncrement()) {
      Body body = bodies.get(i);
      for (SecretScanner.Sighting sighting : scanner.scan(body.content)) {
        for (Place place : body.places) {
          if (!allowed.isSecret(place.path, sighting.fingerprint())) {
            found.add(finding(sighting, place));
          }
        }
      }
      for (PackageFiles.Task sum : body.sums) {
        sum.run(buffer).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Finding finding(SecretScanner.Sighting sighting, Place place) {
    return sighting
        .kind()
        .rule()
        .unless(
            place.path.value(),
            "holds " + sighting.kind().noun() + place.remark,
            Lines.line("secret", place.path.value(), sighting.fingerprint().toString(), "REASON"));
  }
}
