package io.hardbake.fetch;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UnreachableException.Absence;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tries the candidates until one gives the right thing. Who sent a wrong one is not asked again.
 * When several had a share in it nobody can tell who lied, and from then on each is asked alone.
 */
final class Attempts {
  static final String REMEDY_PASSED_OVER =
      "another mirror had the right one; mend or drop this one";

  private static final String REMEDY_WRONG =
      "the mirror is damaged, out of step or answers with an error page: try again later or name"
          + " another one";
  private static final String REMEDY_SILENT =
      "check the network and the proxy settings (http_proxy, https_proxy, no_proxy), or name"
          + " another mirror";
  private static final String REMEDY_MISSING =
      "the mirror was reached and does not have it: try again later, or name another mirror";

  private final String what;
  private final List<URI> left;
  private final Progress progress;
  private final List<String> wrong = new ArrayList<>();
  private final StringBuilder silent = new StringBuilder();
  private boolean alone;
  private @Nullable Absence absence;

  private Optional<String> remedy = Optional.empty();

  Attempts(String what, List<URI> candidates, Progress progress) {
    this.what = what;
    this.left = new ArrayList<>(candidates);
    this.progress = progress;
  }

  /** One attempt with some of the candidates; from the first byte when there was a mismatch. */
  @FunctionalInterface
  interface Attempt<T> {
    T with(List<URI> candidates) throws Mismatch, IOException, BakeException, InterruptedException;
  }

  /** What came is not what was asked for. */
  static final class Mismatch extends Exception {
    private final Optional<URI> sender;

    /**
     * @param body who sent it
     * @param details lines that say what was expected and what came
     */
    Mismatch(Body body, String details) {
      super(details);
      this.sender = body.sender();
    }
  }

  private static Absence together(Absence one, Absence other) {
    if (one == Absence.NOWHERE || other == Absence.NOWHERE) {
      return Absence.NOWHERE;
    }
    return one == other ? one : Absence.SOMEWHERE;
  }

  <T> T run(Attempt<T> attempt) throws IOException, BakeException, InterruptedException {
    while (!left.isEmpty()) {
      List<URI> asked = List.copyOf(alone ? left.subList(0, 1) : left);
      try {
        T result = attempt.with(asked);
        for (String problem : wrong) {
          progress.warn(problem, REMEDY_PASSED_OVER);
        }
        return result;
      } catch (Mismatch e) {
        if (e.sender.isPresent()) {
          wrong.add(
              "%s is not what was asked for\n  from     %s%s"
                  .formatted(what, e.sender.get(), e.getMessage()));
          left.remove(e.sender.get());
        } else {
          alone = true;
        }
      } catch (Body.Exhausted e) {
        silent.append(e.getMessage());
        absence = absence == null ? e.absence() : together(absence, e.absence());
        remedy = remedy.or(e::remedy);
        left.removeAll(asked);
      }
    }
    if (wrong.isEmpty()) {
      Absence known = absence == null ? Absence.UNKNOWN : absence;
      throw new UnreachableException(
          "cannot fetch " + what + silent,
          known == Absence.EVERYWHERE ? REMEDY_MISSING : remedy.orElse(REMEDY_SILENT),
          known);
    }
    throw new IntegrityException(String.join("\n", wrong) + silent, REMEDY_WRONG);
  }
}
