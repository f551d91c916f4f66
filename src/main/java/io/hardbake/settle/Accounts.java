package io.hardbake.settle;

import io.hardbake.failure.RecipeException;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The users and groups of the machine in the making, and the four files that list them: passwd(5),
 * group(5), shadow(5), gshadow(5).
 *
 * <p>The order of lines is by number, so that one more package moves no line of another.
 */
final class Accounts {
  /** How adduser locks an account. */
  static final String LOCKED = "!";

  /** How systemd-sysusers locks an account. */
  static final String LOCKED_BY_SYSUSERS = "!*";

  /** How base-passwd locks an account. */
  private static final String NO_PASSWORD = "*";

  /** The shell of system users that are given none. */
  static final String NO_LOGIN = "/usr/sbin/nologin";

  private static final int SECONDS_A_DAY = 86_400;
  private static final Owner SHADOW = new Owner(0, 42);

  private record User(
      String name, int uid, int gid, String gecos, String home, String shell, Aging aging) {}

  /** What shadow(5) says besides the day of the last change. */
  private record Aging(String password, String limits) {}

  private record Group(String name, int gid, String password, SortedSet<String> members) {
    Group copy() {
      return new Group(name, gid, password, new TreeSet<>(members));
    }
  }

  private final IdTable ids;
  private final long day;
  private final Map<String, User> users = new HashMap<>();
  private final Map<String, Group> groups = new HashMap<>();
  private boolean shadowed;

  Accounts(IdTable ids, long epochSeconds) {
    this.ids = ids;
    this.day = Math.floorDiv(epochSeconds, SECONDS_A_DAY);
  }

  private Accounts(Accounts others) {
    this.ids = others.ids;
    this.day = others.day;
    this.shadowed = others.shadowed;
    users.putAll(others.users);
    others.groups.forEach((name, group) -> groups.put(name, group.copy()));
  }

  /** Accounts of another machine in the making, which begins with these. */
  Accounts copy() {
    return new Accounts(this);
  }

  /** Takes over base-passwd's master files. */
  void base(String passwdMaster, String groupMaster) {
    for (String line : passwdMaster.lines().toList()) {
      String[] f = line.split(":", -1);
      Aging aging = new Aging(NO_PASSWORD, "0:99999:7:::");
      add(new User(f[0], Integer.parseInt(f[2]), Integer.parseInt(f[3]), f[4], f[5], f[6], aging));
    }
    for (String line : groupMaster.lines().toList()) {
      String[] f = line.split(":", -1);
      groups.putIfAbsent(
          f[0], new Group(f[0], Integer.parseInt(f[2]), NO_PASSWORD, new TreeSet<>()));
    }
  }

  /** Moves the passwords out of the files that everybody may read: {@code shadowconfig on}. */
  void shadow() {
    shadowed = true;
  }

  /** A system user, and its group when the table gives it one of its own. */
  void systemUser(String name, String gecos, String home, String shell, String locked) {
    IdTable.Ids numbers =
        ids.user(name).orElseThrow(() -> new IllegalStateException("no number for user " + name));
    if (ids.group(name).filter(gid -> gid == numbers.gid()).isPresent()) {
      systemGroup(name, locked);
    }
    add(
        new User(
            name, numbers.uid(), numbers.gid(), gecos, home, shell, new Aging(locked, ":::::")));
  }

  void systemGroup(String name, String locked) {
    int gid =
        ids.group(name).orElseThrow(() -> new IllegalStateException("no number for group " + name));
    groups.putIfAbsent(name, new Group(name, gid, locked, new TreeSet<>()));
  }

  /** Makes a user a member of a further group; both must exist by the end. */
  void member(String user, String group) {
    Group there = groups.get(group);
    if (there == null) {
      throw new IllegalStateException("no group " + group + " for " + user);
    }
    there.members().add(user);
  }

