package io.hardbake.failure;

import org.jspecify.annotations.Nullable;

/** Something needed could not be reached: a mirror, a registry, the release host. */
public final class UnreachableException extends BakeException {
  private final Absence absence;

  /** How many of those who were asked said that they do not have it. */
  public enum Absence {
    /** None of them. */
    UNKNOWN,
    /** One began to give it, whatever the others said. */
    NOWHERE,
    /** Others were silent, or gave something else. */
    SOMEWHERE,
    /** All of them: to ask again later is no use. */
    EVERYWHERE
  }

  public UnreachableException(String problem, String remedy) {
    this(problem, remedy, Absence.UNKNOWN);
  }

  public UnreachableException(String problem, String remedy, Throwable cause) {
    this(problem, remedy, Absence.UNKNOWN, cause);
  }

  public UnreachableException(String problem, String remedy, Absence absence) {
    this(problem, remedy, absence, null);
  }

  /** What is known of where it is not. */
  public Absence absence() {
    return absence;
  }

  /** Whether all who were asked were reached and none has it: to ask again later is no use. */
  public boolean isMissing() {
    return absence == Absence.EVERYWHERE;
  }

  public UnreachableException(
      String problem, String remedy, Absence absence, @Nullable Throwable cause) {
    super(problem, remedy, cause);
    this.absence = absence;
  }

  /** Whether at least one who was asked was reached and does not have it. */
  public boolean saysWhoLacksIt() {
    return absence == Absence.SOMEWHERE || absence == Absence.EVERYWHERE;
  }

  /** Whether somebody who has it did not give all of it: to ask again later is of use. */
  public boolean isCutOff() {
    return absence == Absence.NOWHERE;
  }

  @Override
  public int exitCode() {
    return 4;
  }
}
