package io.hardbake.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.io.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {
  private static final Map<String, Object> MODEL =
      Map.of(
          "port",
          6443L,
          "secure",
          true,
          "names",
          List.of("a", "b"),
          "podCidr",
          "10.200.0.0/16",
          "server",
          Map.of("version", "v1", "is", (Predicate<String>) TemplatesTest::isOld));

  @TempDir private Path directory;

  @Test
  void leavesWhatBootFillsInAlone() throws Exception {
    String text = "A=${INTERNAL_IP} $1 <#if> [ -n \"$x\" ] [Unit] [[ a ]] $((1 + 1)) #{x} \\\n";
    assertEquals(text, render(text));
  }

  @Test
  void fillsInValues() throws Exception {
    assertEquals(
        "10.200.0.0/16 6443 true v1\n", render("[=podCidr] [=port] [=secure] [=server.version]\n"));
    assertEquals("1000000\n", render("[=1000000]\n"));
  }

  @Test
  void leavesNoTraceOfLinesWithTagsAlone() throws Exception {
    assertEquals(
        "x\na\nb\ny\n",
        render(
            "x\n[#-- why --]\n[#list names as name]\n[=name]\n[/#list]\n[#if !secure]\nz\n[/#if]\ny\n"));
  }

  @Test
  void keepsTheEndOfTheFile() throws Exception {
    assertEquals("x", render("x"));
    assertEquals("x\n", render("x\n"));
    assertEquals("x\n\n", render("x\n\n"));
    assertEquals("", render(""));
  }

  @Test
  void callsFunctionsOfTheModel() throws Exception {
    assertEquals("yes\n", render("[#if server.is(\"old\")]\nyes\n[#else]\nno\n[/#if]\n"));
    refused("x\n[=server.is(\"\")]\n", ":2:1: say what is old");
    refused("[=server.is()]\n", ":1:1: the function takes one text in quotes");
  }

  @Test
  void undefinedVariables() throws Exception {
    BakeException e = refused("a\nb [=podCdir] c\n", ":2:5: podCdir is not defined");
    assertEquals(
        "define it under `variables:` of the recipe, or give a default: [=podCdir!\"…\"];"
            + " defined here are names, podCidr, port, secure, server",
        e.remedy());
    refused("[=server.port]\n", ":1:3: server.port is not defined");
    refused("[#if nothing]\n[/#if]\n", ":1:6: nothing is not defined");
    assertEquals("-\n", render("[=podCdir!\"-\"]\n"));
  }

  @Test
  void wrongSyntax() throws Exception {
    refused("a\n[#if secure]\nb\n", ":3:2: this is not FreeMarker: ");
    refused("a [=port\n", ":1:");
    refused("[#iff secure]\n", ":1:2: this is not FreeMarker: Unknown directive: #iff");
  }

  @Test
  void aMacroThatCallsItselfWithoutEnd() throws Exception {
    refused("[#macro m][@m/][/#macro][@m/]\n", ":1: a macro or a function of the template calls");
    refused("[#function f x][#return f(x)][/#function][=f(1)]\n", ":1: a macro or a function");
  }

  @Test
  void whatOfAShellLooksLikeATagIsForNoparse() throws Exception {
    BakeException e = refused("for name in \"${names[@]}\"; do\n", ":1:");
    assertTrue(e.remedy().contains("written [#noparse]${names[@]}[/#noparse]"), e.remedy());
    assertEquals(
        "for name in \"${names[@]}\"; do v1\n",
        render("for name in \"[#noparse]${names[@]}[/#noparse]\"; do [=server.version]\n"));
  }

  @Test
  void aTemplateThatIsNotThere() throws Exception {
    Templates templates = Templates.of(directory);
    BakeException e =
        assertThrows(RecipeException.class, () -> templates.render("no/such.ftl", MODEL));
    assertEquals(directory.resolve("no/such.ftl") + ": there is no such file", e.getMessage());
  }

  @Test
  void aTemplateOfAnotherDirectory() throws Exception {
    Files.createDirectories(directory.resolve("in"));
    Files.writeString(directory.resolve("out.ftl"), "x\n");
    Templates templates = Templates.of(directory.resolve("in"));
    assertThrows(RecipeException.class, () -> templates.render("../out.ftl", MODEL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[=.now]",
        "[=.now?long]",
        "[#assign x = .now]",
        "[=\"freemarker.template.utility.Execute\"?new()(\"id\")]",
        "[=\"1 + 1\"?eval]",
        "[=\"{}\"?eval_json]",
        "[#assign t = \"x\"?interpret]",
        "[=server?api]",
        "[#setting time_zone=\"CET\"]",
        "[#setting locale=\"de\"]"
      })
  void whatWouldMakeAnImageDependOnMoreThanItsInputs(String line) throws Exception {
    refused("a\n" + line + "\n", ":2:");
  }

  @Test
  void theSameInALineOfItsOwn() throws Exception {
    refused("a\n[#assign t =\n  .now]\n[=t]\n", ":3:");
    refused("a\n[=\n\"1\"?eval]\n", ":3:");
  }

  @Test
  void commentsMaySayAnything() throws Exception {
    Files.writeString(directory.resolve("x.ftl"), "[#-- no .now\nand no ?eval --]x\n");
    assertEquals("x\n", Templates.of(directory).render("x.ftl", MODEL).text());
  }

  @Test
  void refusesTextThatIsNotUtf8() throws Exception {
    Files.write(directory.resolve("x.ftl"), new byte[] {'a', (byte) 0xe9, '\n'});
    Templates templates = Templates.of(directory);
    BakeException e = assertThrows(RecipeException.class, () -> templates.render("x.ftl", MODEL));
    assertEquals(directory.resolve("x.ftl") + ":1: the file is not UTF-8", e.getMessage());
  }

  @Test
  void givesSourcesAsTheyAre() throws Exception {
    byte[] bytes = {0, (byte) 0xff, '[', '=', 'x', ']', '\r', '\n'};
    Files.write(directory.resolve("x.bin"), bytes);
    assertEquals(Sha256.of(bytes), Templates.of(directory).source("x.bin").sha256());
  }

  private static boolean isOld(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("say what is old");
    }
    return text.equals("old");
  }

  private BakeException refused(String template, String problem) throws Exception {
    BakeException e = assertThrows(RecipeException.class, () -> render(template));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(directory.resolve("x.ftl") + problem), message);
    return e;
  }

  private String render(String template) throws Exception {
    Files.writeString(directory.resolve("x.ftl"), template);
    return Templates.of(directory).render("x.ftl", MODEL).text();
  }
}
