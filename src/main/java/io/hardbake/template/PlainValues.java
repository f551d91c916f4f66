package io.hardbake.template;

import freemarker.template.Configuration;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.TemplateBooleanModel;
import freemarker.template.TemplateMethodModelEx;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateModelException;
import freemarker.template.TemplateScalarModel;
import java.util.List;
import java.util.function.Predicate;

/**
 * Shows plain values to templates and nothing of any Java object, but for functions of one text to
 * a truth value.
 */
final class PlainValues extends SimpleObjectWrapper {
  PlainValues() {
    super(Configuration.VERSION_2_3_35);
  }

  @Override
  protected TemplateModel handleUnknownType(Object value) throws TemplateModelException {
    return value instanceof Predicate<?> predicate
        ? function(predicate)
        : super.handleUnknownType(value);
  }

  private static TemplateMethodModelEx function(Predicate<?> predicate) {
    @SuppressWarnings("unchecked") // The model's contract: predicates are of strings.
    Predicate<String> ofText = (Predicate<String>) predicate;
    return arguments -> call(ofText, arguments);
  }

  private static TemplateBooleanModel call(Predicate<String> predicate, List<?> arguments)
      throws TemplateModelException {
    if (arguments.size() != 1 || !(arguments.get(0) instanceof TemplateScalarModel text)) {
      throw new TemplateModelException("the function takes one text in quotes");
    }
    try {
      return predicate.test(text.getAsString())
          ? TemplateBooleanModel.TRUE
          : TemplateBooleanModel.FALSE;
    } catch (IllegalArgumentException e) {
      throw new TemplateModelException(e.getMessage());
    }
  }
}
