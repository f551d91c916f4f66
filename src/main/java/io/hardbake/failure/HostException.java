package io.hardbake.failure;

/** This machine lacks something: space, a tool, a right. */
public final class HostException extends BakeException {
  public HostException(String problem, String remedy) {
    super(problem, remedy, null);
  }

  public HostException(String problem, String remedy, Throwable cause) {
    super(problem, remedy, cause);
  }

  @Override
  public int exitCode() {
    return 7;
  }
}
