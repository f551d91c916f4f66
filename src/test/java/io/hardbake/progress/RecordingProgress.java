package io.hardbake.progress;

import io.hardbake.io.Size;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers the warnings and notes, and shows nothing. */
public class RecordingProgress implements Progress {
  private final List<Warning> warnings = new CopyOnWriteArrayList<>();

  private final List<String> notes = new CopyOnWriteArrayList<>();

  private record Warning(String problem, String remedy) {}

  /** What the warnings told, in their order. */
  public final List<String> problems() {
    return warnings.stream().map(Warning::problem).toList();
  }

  /** What each of them advised. */
  public final List<String> remedies() {
    return warnings.stream().map(Warning::remedy).toList();
  }

  public final List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public Task begin(String what, Size total) {
    return Progress.silent().begin(what, total);
  }

  @Override
  public void note(String line) {
    notes.add(line);
  }

  @Override
  public void warn(String problem, String remedy) {
    warnings.add(new Warning(problem, remedy));
  }
}
