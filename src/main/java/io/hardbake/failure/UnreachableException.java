package io.hardbake.failure;

/** Something needed could not be reached: a mirror, a registry, the release host. */
public final class UnreachableException extends BakeException {
  public UnreachableException(String problem, String remedy) {
    super(problem, remedy, null);
  }

  public UnreachableException(String problem, String remedy, Throwable cause) {
    super(problem, remedy, cause);
  }

  @Override
  public int exitCode() {
    return 4;
  }
}
