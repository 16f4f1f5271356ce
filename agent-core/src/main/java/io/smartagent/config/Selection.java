package io.smartagent.config;

import java.util.List;

/**
 * A choice of names: all that are possible, or just these.
 *
 * @param auto whether everything possible is meant
 * @param names what is meant otherwise or named all the same, in the order in which they were
 *     given, without doubles
 */
public record Selection(boolean auto, List<String> names) {

  /** Everything that is possible. */
  public static final Selection AUTO = new Selection(true, List.of());

  /** Copies the names. */
  public Selection {
    names = List.copyOf(names);
  }

  /** Returns just these names. */
  public static Selection of(List<String> names) {
    return new Selection(false, names);
  }

  /** Returns all that is possible, with these named. */
  public static Selection autoAnd(List<String> names) {
    return new Selection(true, names);
  }

  /** Returns whether {@code name} itself was given. */
  public boolean isNamed(String name) {
    return names.contains(name);
  }

  /** Returns whether {@code name} is meant. */
  public boolean includes(String name) {
    return auto || names.contains(name);
  }
}
