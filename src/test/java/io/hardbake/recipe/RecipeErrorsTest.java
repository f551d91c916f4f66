package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mistake is reported with its file, its line, and what to do about it. */
class RecipeErrorsTest extends WrongRecipe {
  @Test
  void acceptsWhatIsRight() throws Exception {
    write(
        "web",
        """
        from: base
        files:
          - path: /etc/site
            template: web/site.ftl
            mode: "0640"
            owner: root:adm
        """);
    Role web = RecipeBook.load(images).role("web");
    Item.File file = (Item.File) web.items().values().iterator().next();
    assertEquals(0640, file.mode());
    assertEquals(new Owner("root", "adm"), file.owner());
    assertEquals(3, file.at().line());
  }

  @Test
  void anUnknownKey() {
    refused(
        """
        from: base

        pakages:
          - nginx
        """,
        3,
        "unknown key \"pakages\" in a recipe",
        "did you mean packages? the keys here are abstract, boot, box, container, debian, description,"
            + " directories, files, from, hardware, kubernetes, links, machine, packages, remove,"
            + " units, users, variables");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://deb.example.org/a]",
        "https://deb.example.org/%zz",
        "https://[deb",
        "http://a b/c"
      })
  void aMirrorThatNoUrlCanName(String mirror) {
    refused(
        "from: base\ndebian:\n  securityMirror: \"" + mirror + "\"\n",
        3,
        "\"" + mirror + "\" is not a web address",
        "write it like https://ftp.debian.org/debian");
  }

  @Test
  void aMirrorOfKubernetesThatIsNoPlace() {
    refused(
        """
        from: base
        kubernetes:
          mirror: ftp://dl.example.org
        """,
        3,
        "\"ftp://dl.example.org\" is neither a directory nor a URL that can be fetched",
        "write a path, or a URL that begins with https://");
  }

  @Test
  void anUnknownKeyFurtherDown() {
    refused(
        """
        from: base
        files:
          - path: /etc/site
            templat: web/site.ftl
        """,
        4,
        "unknown key \"templat\" in a file",
        "did you mean template? the keys here are content, mode, owner, path, source, template");
  }

  @Test
  void anUnknownKeyThatResemblesNone() {
    refused(
        "from: base\nnonsense: 1\n",
        2,
        "unknown key \"nonsense\" in a recipe",
        "the keys here are abstract, boot, box, container, debian, description, directories, files, from,"
            + " hardware, kubernetes, links, machine, packages, remove, units, users, variables");
  }

  @Test
  void aWrongType() {
    refused(
        "from: base\npackages: nginx\n",
        2,
        "packages should be a list, but it is text",
        "write a list here");
    refused(
        "from: base\npackages:\n  - nginx\n  - {name: x}\n",
        4,
        "packages should be text, but it is a group of keys",
        "write text here");
    refused(
        "from: base\nabstract: no thanks\n",
        2,
        "abstract should be true or false, but it is text",
        "write true or false here");
    refused("- a\n- b\n", 1, "a recipe should be a group of keys, but it is a list", null);
    refused(
        "from: base\npackages:\n",
        2,
        "packages should be a list, but it is nothing",
        "give it a value, or leave the key out");
  }

  @Test
  void aNumberWhereTextIsMeant() {
    refused(
        "from: base\nfiles:\n  - path: /etc/x\n    content: x\n    mode: 0644\n",
        5,
        "mode should be a mode of four octal digits, but YAML reads 0644 as a number",
        "put it in quotes: \"0644\"");
    refused(
        "from: base\ncontainer:\n  environment:\n    DEBUG: true\n",
        4,
        "DEBUG should be text, but YAML reads true as true or false",
        "put it in quotes: \"true\"");
  }

  @Test
  void emptyTextIsTextAndNothingIsNot() throws Exception {
    load("from: base\nfiles:\n  - path: /etc/x\n    content: ''\n");
    refused(
        "from: base\nfiles:\n  - path: /etc/x\n    content:\n",
        4,
        "content should be text, but it is nothing",
        "give it a value, or leave the key out");
  }

  @Test
  void aMissingKey() {
    refused("from: base\nfiles:\n  - content: x\n", 3, "a file needs a path", "add `path: …` here");
  }

  @Test
  void aMissingTemplate() {
    refused(
        "from: base\nfiles:\n  - path: /etc/site\n    template: web/sight.ftl\n",
        4,
        "there is no file " + project.resolve("templates/web/sight.ftl"),
        "write it, or mend the name");
  }

  @Test
  void aTemplateOutsideTheDirectory() {
    refused(
        "from: base\nfiles:\n  - path: /etc/site\n    template: ../images/base.ftl\n",
        4,
        "\"../images/base.ftl\" is not a template's name, which has no blanks and ends in .ftl",
        "write it relative to the templates directory: base/node.ftl");
  }

  @ParameterizedTest
  @ValueSource(strings = {"web/my site.ftl", "web/my\u2003site.ftl"})
  void aTemplateWithABlankInItsName(String name) {
    refused(
        "from: base\nfiles:\n  - path: /etc/site\n    template: \"%s\"\n".formatted(name),
        4,
        "\"%s\" is not a template's name, which has no blanks and ends in .ftl".formatted(name),
        "write it relative to the templates directory: base/node.ftl");
  }

  @Test
  void aBodyTooManyOrTooFew() {
    refused(
        "from: base\nfiles:\n  - path: /x\n    template: web/site.ftl\n    content: x\n",
        3,
        "a file cannot have both template and content",
        "give exactly one of template, source and content");
    refused(
        "from: base\nfiles:\n  - path: /x\n",
        3,
        "a file needs its bytes from somewhere",
        "give exactly one of template, source and content");
  }

  @ParameterizedTest
  @ValueSource(strings = {"644", "0648", "u=rw", "00644", "0o644"})
  void aBadMode(String mode) {
    refused(
        "from: base\ndirectories:\n  - path: /etc/x\n    mode: \"" + mode + "\"\n",
        4,
        "\"" + mode + "\" is not a mode of four octal digits",
        "write it in quotes: \"0644\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"etc/x", "/etc/../x", "/etc/./x", "/etc//x", "/etc/x/", "/", "/.."})
  void aBadPath(String path) {
    refused(
        "from: base\ndirectories:\n  - path: " + path + "\n",
        3,
        "\"" + path + "\" is not an absolute path without . or .. and without a slash at its end",
        "write it like /etc/nginx/nginx.conf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"root:", "Root", "a b", "root:adm:x", "-1"})
  void anUnknownOwnerForm(String owner) {
    refused(
        "from: base\ndirectories:\n  - path: /x\n    owner: \"" + owner + "\"\n",
        4,
        "\"" + owner + "\" is not an owner",
        "write user or user:group, each a name or a number: root:adm");
  }

  @Test
  void aPathTwice() {
    refused(
        """
        from: base
        files:
          - path: /etc/x
            content: x
        remove:
          - /etc/y
          - /etc/x
        """,
        7,
        "/etc/x stood already on line 3",
        "remove one of the two; a recipe that builds on this one may replace the path");
  }

  @Test
  void aPathBelowAFile() {
    refused(
        """
        from: base
        directories:
          - path: /etc/x/y
        files:
          - path: /etc/x
            content: x
        """,
        3,
        "/etc/x/y lies below /etc/x, which is no directory (" + file("web") + ":5)",
        "choose another path, or list /etc/x under directories:");
  }

  @Test
  void aMissingParent() {
    refused(
        "description: a site\nfrom: bse\n",
        2,
        "there is no recipe bse to build on",
        "did you mean base? the recipes are base, web");
  }

  @Test
  void aCycle() throws Exception {
    write("app", "from: web\n");
    BakeException e =
        assertThrows(RecipeException.class, () -> load("description: x\n\nfrom: app\n"));
    assertEquals(
        file("web") + ":3: recipes build on each other in a circle: app → web → app",
        e.getMessage());
    assertEquals("remove one `from:` of the circle", e.remedy());
  }

  @Test
  void aRecipeThatBuildsOnItself() {
    refused(
        "from: web\n",
        1,
        "recipes build on each other in a circle: web → web",
        "remove one `from:` of the circle");
  }

  @Test
  void anAbstractRoleBaked() throws Exception {
    RecipeBook book = load("from: base\n");
    BakeException e = assertThrows(RecipeException.class, () -> book.role("base"));
    assertEquals(file("base") + ":1: base is abstract and cannot be baked itself", e.getMessage());
    assertEquals("bake a role that builds on it (web), or remove `abstract: true`", e.remedy());
  }

  @Test
  void aRoleThatIsNotThere() throws Exception {
    RecipeBook book = load("from: base\n");
    BakeException e = assertThrows(UsageException.class, () -> book.role("wbe"));
    assertEquals("did you mean web? the roles are web", e.remedy());
  }

  /** Its image's repository could not be called so. */
  @Test
  void aNameThatEndsWithAHyphen() throws Exception {
    write("web-", "from: base\n");
    BakeException e = assertThrows(RecipeException.class, () -> load("from: base\n"));
    assertEquals(file("web-") + ":1: 'web-' is no name for a role", e.getMessage());
  }

  @Test
  void aRoleThatNeverSaysItsSuite() {
    refused(
        "description: alone\n",
        1,
        "neither the recipe nor one that it builds on says debian.suite",
        "add `from: base`, or write `debian: {suite: bookworm}`");
  }
}