  /**
   * A user from a recipe, as {@code useradd --user-group} makes it: without a valid password.
   *
   * @param left packages whose scripts have not run, and may make more groups
   */
  void recipe(Account account, List<Unconfigured> left) throws RecipeException {
    String name = account.name();
    boolean taken =
        users.containsKey(name)
            || groups.containsKey(name)
            || users.values().stream().anyMatch(u -> u.uid() == account.id())
            || groups.values().stream().anyMatch(g -> g.gid() == account.id())
            || ids.users().values().stream().anyMatch(i -> i.uid() == account.id())
            || ids.groups().containsValue(account.id());
    if (taken) {
      throw new RecipeException(
          "the name or the number of user %s (%d) belongs to another account"
              .formatted(name, account.id()),
          "choose another; 1000 and above are free for recipes");
    }
    groups.put(name, new Group(name, account.id(), LOCKED, new TreeSet<>()));
    add(
        new User(
            name,
            account.id(),
            account.id(),
            "",
            account.home(),
            account.shell(),
            new Aging(LOCKED, "0:99999:7:::")));
    for (String group : account.groups()) {
      if (!groups.containsKey(group)) {
        throw noGroup(name, group, left);
      }
      member(name, group);
    }
  }

  private static RecipeException noGroup(String user, String group, List<Unconfigured> left) {
    String problem = "user %s shall be in group %s, which no package makes".formatted(user, group);
    String remedy = "name an existing group, or add the package that makes it";
    if (left.isEmpty()) {
      return new RecipeException(problem, remedy);
    }
    return new RecipeException(
        problem
            + " in the bake; at first boot one may that is left to dpkg: "
            + Unconfigured.names(left),
        "%s; for one that first boot makes, put `usermod -aG %s %s` into an executable script in %s instead"
            .formatted(remedy, group, user, "/usr/lib/hardbake/firstboot.d"));
  }

  private void add(User user) {
    users.putIfAbsent(user.name(), user);
  }

  /** A user's number: the machine's, else the table's. */
  Optional<Integer> uid(String name) {
    User user = users.get(name);
    return user == null ? ids.user(name).map(IdTable.Ids::uid) : Optional.of(user.uid());
  }

  /** A group's number: the machine's, else the table's. */
  Optional<Integer> gid(String name) {
    Group group = groups.get(name);
    return group == null ? ids.group(name) : Optional.of(group.gid());
  }

  /** The numbers of a user and a group by name. */
  Owner owner(String user, String group) {
    return new Owner(
        uid(user).orElseThrow(() -> new IllegalStateException("no number for user " + user)),
        gid(group).orElseThrow(() -> new IllegalStateException("no number for group " + group)));
  }

  /** Writes the files; a machine without base-passwd has none. */
  void writeTo(TreeEditor editor) {
    if (users.isEmpty() && groups.isEmpty()) {
      return;
    }
    List<User> byUid = new ArrayList<>(users.values());
    byUid.sort(Comparator.comparingInt(User::uid).thenComparing(User::name));
    List<Group> byGid = new ArrayList<>(groups.values());
    byGid.sort(Comparator.comparingInt(Group::gid).thenComparing(Group::name));
    editor.write(at("/etc/passwd"), lines(byUid, this::passwdLine));
    editor.write(at("/etc/group"), lines(byGid, this::groupLine));
    if (shadowed) {
      editor.write(at("/etc/shadow"), 0640, SHADOW, Content.of(lines(byUid, this::shadowLine)));
      editor.write(at("/etc/gshadow"), 0640, SHADOW, Content.of(lines(byGid, this::gshadowLine)));
    }
  }

  private static AbsolutePath at(String path) {
    return AbsolutePath.of(path);
  }

  private static <T> String lines(List<T> rows, Function<T, String> line) {
    return rows.stream().map(row -> line.apply(row) + "\n").collect(Collectors.joining());
  }

  private String passwdLine(User u) {
    String password = shadowed ? "x" : u.aging().password();
    return String.join(
        ":", u.name(), password, "" + u.uid(), "" + u.gid(), u.gecos(), u.home(), u.shell());
  }

  private String groupLine(Group g) {
    String password = shadowed ? "x" : g.password();
    return String.join(":", g.name(), password, "" + g.gid(), String.join(",", g.members()));
  }

  private String shadowLine(User u) {
    return String.join(":", u.name(), u.aging().password(), "" + day, u.aging().limits());
  }

  private String gshadowLine(Group g) {
    return String.join(":", g.name(), g.password(), "", String.join(",", g.members()));
  }
}
