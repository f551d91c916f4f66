package io.hardbake.hygiene;

import io.hardbake.image.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All rules on one image. */
public final class Hygiene {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::rule)
          .thenComparing(Finding::where)
          .thenComparing(Finding::problem);

  private Hygiene() {}

  /**
   * What breaks a rule, by number and place. {@link Rule#H20} is about inputs, and so not here.
   *
   * @param jobs threads; the findings do not depend on it
   * @throws IOException if a file's body cannot be read, or a list of dpkg makes no sense
   */
  public static List<Finding> check(Subject subject, Allowed allowed, int jobs)
      throws IOException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(ForbiddenPaths.check(subject));
    findings.addAll(Identity.check(subject.tree()));
    findings.addAll(Logins.check(subject, allowed));
    findings.addAll(Passwords.check(subject.tree()));
    findings.addAll(Rights.check(subject, allowed));
    findings.addAll(Origins.check(subject));
    findings.addAll(Bodies.check(subject, allowed, jobs));
    findings.sort(ORDER);
    return List.copyOf(findings);
  }
}
