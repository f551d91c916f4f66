package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.debian.unpack.Unpacker;
import io.hardbake.fetch.Store;
import io.hardbake.image.Architecture;
import io.hardbake.io.ScratchDirectory;
import io.hardbake.io.Sha256;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Prints what {@code rules.txt} needs to know of packages: for each hand-written script without a
 * rule its heading and hash line, and the script itself, to be read before the effects are written
 * below.
 *
 * <pre>
 *   mvn -q test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=io.hardbake.settle.PrintRules -Dexec.args="one.deb two.deb"
 * </pre>
 *
 * With {@code --all} first, scripts that have a rule are printed too, without their text.
 */
final class PrintRules {
  private PrintRules() {}

  /** Reads the packages named on the command line. */
  public static void main(String[] args) throws Exception {
    boolean all = args.length > 0 && args[0].equals("--all");
    List<String> debs = Arrays.asList(args).subList(all ? 1 : 0, args.length);
    Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    try (ScratchDirectory scratch = ScratchDirectory.in(temporary, "hardbake-rules")) {
      Unpacker unpacker = new Unpacker(Store.open(scratch.path()));
      RuleTable rules = RuleTable.load();
      for (String deb : debs) {
        Path file = Path.of(deb);
        print(unpacker.unpack(file, Sha256.of(file)), rules, all, System.out);
      }
    }
  }

  private static void print(UnpackedPackage one, RuleTable rules, boolean all, PrintStream out) {
    Architecture architecture =
        one.architecture().equals("arm64") ? Architecture.ARM64 : Architecture.AMD64;
    for (String name : Judge.SCRIPTS) {
      if (one.controlFiles().containsKey(name)) {
        MaintainerScript script = Judge.script(one, name, architecture);
        boolean known = rules.effects(one.name(), script).isPresent();
        for (MaintainerScript.Section section : script.sections()) {
          if (SnippetTable.load().effects(section).isEmpty()) {
            out.printf("# %s: no template for this section:%n%s%n", one.name(), section);
          }
        }
        if (!script.isGenerated() && (all || !known)) {
          out.printf("rule %s %s%n", KernelRelease.generalise(one.name(), one.name()), name);
          out.printf("known %s %s%n%n", script.hash(), one.version());
        }
        if (!script.isGenerated() && !known && !all) {
          script.handWritten().lines().forEach(line -> out.println("#   " + line));
          out.println();
        }
      }
    }
  }
}
