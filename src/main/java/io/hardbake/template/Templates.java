package io.hardbake.template;

import freemarker.cache.FileTemplateLoader;
import freemarker.core.InvalidReferenceException;
import freemarker.core.ParseException;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateNotFoundException;
import io.hardbake.failure.RecipeException;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Collectors;

/**
 * The templates of a directory. Safe for use by several threads.
 *
 * <p>A model holds strings, numbers, booleans, lists, maps, and functions of one text to a truth
 * value ({@code Predicate<String>}).
 */
public final class Templates {
  private final Path directory;
  private final Configuration freemarker;

  private Templates(Path directory, Configuration freemarker) {
    this.directory = directory;
    this.freemarker = freemarker;
  }

  /** The templates below {@code directory}, which must exist. */
  public static Templates of(Path directory) throws IOException {
    Configuration freemarker = new Configuration(Configuration.VERSION_2_3_35);
    freemarker.setTemplateLoader(new FileTemplateLoader(directory.toFile()));
    freemarker.setLocalizedLookup(false);
    freemarker.setObjectWrapper(new PlainValues());

    freemarker.setTagSyntax(Configuration.SQUARE_BRACKET_TAG_SYNTAX);
    freemarker.setInterpolationSyntax(Configuration.SQUARE_BRACKET_INTERPOLATION_SYNTAX);

    freemarker.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    freemarker.setLogTemplateExceptions(false);
    freemarker.setWrapUncheckedExceptions(true);
    freemarker.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    freemarker.setAPIBuiltinEnabled(false);

    // The host's own charset, language and time zone must not reach an image.
    freemarker.setDefaultEncoding(StandardCharsets.UTF_8.name());
    freemarker.setOutputEncoding(StandardCharsets.UTF_8.name());
    freemarker.setLocale(Locale.ROOT);
    freemarker.setTimeZone(TimeZone.getTimeZone("UTC"));
    freemarker.setNumberFormat("c");
    freemarker.setBooleanFormat("c");
    return new Templates(directory, freemarker);
  }

  /**
   * The template filled in.
   *
   * @param name relative to the directory: {@code base/node.ftl}
   * @throws RecipeException with the template's file, line and column, if it cannot be
   */
  public Content render(String name, Map<String, Object> model)
      throws RecipeException, IOException {
    StringWriter out = new StringWriter();
    try {
      Template template = freemarker.getTemplate(name);
      template.process(model, out);
    } catch (TemplateNotFoundException e) {
      throw new RecipeException(
          directory.resolve(name) + ": there is no such template", "write it, or mend the name", e);
    } catch (ParseException e) {
      throw new RecipeException(
          place(e.getTemplateName(), e.getLineNumber(), e.getColumnNumber())
              + ": this is not FreeMarker: "
              + e.getEditorMessage().lines().findFirst().orElse("it cannot be read"),
          "see https://freemarker.apache.org/docs/ref.html, with square brackets for tags and [=…]"
              + " for values",
          e);
    } catch (InvalidReferenceException e) {
      throw undefined(e, model);
    } catch (TemplateException e) {
      throw new RecipeException(place(e) + ": " + reason(e), "mend the expression", e);
    }
    return Content.of(out.toString());
  }

  /** A file of the directory as it is, byte for byte. */
  public Content source(String name) throws IOException {
    return Content.of(Files.readAllBytes(directory.resolve(name)));
  }

  private RecipeException undefined(InvalidReferenceException e, Map<String, Object> model) {
    String expression = String.valueOf(e.getBlamedExpressionString());
    String known = model.keySet().stream().sorted().collect(Collectors.joining(", "));
    return new RecipeException(
        place(e) + ": " + expression + " is not defined",
        "define it under `variables:` of the recipe, or give a default: [="
            + expression
            + "!\"…\"]; defined here are "
            + known,
        e);
  }

  private String place(TemplateException e) {
    return place(e.getTemplateSourceName(), e.getLineNumber(), e.getColumnNumber());
  }

  private String place(String name, int line, int column) {
    return directory.resolve(name) + ":" + line + ":" + column;
  }

  private static String reason(TemplateException e) {
    List<String> lines =
        e.getMessageWithoutStackTop().lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "it cannot be filled in" : lines.get(0);
  }
}
