package io.hardbake.kubernetes;

import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was said. */
final class RecordingProgress implements Progress {
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public Task begin(String what, Size total) {
    return Progress.silent().begin(what, total);
  }

  @Override
  public void note(String line) {}

  @Override
  public void warn(String problem, String remedy) {
    warnings.add(problem + "\n" + remedy);
  }
}
