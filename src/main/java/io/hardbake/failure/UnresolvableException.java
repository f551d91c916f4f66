package io.hardbake.failure;

/** Packages cannot be resolved; the problem lists the candidates and why each was refused. */
public final class UnresolvableException extends BakeException {
  public UnresolvableException(String problem, String remedy) {
    super(problem, remedy, null);
  }

  public UnresolvableException(String problem, String remedy, Throwable cause) {
    super(problem, remedy, cause);
  }

  @Override
  public int exitCode() {
    return 6;
  }
}
