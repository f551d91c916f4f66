package io.hardbake.failure;

/** Something needed could not be reached: a mirror, a registry, the release host. */
public final class UnreachableException extends BakeException {
  private final boolean missing;

  public UnreachableException(String problem, String remedy) {
    super(problem, remedy, null);
    this.missing = false;
  }

  public UnreachableException(String problem, String remedy, Throwable cause) {
    super(problem, remedy, cause);
    this.missing = false;
  }

  private UnreachableException(String problem, String remedy, boolean missing) {
    super(problem, remedy, null);
    this.missing = missing;
  }

  /** All who were asked were reached, and none has it. */
  public static UnreachableException missing(String problem, String remedy) {
    return new UnreachableException(problem, remedy, true);
  }

  /** Whether all who were asked were reached and none has it: to ask again later is no use. */
  public boolean isMissing() {
    return missing;
  }

  @Override
  public int exitCode() {
    return 4;
  }
}
