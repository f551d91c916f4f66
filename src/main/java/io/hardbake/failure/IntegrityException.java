package io.hardbake.failure;

/** A digest or a signature does not match, or an archive is not what it claims to be. */
public final class IntegrityException extends BakeException {
  public IntegrityException(String problem, String remedy) {
    super(problem, remedy, null);
  }

  public IntegrityException(String problem, String remedy, Throwable cause) {
    super(problem, remedy, cause);
  }

  @Override
  public int exitCode() {
    return 5;
  }
}
