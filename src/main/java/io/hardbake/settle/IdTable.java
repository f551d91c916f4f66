package io.hardbake.settle;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * hardbake's own numbers for system accounts. adduser would deal out the next free number, so that
 * numbers change with the set of packages; here a name has one number for ever.
 *
 * @param users user name to numbers
 * @param groups group name to number
 */
record IdTable(Map<String, Ids> users, Map<String, Integer> groups) {
  private static final String RESOURCE = "accounts.txt";

  /** A user's number and the number of its primary group. */
  record Ids(int uid, int gid) {}

  IdTable {
    users = Collections.unmodifiableMap(new TreeMap<>(users));
    groups = Collections.unmodifiableMap(new TreeMap<>(groups));
  }

  /** The table that hardbake ships. */
  static IdTable load() {
    Map<String, Ids> users = new TreeMap<>();
    Map<String, Integer> groups = new TreeMap<>();
    for (List<String> words : Table.read(RESOURCE).rows()) {
      switch (words.get(0)) {
        case "user" ->
            users.put(
                words.get(1),
                new Ids(Integer.parseInt(words.get(2)), Integer.parseInt(words.get(3))));
        case "group" -> groups.put(words.get(1), Integer.parseInt(words.get(2)));
        default -> throw new IllegalStateException(RESOURCE + ": " + words);
      }
    }
    return new IdTable(users, groups);
  }

  Optional<Ids> user(String name) {
    return Optional.ofNullable(users.get(name));
  }

  Optional<Integer> group(String name) {
    return Optional.ofNullable(groups.get(name));
  }
}
