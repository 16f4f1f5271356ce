package io.smartagent.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A choice of names: all that are possible, or just these.
 *
 * @param auto whether everything possible is meant
 * @param names what is meant otherwise or named all the same, in the order in which they were
 *     given, without doubles
 * @param excluded what is not meant although everything possible is, without doubles
 */
public record Selection(boolean auto, List<String> names, List<String> excluded) {

  /** Everything that is possible. */
  public static final Selection AUTO = new Selection(true, List.of(), List.of());

  /** Copies the names. */
  public Selection {
    names = List.copyOf(names);
    excluded = List.copyOf(excluded);
  }

  /** Returns just these names. */
  public static Selection of(List<String> names) {
    return new Selection(false, names, List.of());
  }

  /** Returns the same selection with {@code name} in it by its name. */
  public Selection naming(String name) {
    if (isNamed(name)) {
      return this;
    }
    return new Selection(auto, with(names, name), excluded);
  }

  /** Returns the same selection without {@code name}, where only everything is meant. */
  public Selection excluding(String name) {
    if (isNamed(name) || excluded.contains(name)) {
      return this;
    }
    return new Selection(auto, names, with(excluded, name));
  }

  private static List<String> with(List<String> names, String name) {
    List<String> more = new ArrayList<>(names);
    more.add(name);
    return more;
  }

  /** Returns whether {@code name} itself was given. */
  public boolean isNamed(String name) {
    return names.contains(name);
  }

  /** Returns whether {@code name} is meant. */
  public boolean includes(String name) {
    return names.contains(name) || (auto && !excluded.contains(name));
  }

  /** Returns it as it is written: {@code auto,NAME,!NAME}, or {@code none}. */
  public String text() {
    List<String> words = new ArrayList<>();
    if (auto) {
      words.add(ModuleNames.AUTO);
    }
    words.addAll(names);
    for (String name : excluded) {
      words.add(ModuleNames.NOT + name);
    }
    return words.isEmpty() ? ModuleNames.NONE : String.join(",", words);
  }
}
