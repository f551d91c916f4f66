package io.hardbake.settle;

import io.hardbake.io.Bytes;
import io.hardbake.tree.AbsolutePath;
import java.util.List;
import java.util.Locale;

/**
 * The vocabulary of the rule and snippet tables, one effect a line:
 *
 * <pre>
 *   directory PATH MODE [USER GROUP]     mkdir, unless it exists
 *   touch PATH MODE [USER GROUP]         an empty file, unless it exists
 *   echo PATH WORD...                    a line of text as the whole file
 *   copy FROM PATH                       cp -p, unless it exists
 *   copy-without FROM PATH PREFIX        a copy without the lines that begin so, unless it exists
 *   link PATH TARGET                     ln -s, unless it exists; an empty directory gives way
 *   change PATH MODE USER GROUP          chown, chmod
 *   statoverride PATH MODE USER GROUP    dpkg-statoverride --update --add
 *   capability PATH HEX                  the xattr security.capability
 *   heredoc PATH MODE                    the here-document that the script writes there
 *   base-accounts                        the accounts of base-passwd's master files
 *   user NAME HOME                       adduser --system
 *   group NAME                           addgroup --system
 *   sysusers FILE...                     systemd-sysusers
 *   tmpfiles FILE...                     systemd-tmpfiles --create
 *   divert PATH TO                       dpkg-divert --add
 *   alternatives                         the script's literal update-alternatives calls
 *   enable UNIT                          systemctl enable
 *   helper-enable UNIT                   deb-systemd-helper enable
 *   helper-update-state UNIT             deb-systemd-helper update-state
 *   init-script NAME                     update-rc.d NAME defaults
 *   ucf PACKAGE FROM PATH                ucf, ucfr
 *   name-service DATABASE BEFORE WORD... a service for nsswitch.conf, before another
 *   do FINISHER                          a rule in Java
 * </pre>
 */
final class EffectParser {
  private EffectParser() {}

  /**
   * Reads one effect.
   *
   * @throws IllegalArgumentException if the words make none
   */
  static Effect parse(List<String> words) {
    List<String> args = words.subList(1, words.size());
    return switch (words.get(0)) {
      case "directory" -> new Effect.MakeDirectory(path(args, 0), mode(args), owner(args));
      case "touch" -> new Effect.Touch(path(args, 0), mode(args), owner(args));
      case "echo" -> new Effect.Echo(path(args, 0), String.join(" ", args.subList(1, args.size())));
      case "copy-without" -> new Effect.CopyWithout(path(args, 0), path(args, 1), args.get(2));
      case "copy" -> new Effect.Copy(path(args, 0), path(args, 1));
      case "link" -> new Effect.Link(path(args, 0), args.get(1));
      case "change" -> change(args);
      case "statoverride" -> new Effect.StatOverride(change(args));
      case "capability" -> new Effect.Capability(path(args, 0), Bytes.ofHex(args.get(1)));
      case "heredoc" -> new Effect.FromHereDocument(path(args, 0), mode(args));
      case "divert" -> new Effect.Divert(path(args, 0), path(args, 1));
      case "name-service" ->
          new Effect.NameService(
              args.get(0), args.get(1), List.copyOf(args.subList(2, args.size())));
      case "ucf" -> new Effect.Ucf(args.get(0), path(args, 1), path(args, 2));
      default -> registering(words.get(0), args);
    };
  }

  private static Effect registering(String verb, List<String> args) {
    return switch (verb) {
      case "base-accounts" -> new Effect.BaseAccounts();
      case "user" -> new Effect.SystemUser(args.get(0), args.get(1));
      case "group" -> new Effect.SystemGroup(args.get(0));
      case "sysusers" -> new Effect.ApplySysusers(List.copyOf(args));
      case "tmpfiles" -> new Effect.ApplyTmpfiles(List.copyOf(args));
      case "alternatives" -> new Effect.InstallAlternatives();
      case "enable" -> new Effect.EnableUnit(args.get(0));
      case "helper-enable" -> new Effect.HelperEnable(args.get(0));
      case "helper-update-state" -> new Effect.HelperUpdateState(args.get(0));
      case "init-script" -> new Effect.InitScript(args.get(0));
      case "do" -> new Effect.Do(finisher(args.get(0)));
      default -> throw new IllegalArgumentException("unknown effect: " + verb);
    };
  }

  private static Finisher finisher(String name) {
    return Finisher.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static Effect.Change change(List<String> args) {
    return new Effect.Change(path(args, 0), mode(args), owner(args));
  }

  private static AbsolutePath path(List<String> args, int index) {
    return AbsolutePath.of(args.get(index));
  }

  private static int mode(List<String> args) {
    return Integer.parseInt(args.get(1), 8);
  }

  private static Effect.Named owner(List<String> args) {
    return args.size() > 2 ? new Effect.Named(args.get(2), args.get(3)) : Effect.Named.ROOT;
  }
}
