package io.hardbake.recipe;

import io.hardbake.image.Architecture;
import io.hardbake.kubernetes.KubernetesVersion;
import io.hardbake.template.Templates;
import io.hardbake.tree.AbsolutePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The text files of one of the project's own roles, filled in. */
record RenderedRole(Role role, SortedMap<AbsolutePath, String> files) {
  private static final Map<List<String>, RenderedRole> KNOWN = new ConcurrentHashMap<>();

  RenderedRole {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** Made once for all who ask in this process: the templates stay as they are meanwhile. */
  static RenderedRole of(String name, String version) throws Exception {
    List<String> key = List.of(name, version);
    RenderedRole known = KNOWN.get(key);
    if (known == null) {
      known = of(name, version, Architecture.AMD64);
      KNOWN.put(key, known);
    }
    return known;
  }

  /** Made anew each time. */
  static RenderedRole of(String name, String version, Architecture architecture) throws Exception {
    Role role = RecipeBook.load(Path.of("images")).role(name);
    return render(role, role.model(KubernetesVersion.of(version), architecture));
  }

  /** The role as a machine with a disk; what a bake works out for a disk is made up. */
  static RenderedRole withDisk(String name, String version) throws Exception {
    Role machine = RecipeBook.load(Path.of("images")).role(name).machine().orElseThrow();
    Map<String, Object> model =
        new TreeMap<>(machine.model(KubernetesVersion.of(version), Architecture.AMD64));
    model.put("role", name);
    model.put(
        "machine",
        Map.of(
            "rootFileSystem", "c0ffee00-0000-5000-8000-000000000001",
            "efiLabel", "EFI-SYSTEM",
            "commandLine", String.join(" ", machine.kernelCommandLine())));
    return render(machine, model);
  }

  private static RenderedRole render(Role role, Map<String, Object> model) throws Exception {
    Templates templates = Templates.of(Path.of("templates"));
    SortedMap<AbsolutePath, String> files = new TreeMap<>();
    for (Item item : role.items().values()) {
      if (item instanceof Item.File file) {
        files.put(file.path(), text(file.body(), templates, model));
      }
    }
    return new RenderedRole(role, files);
  }

  String file(String path) {
    String text = files.get(AbsolutePath.of(path));
    if (text == null) {
      throw new AssertionError(role.name() + " has no file " + path);
    }
    return text;
  }

  /** Writes the files below {@code root}, executable where the recipe says so. */
  void writeTo(Path root) throws IOException {
    for (Item item : role.items().values()) {
      Path target = root.resolve(item.path().relative());
      if (item instanceof Item.File file) {
        Files.createDirectories(target.getParent());
        Files.writeString(target, file(file.path().value()));
        if ((file.mode() & 0111) != 0 && !target.toFile().setExecutable(true, false)) {
          throw new IOException("cannot make executable: " + target);
        }
      } else if (item instanceof Item.Directory) {
        Files.createDirectories(target);
      }
    }
  }

  private static String text(Body body, Templates templates, Map<String, Object> model)
      throws Exception {
    if (body instanceof Body.Template template) {
      return templates.render(template.name(), model).text();
    }
    if (body instanceof Body.Source source) {
      return templates.source(source.name()).text();
    }
    return ((Body.Text) body).text();
  }
}
