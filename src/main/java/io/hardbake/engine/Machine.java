package io.hardbake.engine;

import java.util.Map;

/**
 * A container of the engine, as it stood when it was asked.
 *
 * @param name without docker's leading slash
 * @param state in the engine's words: {@code created}, {@code running}, {@code paused}, {@code
 *     restarting}, {@code exited} or {@code dead}
 * @param restarts how often the engine has started it again because it had ended
 * @param ending the engine's own words on why it does not run; empty when there are none
 */
public record Machine(
    String id, String name, Map<String, String> labels, String state, int restarts, String ending) {
  public Machine {
    labels = Map.copyOf(labels);
  }

  public boolean runs() {
    return state.equals("running");
  }

  /** Its processes stand still until somebody lets them go on; it cannot be started. */
  public boolean isPaused() {
    return state.equals("paused");
  }

  /** What a removal has left that came to nothing: it cannot be started again. */
  public boolean isDead() {
    return state.equals("dead");
  }

  /** Made, but never started. */
  public boolean isNew() {
    return state.equals("created");
  }
}
