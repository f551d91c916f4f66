package io.hardbake.failure;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a user can cause and mend. The message is the problem; the remedy says what to do
 * about it and is never left out.
 */
public abstract sealed class BakeException extends Exception
    permits HostException,
        IntegrityException,
        RecipeException,
        UnreachableException,
        UnresolvableException,
        UsageException {

  private final String remedy;

  BakeException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, cause);
    this.remedy = remedy;
  }

  /** What the person at the keyboard can do about it; a sentence or several lines. */
  public final String remedy() {
    return remedy;
  }

  /** The process's exit code, as the contract lists it. */
  public abstract int exitCode();
}
