package io.hardbake.template;

import freemarker.cache.StringTemplateLoader;
import freemarker.core.InvalidReferenceException;
import freemarker.core.ParseException;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The templates of a directory, each as it was when it was first asked for. Safe for use by several
 * threads.
 *
 * <p>A model holds strings, numbers, booleans, lists, maps, and functions of one text to a truth
 * value ({@code Predicate<String>}). Templates stand for themselves: none includes another.
 */
public final class Templates {
  /**
   * What would make the result depend on more than template and model, or let text become code: a
   * guard rail for people, not a fence against attackers, who could write the recipe as well.
   */
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "\\[(?:=|#(?!--))(?:[^\\n]*?|[^\\]]*?)"
              + "(?<what>\\?\\s*(?:api|eval|eval_json|interpret|new)\\b|(?<![\\w)\\]])\\.now\\b|(?<=\\[#)setting\\b)");

  /** Reads a file of the directory, which may be changed as soon as it was read. */
  @FunctionalInterface
  public interface Reader {
    Content read(Path file) throws BakeException, IOException, InterruptedException;
  }

  private final Path directory;
  private final Reader reader;
  private final Configuration freemarker;

  /** Read once, so that all that is made of a file, and what is said of it, is of one state. */
  private final Map<String, Content> contents = new ConcurrentHashMap<>();

  private Templates(Path directory, Reader reader, Configuration freemarker) {
    this.directory = directory;
    this.reader = reader;
    this.freemarker = freemarker;
  }

  /** The templates below {@code directory}, all of them held in memory. */
  public static Templates of(Path directory) {
    return of(directory, file -> Content.of(Files.readAllBytes(file)));
  }

  /** The templates below {@code directory}, each read once by {@code reader}. */
  public static Templates of(Path directory, Reader reader) {
    Configuration freemarker = new Configuration(Configuration.VERSION_2_3_35);
    freemarker.setTemplateLoader(new StringTemplateLoader()); // Nothing to include.
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
    return new Templates(directory, reader, freemarker);
  }

  /**
   * The template filled in.
   *
   * @param name relative to the directory: {@code base/node.ftl}
   * @throws RecipeException with the template's file, line and column, if it cannot be
   */
  public Content render(String name, Map<String, Object> model)
      throws BakeException, IOException, InterruptedException {
    byte[] content = source(name).bytes();
    Path file = directory.resolve(name);
    String text = text(file, content);
    refuseForbidden(file, text);
    StringWriter out = new StringWriter();
    try {
      new Template(name, text, freemarker).process(model, out);
    } catch (ParseException e) {
      throw notFreeMarker(file, e);
    } catch (InvalidReferenceException e) {
      throw undefined(file, e, model);
    } catch (TemplateException e) {
      throw new RecipeException(place(file, e) + reason(e), "mend the expression", e);
    } catch (StackOverflowError e) {
      throw new RecipeException(
          file + ":1: a macro or a function of the template calls itself without end",
          "let it stop calling itself at some point: [#if …] around the call",
          e);
    }
    return Content.of(out.toString());
  }

  /** A file of the directory as it is, byte for byte. */
  public Content source(String name) throws BakeException, IOException, InterruptedException {
    Content content = contents.get(name);
    if (content == null) {
      Content read = reader.read(file(name));
      Content first = contents.putIfAbsent(name, read);
      content = first == null ? read : first;
    }
    return content;
  }

  private Path file(String name) throws RecipeException {
    Path file = directory.resolve(name);
    if (!file.normalize().startsWith(directory.normalize())) {
      throw new RecipeException(
          file + ": the file lies outside of " + directory, "move it into the directory");
    }
    if (!Files.isRegularFile(file)) {
      throw new RecipeException(file + ": there is no such file", "write it, or mend the name");
    }
    return file;
  }

  private static String text(Path file, byte[] bytes) throws RecipeException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new RecipeException(
          file + ":1: the file is not UTF-8",
          "save it as UTF-8, or name it under `source:` if it is no text",
          e);
    }
  }

  private static void refuseForbidden(Path file, String text) throws RecipeException {
    Matcher forbidden = FORBIDDEN.matcher(text);
    if (forbidden.find()) {
      int at = forbidden.start("what");
      String before = text.substring(0, at);
      long line = 1 + before.chars().filter(c -> c == '\n').count();
      throw new RecipeException(
          place(file, line, at - before.lastIndexOf('\n'))
              + forbidden.group("what")
              + " is not to be used here",
          "equal recipes must give equal images: pass what is needed as a variable of the recipe");
    }
  }

  private static RecipeException notFreeMarker(Path file, ParseException e) {
    return new RecipeException(
        place(file, e.getLineNumber(), e.getColumnNumber())
            + "this is not FreeMarker: "
            + firstLine(e.getEditorMessage()),
        "see https://freemarker.apache.org/docs/ref.html; here tags are written [#if …] and values"
            + " [=…]; what a shell shall have of that kind is written"
            + " [#noparse]${names[@]}[/#noparse], or the whole file named under `source:`",
        e);
  }

  private static RecipeException undefined(
      Path file, InvalidReferenceException e, Map<String, Object> model) {
    String expression = String.valueOf(e.getBlamedExpressionString());
    String known = model.keySet().stream().sorted().collect(Collectors.joining(", "));
    return new RecipeException(
        place(file, e) + expression + " is not defined",
        "define it under `variables:` of the recipe, or give a default: [=%s!\"…\"]; defined here"
                .formatted(expression)
            + " are "
            + known,
        e);
  }

  private static String place(Path file, TemplateException e) {
    return place(file, e.getLineNumber(), e.getColumnNumber());
  }

  private static String place(Path file, long line, long column) {
    return "%s:%d:%d: ".formatted(file, line, column);
  }

  private static String reason(TemplateException e) {
    return firstLine(e.getMessageWithoutStackTop());
  }

  private static String firstLine(String message) {
    return message
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("it cannot be filled in");
  }
}
