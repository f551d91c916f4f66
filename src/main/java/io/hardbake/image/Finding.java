package io.hardbake.image;

/**
 * Something about an output that is not as it should be: damage, a difference, or what a rule
 * forbids.
 *
 * @param rule the stable name of what found it, such as {@code H03} or {@code gpt}
 * @param where a path in the image, or a place in the file such as {@code layer 2} or {@code group
 *     14, block bitmap}
 * @param problem what is wrong there, as one line without a full stop
 * @param remedy what to do about it, likewise
 */
public record Finding(String rule, String where, String problem, String remedy) {
  @Override
  public String toString() {
    return "%s %s: %s; %s".formatted(rule, where, problem, remedy);
  }
}
