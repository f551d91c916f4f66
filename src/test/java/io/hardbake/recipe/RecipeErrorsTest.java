package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UsageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mistake is reported with its file, its line, and what to do about it. */
class RecipeErrorsTest {
  private static final String BASE =
      """
      abstract: true
      debian: {suite: bookworm}
      kubernetes: {version: v1.18.6}
      container: {command: [/sbin/init], stopSignal: SIGRTMIN+3}
      """;

  @TempDir private Path project;
  private Path images;

  @BeforeEach
  void writeBase() throws Exception {
    images = Files.createDirectories(project.resolve("images"));
    Files.createDirectories(project.resolve("templates/web"));
    Files.writeString(project.resolve("templates/web/site.ftl"), "x\n");
    write("base", BASE);
  }

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
        "\"../images/base.ftl\" is not a template's name, which ends in .ftl",
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

  @Test
  void aRoleThatNeverSaysItsSuite() {
    refused(
        "description: alone\n",
        1,
        "neither the recipe nor one that it builds on says debian.suite",
        "add `from: base`, or write `debian: {suite: bookworm}`");
  }

  @Test
  void aKeyTwice() {
    refused(
        "from: base\npackages: [nginx]\nfrom: base\n",
        3,
        "the key \"from\" stood already on line 1",
        "join the two, or remove one");
  }

  @Test
  void anchorsAliasesAndTags() {
    refused("from: &x base\n", 1, "anchors and aliases (& and *) are not understood here", null);
    refused("from: base\nunits: &x\n  mask: []\n", 2, "anchors and aliases", null);
    refused("from: base\n# ≠ 𝄞\nunits: {&x mask: []}\n", 3, "anchors and aliases", null);
    refused("from: base\ndescription: *x\n", 2, "anchors and aliases", null);
    refused("from: base\ndescription: ! x\n", 2, "tags (!)", null);
    refused("from: base\npackages: !!set {a, b}\n", 2, "tags (!) are not understood here", null);
  }

  @Test
  void aBombOfAliases() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    refused(bomb.toString(), 1, "anchors and aliases", null);
  }

  @Test
  void tooDeepAndTooLarge() throws Exception {
    refused("from: " + "[".repeat(500) + "]".repeat(500) + "\n", 1, "more than 20 levels", null);
    refused("# " + "x".repeat(1 << 20) + "\n", 1, "the file is larger than", null);
  }

  @Test
  void twoDocuments() {
    refused(
        "from: base\n---\nfrom: base\n",
        3,
        "a second YAML document begins",
        "give each recipe its own file");
  }

  @Test
  void whatIsNoYaml() throws Exception {
    BakeException e =
        assertThrows(RecipeException.class, () -> load("from: base\npackages:\n  - a\n b: [\n"));
    assertTrue(message(e).matches(".*/web\\.yaml:4:\\d+: this is not YAML: .*"), message(e));
    refused("", 1, "the file is empty", "begin with `from: base`");
    Files.write(
        images.resolve("web.yaml"), "description: é\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        file("web") + ":1: the file is not UTF-8",
        assertThrows(RecipeException.class, () -> RecipeBook.load(images)).getMessage());
  }

  @Test
  void aBadPackage() {
    refused(
        "from: base\npackages:\n  - nginx=1.22\n",
        3,
        "\"nginx=1.22\" is not the name of a Debian package",
        "write the name alone, in lower case, as apt knows it");
    refused(
        "from: base\npackages:\n  - nginx\n  - nginx\n",
        4,
        "nginx stands twice under packages",
        "remove one of the two");
  }

  @Test
  void aBadUnit() {
    refused(
        "from: base\nunits:\n  enable: [nginx]\n",
        3,
        "\"nginx\" is not a systemd unit's full name",
        "add what kind of unit it is: nginx.service");
    refused(
        "from: base\nunits:\n  enable:\n    - nginx.service\n  mask:\n    - nginx.service\n",
        6,
        "nginx.service stands under enable and under mask",
        "decide for one");
  }

  @Test
  void badKubernetes() {
    refused(
        "from: base\nkubernetes:\n  version: 1.18.6\n",
        3,
        "\"1.18.6\" is not a version of Kubernetes",
        "write it as its git tag: v1.18.6");
    refused(
        "from: base\nkubernetes:\n  binaries:\n    - kubectl\n    - kube-apisever\n",
        5,
        "Kubernetes has no binary kube-apisever that hardbake bakes",
        "did you mean kube-apiserver? the binaries are kube-apiserver, kube-controller-manager,"
            + " kube-scheduler, kubectl");
  }

  @Test
  void badUsers() throws Exception {
    refused(
        "from: base\nusers:\n  - name: app\n    id: 0\n",
        4,
        "id should be a number from 1 to 59999, but it is 0",
        "write a decimal number in that range");
    refused(
        "from: base\nusers:\n  - {name: app, id: 400}\n  - {name: app, id: 401}\n",
        4,
        "the user app stands twice",
        "remove one");
    refused(
        "from: base\nusers:\n  - {name: app, id: 400}\n  - {name: web, id: 400}\n",
        1,
        "users app and web both have id 400",
        "give one of them another id");
  }

  @Test
  void badVariables() {
    refused(
        "from: base\nvariables:\n  pod-cidr: x\n",
        3,
        "\"pod-cidr\" is not a variable's name",
        "use letters and digits, a lower-case letter first: podCidr");
    refused(
        "from: base\nvariables:\n  kubernetes: x\n",
        3,
        "every template already knows kubernetes from hardbake",
        "choose another name");
    refused(
        "from: base\nvariables:\n  ratio: 1.5\n",
        3,
        "ratio should be text, a whole number, true, false or a list, but it is a decimal number",
        null);
  }

  @Test
  void badPorts() {
    refused("from: base\ncontainer:\n  ports: [70000]\n", 3, "ports should be a number", null);
    refused(
        "from: base\ncontainer:\n  ports: [99999/tcp]\n", 3, "\"99999/tcp\" is not a port", null);
    refused(
        "from: base\ncontainer:\n  ports:\n    - 80\n    - 80/tcp\n",
        5,
        "80/tcp stands twice under ports",
        null);
  }

  @Test
  void badFileNames() throws Exception {
    Files.writeString(images.resolve("Web.yaml"), "from: base\n");
    assertThrows(RecipeException.class, () -> RecipeBook.load(images));
    Files.delete(images.resolve("Web.yaml"));
    Files.writeString(images.resolve("web.yml"), "from: base\n");
    BakeException e = assertThrows(RecipeException.class, () -> RecipeBook.load(images));
    assertEquals("rename it to web.yaml", e.remedy());
    assertThrows(HostException.class, () -> RecipeBook.load(project.resolve("nowhere")));
  }

  private void refused(String yaml, int line, String problem, @Nullable String remedy) {
    BakeException e = assertThrows(RecipeException.class, () -> load(yaml));
    String expected = file("web") + ":" + line + ": " + problem;
    if (remedy == null) {
      assertTrue(message(e).startsWith(expected), message(e));
    } else {
      assertEquals(expected, e.getMessage());
      assertEquals(remedy, e.remedy());
    }
  }

  private static String message(BakeException e) {
    return String.valueOf(e.getMessage());
  }

  private RecipeBook load(String yaml) throws Exception {
    write("web", yaml);
    return RecipeBook.load(images);
  }

  private String file(String recipe) {
    return images.resolve(recipe + ".yaml").toString();
  }

  private void write(String recipe, String yaml) throws Exception {
    Files.writeString(images.resolve(recipe + ".yaml"), yaml);
  }
}
