package io.hardbake.settle;

import java.util.List;

/**
 * A user that a recipe asks for, with a group of the same name and number.
 *
 * @param id the user's and its group's number, fixed by the recipe
 * @param groups further groups, which must exist
 */
public record Account(String name, int id, String home, String shell, List<String> groups) {
  public Account {
    groups = List.copyOf(groups);
  }
}
