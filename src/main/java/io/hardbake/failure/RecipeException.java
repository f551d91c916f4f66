package io.hardbake.failure;

/** A recipe or a template is wrong; the problem begins with file:line. */
public final class RecipeException extends BakeException {
  public RecipeException(String problem, String remedy) {
    super(problem, remedy, null);
  }

  public RecipeException(String problem, String remedy, Throwable cause) {
    super(problem, remedy, cause);
  }

  @Override
  public int exitCode() {
    return 3;
  }
}
