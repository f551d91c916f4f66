package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.io.Bytes;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.Directory;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One thing that a maintainer script does on a fresh installation. The words in the tables are in
 * {@link EffectParser}.
 */
sealed interface Effect {

  /** Does it. {@code script} is the text that the effect stands for. */
  void apply(Installation machine, TreeEditor editor, String script);

  /**
   * Why hardbake cannot do this for a package, if so.
   *
   * @param shipped the package
   */
  default Optional<String> objection(UnpackedPackage shipped, IdTable ids) {
    return Optional.empty();
  }

  /** An owner by name. */
  record Named(String user, String group) {
    static final Named ROOT = new Named("root", "root");

    Owner in(Installation machine) {
      return machine.accounts().owner(user, group);
    }
  }

  /** A directory, unless something stands there. */
  record MakeDirectory(AbsolutePath path, int mode, Named owner) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      editor.directory(path, mode, owner.in(machine));
    }
  }

  /** An empty file, unless something stands there. */
  record Touch(AbsolutePath path, int mode, Named owner) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      if (!editor.exists(path)) {
        editor.write(path, mode, owner.in(machine), Content.of(""));
      }
    }
  }

  /** A line of text as the whole file. */
  record Echo(AbsolutePath path, String text) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      editor.write(path, text + "\n");
    }
  }

  /** A copy that leaves out the lines that begin with a prefix, unless something stands there. */
  record CopyWithout(AbsolutePath from, AbsolutePath to, String prefix) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      if (!editor.exists(to)) {
        editor.write(
            to,
            Texts.required(editor.tree(), from)
                .lines()
                .filter(line -> !line.startsWith(prefix))
                .map(line -> line + "\n")
                .collect(Collectors.joining()));
      }
    }
  }

  /** A copy with the original's mode, owner and time, unless something stands there. */
  record Copy(AbsolutePath from, AbsolutePath to) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      if (!editor.exists(to)) {
        editor.copy(from, to);
      }
    }
  }

  /** A symbolic link, unless something stands there; an empty directory gives way. */
  record Link(AbsolutePath path, String target) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      boolean emptyDirectory =
          editor.tree().get(path).orElse(null) instanceof Directory
              && editor.tree().children(path).isEmpty();
      if (emptyDirectory || !editor.standsAt(path)) {
        editor.link(path, target);
      }
    }
  }

  /** Another mode and owner for what a package ships. */
  record Change(AbsolutePath path, int mode, Named owner) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      editor.chown(path, owner.in(machine));
      editor.chmod(path, mode);
    }
  }

  /** The same, recorded for later unpacks: {@code dpkg-statoverride --update --add}. */
  record StatOverride(Change change) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      change.apply(machine, editor, script);
      machine.statOverrides().add(change);
    }
  }

  /** A file capability (capabilities(7)). */
  record Capability(AbsolutePath path, Bytes value) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      editor.xattr(path, "security.capability", value);
    }
  }

  /** A file that the script writes as a here-document, taken from its text. */
  record FromHereDocument(AbsolutePath path, int mode) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      if (!editor.exists(path)) {
        String body = HereDocument.writtenTo(path, script);
        editor.write(path, mode, Owner.ROOT, Content.of(body));
      }
    }
  }

  /** The accounts that every Debian machine has, from base-passwd's master files. */
  record BaseAccounts() implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      AbsolutePath masters = AbsolutePath.of("/usr/share/base-passwd");
      machine
          .accounts()
          .base(
              Texts.required(editor.tree(), masters.child("passwd.master")),
              Texts.required(editor.tree(), masters.child("group.master")));
    }
  }

  /** {@code adduser --system}, with a group of its own where the table of numbers says so. */
  record SystemUser(String name, String home) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      machine.accounts().systemUser(name, "", home, Accounts.NO_LOGIN, Accounts.LOCKED);
    }
  }

  /** {@code addgroup --system}. */
  record SystemGroup(String name) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      machine.accounts().systemGroup(name, Accounts.LOCKED);
    }
  }

  /** {@code systemd-sysusers} on files that the package ships. */
  record ApplySysusers(List<String> files) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      Sysusers.of(files, editor.tree()).applyTo(machine.accounts());
    }

    @Override
    public Optional<String> objection(UnpackedPackage shipped, IdTable ids) {
      return Sysusers.objection(files, shipped, ids);
    }
  }

  /** {@code systemd-tmpfiles --create} on files that the package ships. */
  record ApplyTmpfiles(List<String> files) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      Tmpfiles.create(files, machine.accounts(), editor);
    }

    @Override
    public Optional<String> objection(UnpackedPackage shipped, IdTable ids) {
      return Tmpfiles.objection(files, shipped, ids);
    }
  }

  /**
   * {@code dpkg-divert --add}: a preinst's takes effect on what is unpacked afterwards, a
   * postinst's is only a record.
   */
  record Divert(AbsolutePath from, AbsolutePath to) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      // Diversions are collected before anything is unpacked.
    }
  }

  /** The literal {@code update-alternatives --install} calls of the script. */
  record InstallAlternatives() implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      machine.alternatives().addCallsOf(script);
    }
  }

  /** {@code systemctl enable}. */
  record EnableUnit(String unit) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      new UnitEnablement(editor).enable(unit);
    }
  }

  /** {@code deb-systemd-helper enable} on a first installation. */
  record HelperEnable(String unit) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      new UnitEnablement(editor).helperEnable(unit);
    }
  }

  /** {@code deb-systemd-helper update-state}. */
  record HelperUpdateState(String unit) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      new UnitEnablement(editor).helperUpdateState(unit);
    }
  }

  /** {@code update-rc.d NAME defaults}. */
  record InitScript(String name) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      SysvLinks.add(name, editor);
    }
  }

  /** {@code ucf FROM PATH} and {@code ucfr PACKAGE PATH}. */
  record Ucf(String owner, AbsolutePath from, AbsolutePath path) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      if (!editor.exists(path)) {
        editor.copy(from, path);
      }
      machine.ucf().register(owner, path);
    }
  }

  /**
   * A service of the name service switch put before another, unless it stands there already
   * (nsswitch.conf(5)).
   *
   * @param words the service's name, and what to do about its answers
   */
  record NameService(String database, String before, List<String> words) implements Effect {
    private static final AbsolutePath FILE = AbsolutePath.of("/etc/nsswitch.conf");

    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      // As in the script: libc-bin, which makes the file, may have been left to first boot.
      Texts.in(editor.tree(), FILE)
          .ifPresent(
              text ->
                  editor.write(
                      FILE,
                      text.lines()
                          .map(line -> line.startsWith(database + ":") ? inserted(line) : line)
                          .collect(Collectors.joining("\n", "", "\n"))));
    }

    private String inserted(String line) {
      String service = " " + words.get(0);
      return (line + " ").contains(service + " ")
          ? line
          : line.replaceFirst(
              "(?<=\\s)" + Pattern.quote(before) + "(?=\\s|$)",
              Matcher.quoteReplacement(String.join(" ", words) + " " + before));
    }
  }

  /** A named rule in Java, run after all other effects. */
  record Do(Finisher finisher) implements Effect {
    @Override
    public void apply(Installation machine, TreeEditor editor, String script) {
      machine.finishLater(finisher);
    }
  }
}
