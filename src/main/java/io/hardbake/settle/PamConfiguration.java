package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.FileTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code pam-auth-update --package --force} on a fresh installation: {@code /etc/pam.d/common-*}
 * out of templates and of the profiles that are on by default, and what it notes of them in {@code
 * /var/lib/pam}. Whether packages brought their profiles one after the other or at once makes no
 * difference to the result.
 */
final class PamConfiguration {
  private static final AbsolutePath PROFILES = AbsolutePath.of("/usr/share/pam-configs");
  private static final AbsolutePath TEMPLATES = AbsolutePath.of("/usr/share/pam");
  private static final AbsolutePath TARGET = AbsolutePath.of("/etc/pam.d");
  private static final AbsolutePath STATE = AbsolutePath.of("/var/lib/pam");

  private static final String PRIMARY = "Primary";
  private static final String ADDITIONAL = "Additional";
  private static final String PRIMARY_START =
      "# here are the per-package modules (the \"Primary\" block)";
  private static final String PRIMARY_END = "# here's the fallback if no module succeeds";
  private static final String ADDITIONAL_START =
      "# and here are more per-package modules (the \"Additional\" block)";
  private static final String ADDITIONAL_END = "# end of pam-auth-update config";

  /** Keeps the stack intact where no profile has a primary module. */
  private static final String NO_PRIMARY = "[default=1]\t\t\tpam_permit.so";

  /** Control and module, then the module's options. */
  private static final Pattern MODULE =
      Pattern.compile("^((?:\\[[^\\]]+\\]|\\w+)\\s+\\S+)\\s*(.*)");

  private final List<PamProfile> enabled;

  private PamConfiguration(List<PamProfile> enabled) {
    this.enabled = enabled;
  }

  static void write(TreeEditor editor) {
    List<PamProfile> profiles = profiles(editor.tree());
    List<PamProfile> enabled = withoutConflicts(profiles);
    if (enabled.isEmpty()) {
      throw new IllegalStateException("no profile in " + PROFILES + " is on by default");
    }
    PamConfiguration configuration = new PamConfiguration(enabled);
    for (PamStack stack : PamStack.values()) {
      String name = "common-" + stack.file();
      String template = Texts.required(editor.tree(), TEMPLATES.child(name));
      editor.write(TARGET.child(name), configuration.render(template, stack));
      editor.write(STATE.child(stack.file()), configuration.saved(stack));
    }
    StringBuilder seen = new StringBuilder();
    profiles.forEach(profile -> seen.append(profile.name()).append('\n'));
    editor.write(STATE.child("seen"), seen.toString());
  }

  /** All profiles, the highest priority first, and of two with the same the higher name. */
  private static List<PamProfile> profiles(FileTree.Builder tree) {
    List<PamProfile> profiles = new ArrayList<>();
    for (AbsolutePath file : tree.children(PROFILES).keySet()) {
      boolean backup = file.name().endsWith("~") || file.name().matches("#.+#");
      Optional<String> text = backup ? Optional.empty() : Texts.in(tree, file);
      if (text.isPresent()) {
        PamProfile profile = PamProfile.parse(file.name(), text.get());
        if (profile.isUsable()) {
          profiles.add(profile);
        }
      }
    }
    profiles.sort(
        Comparator.comparingInt(PamProfile::priority).thenComparing(PamProfile::name).reversed());
    return profiles;
  }

  /** A profile loses against one that names it under Conflicts. */
  private static List<PamProfile> withoutConflicts(List<PamProfile> profiles) {
    List<PamProfile> enabled = new ArrayList<>(profiles);
    enabled.removeIf(profile -> !profile.isDefault());
    for (int i = 0; i < enabled.size(); i++) {
      PamProfile strong = enabled.get(i);
      enabled.removeIf(strong::conflictsWith);
    }
    return enabled;
  }

  private String render(String template, PamStack stack) {
    StringBuilder out = new StringBuilder();
    String until = "";
    for (String line : template.lines().toList()) {
      if (!until.isEmpty()) {
        // What the template has between its markers gives way.
        if (!line.startsWith(until)) {
          continue;
        }
        until = "";
      }
      out.append(line).append('\n');
      if (line.startsWith(PRIMARY_START)) {
        appendBlock(out, stack, PRIMARY);
        until = PRIMARY_END;
      } else if (line.startsWith(ADDITIONAL_START)) {
        appendBlock(out, stack, ADDITIONAL);
        until = ADDITIONAL_END;
      }
    }
    return out.toString();
  }

  private void appendBlock(StringBuilder out, PamStack stack, String block) {
    List<String> modules = new ArrayList<>();
    boolean first = true;
    for (PamProfile profile : enabled) {
      if (profile.blockOf(stack).equals(block)) {
        modules.addAll(profile.modules(stack, first));
        first = false;
      }
    }
    boolean primary = block.equals(PRIMARY);
    if (primary && modules.isEmpty()) {
      out.append(stack.type()).append('\t').append(NO_PRIMARY).append('\n');
    }
    // A jump to the end passes the modules that follow, and the fallback after a primary block.
    int jump = primary ? modules.size() : modules.size() - 1;
    for (String module : modules) {
      out.append(stack.type()).append('\t').append(line(module, jump)).append('\n');
      jump--;
    }
  }

  private static String line(String module, int jump) {
    Matcher parts = MODULE.matcher(module);
    if (!parts.find()) {
      return " ";
    }
    String[] options = parts.group(2).strip().split("\\s+", -1);
    return parts.group(1).replace("end", Integer.toString(jump)) + " " + String.join(" ", options);
  }

  /** The modules as the profiles have them, so that a later run tells what an admin changed. */
  private String saved(PamStack stack) {
    StringBuilder primary = new StringBuilder();
    StringBuilder additional = new StringBuilder();
    boolean firstPrimary = true;
    boolean firstAdditional = true;
    for (PamProfile profile : enabled) {
      String block = profile.blockOf(stack);
      if (block.equals(ADDITIONAL)) {
        appendSaved(additional, profile, profile.modules(stack, firstAdditional));
        firstAdditional = false;
      } else if (!block.isEmpty()) {
        appendSaved(primary, profile, profile.modules(stack, firstPrimary));
        firstPrimary = false;
      }
    }
    if (firstPrimary) {
      primary.append("Module: null\n").append(NO_PRIMARY).append('\n');
    }
    return primary.append(additional).toString();
  }

  private static void appendSaved(StringBuilder out, PamProfile profile, List<String> modules) {
    if (!modules.isEmpty()) {
      out.append("Module: ").append(profile.name()).append('\n');
      modules.forEach(module -> out.append(module).append('\n'));
    }
  }
}
