package io.hardbake.bake;

import io.hardbake.image.Architecture;
import io.hardbake.recipe.RecipeBook;
import io.hardbake.recipe.Role;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.settle.Settler;
import io.hardbake.template.Templates;
import io.hardbake.tree.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A project with the one role that tests configure. */
final class WebRole {
  private WebRole() {}

  /**
   * The packages with what the role adds.
   *
   * @param project where its recipe is written; {@code templates} may be there
   * @param recipe what it says besides what every role does
   * @param time of all entries, in seconds since the epoch
   */
  static FileTree configured(
      Path project,
      String recipe,
      Architecture architecture,
      long time,
      FileTree packages,
      List<Unconfigured> left)
      throws Exception {
    Path images = Files.createDirectories(project.resolve("images"));
    Files.writeString(
        images.resolve("web.yaml"),
        """
        debian: {suite: bookworm}
        kubernetes: {version: v1.18.6}
        container: {command: [/sbin/init], stopSignal: SIGRTMIN+3}
        """
            + recipe
            + "\n");
    Role role = RecipeBook.load(images).role("web");
    Templates templates = Templates.of(project.resolve("templates"));
    Settler settler = new Settler(architecture, time);
    return new Configuration(role, templates, role.variables(), settler, time)
        .applyTo(packages, left);
  }
}
