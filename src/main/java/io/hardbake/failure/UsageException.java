package io.hardbake.failure;

/** The command line asks for something that does not exist or does not fit together. */
public final class UsageException extends BakeException {
  public UsageException(String problem, String remedy) {
    super(problem, remedy, null);
  }

  public UsageException(String problem, String remedy, Throwable cause) {
    super(problem, remedy, cause);
  }

  @Override
  public int exitCode() {
    return 2;
  }
}
