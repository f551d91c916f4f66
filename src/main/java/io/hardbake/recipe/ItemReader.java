package io.hardbake.recipe;

import io.hardbake.failure.RecipeException;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Provenance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what a recipe puts under paths: directories, files, links, and what it removes. */
final class ItemReader {
  private static final String DIRECTORY_MODE = "0755";
  private static final String FILE_MODE = "0644";

  private final Fields fields;
  private final Path templates;
  private final Provenance recipe;

  ItemReader(String name, Fields fields, Path templates) {
    this.fields = fields;
    this.templates = templates;
    this.recipe = Provenance.ofRecipe(name);
  }

  SortedMap<AbsolutePath, Item> read() throws RecipeException {
    List<Item> items = new ArrayList<>();
    for (Node node : fields.list("directories")) {
      items.add(directory(Fields.of(node, Section.DIRECTORY)));
    }
    for (Node node : fields.list("files")) {
      items.add(file(Fields.of(node, Section.FILE)));
    }
    for (Node node : fields.list("links")) {
      items.add(link(Fields.of(node, Section.LINK)));
    }
    for (Node node : fields.list("remove")) {
      AbsolutePath path = AbsolutePath.of(Fields.text(node, "remove", Form.PATH));
      items.add(new Item.Removal(path, node.at(), recipe));
    }
    return byPath(items);
  }

  private static SortedMap<AbsolutePath, Item> byPath(List<Item> items) throws RecipeException {
    SortedMap<AbsolutePath, Item> byPath = new TreeMap<>();
    for (Item item : items) {
      Item other = byPath.put(item.path(), item);
      if (other != null) {
        boolean ordered = other.at().compareTo(item.at()) <= 0;
        Location first = ordered ? other.at() : item.at();
        Location second = ordered ? item.at() : other.at();
        throw Problem.at(
            second,
            item.path() + " stood already on line " + first.line(),
            "remove one of the two; a recipe that builds on this one may replace the path");
      }
    }
    return byPath;
  }

  private Item directory(Fields directory) throws RecipeException {
    return new Item.Directory(
        path(directory), mode(directory, DIRECTORY_MODE), owner(directory), directory.at(), recipe);
  }

  private Item file(Fields file) throws RecipeException {
    Body body = body(file);
    Provenance provenance =
        body instanceof Body.Template template ? Provenance.ofTemplate(template.name()) : recipe;
    return new Item.File(
        path(file), body, mode(file, FILE_MODE), owner(file), file.at(), provenance);
  }

  private Body body(Fields file) throws RecipeException {
    List<String> given = new ArrayList<>(List.of("template", "source", "content"));
    given.retainAll(file.all().keySet());
    if (given.size() != 1) {
      throw Problem.at(
          file.at(),
          given.isEmpty()
              ? "a file needs its bytes from somewhere"
              : "a file cannot have both " + String.join(" and ", given),
          "give exactly one of template, source and content");
    }
    return switch (given.get(0)) {
      case "template" -> new Body.Template(existing(file, "template", Form.TEMPLATE));
      case "source" -> new Body.Source(existing(file, "source", Form.NAME));
      default -> new Body.Text(file.requiredText("content", Form.ANY));
    };
  }

  private String existing(Fields file, String key, Form form) throws RecipeException {
    String name = file.requiredText(key, form);
    if (!Files.isRegularFile(templates.resolve(name))) {
      throw Problem.at(
          file.at(key),
          "there is no file " + templates.resolve(name),
          "write it, or mend the name");
    }
    return name;
  }

  private Item link(Fields link) throws RecipeException {
    return new Item.Link(path(link), link.requiredText("target", Form.TARGET), link.at(), recipe);
  }

  private static AbsolutePath path(Fields fields) throws RecipeException {
    return AbsolutePath.of(fields.requiredText("path", Form.PATH));
  }

  private static int mode(Fields fields, String otherwise) throws RecipeException {
    return Integer.parseInt(fields.text("mode", Form.MODE).orElse(otherwise), 8);
  }

  private static Owner owner(Fields fields) throws RecipeException {
    return fields.text("owner", Form.OWNER).flatMap(Owner::parse).orElse(Owner.ROOT);
  }
}
