package io.smartagent.config;

import io.smartagent.module.ModuleDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Names of modules as they are set: separated by commas, {@code auto}, {@code none}, or with {@code
 * !} before what {@code auto} must exclude.
 */
final class ModuleNames {

  static final String AUTO = "auto";
  static final String NONE = "none";
  static final String NOT = "!";

  private final Collection<String> known;
  private final String source;
  private final boolean mayBeAuto;

  /**
   * @param known ids of the modules that are built
   * @param source where the names were set
   * @param mayBeAuto whether everything possible can be meant
   */
  ModuleNames(Collection<String> known, String source, boolean mayBeAuto) {
    this.known = known;
    this.source = source;
    this.mayBeAuto = mayBeAuto;
  }

  /**
   * Returns what is named.
   *
   * @param problems receives fault and remedy of each name that no module has
   */
  Selection parse(String value, BiConsumer<String, String> problems) {
    List<String> names = new ArrayList<>();
    List<String> excluded = new ArrayList<>();
    boolean auto = false;
    for (String word : split(value).names()) {
      if (mayBeAuto && word.equals(AUTO)) {
        auto = true;
      } else if (mayBeAuto && word.startsWith(NOT)) {
        excluded.add(word.substring(NOT.length()).strip());
      } else {
        names.add(word);
      }
    }
    check(names, excluded, problems);
    if (mayBeAuto
        && !auto
        && names.isEmpty()
        && excluded.isEmpty()
        && !value.strip().equals(NONE)) {
      problems.accept(source + " is \"" + value + "\".", "Write auto, none or names of modules.");
    }
    boolean onlyExcluded = names.isEmpty() && !excluded.isEmpty();
    return new Selection(auto || onlyExcluded, names, excluded);
  }

  private void check(
      List<String> names, List<String> excluded, BiConsumer<String, String> problems) {
    List<String> all = new ArrayList<>(names);
    all.addAll(excluded);
    for (String name : all) {
      if (!known.contains(name)) {
        problems.accept(
            "Unknown module \"" + name + "\" in " + source + ".",
            "The modules are " + String.join(", ", known) + "." + Spelling.suggestion(name, known));
      }
    }
    for (String name : excluded) {
      if (names.contains(name)) {
        problems.accept(
            source + " both names and excludes the module \"" + name + "\".",
            "Write either " + name + " or " + NOT + name + ".");
      }
    }
  }

  /** Returns the ids of modules. */
  static List<String> of(List<? extends ModuleDescriptor> modules) {
    List<String> ids = new ArrayList<>();
    for (ModuleDescriptor module : modules) {
      ids.add(module.id());
    }
    return ids;
  }

  /** Returns the names in {@code value}, each once. */
  static Selection split(String value) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : value.split(",", -1)) {
      if (!name.isBlank() && !value.strip().equals(NONE)) {
        names.add(name.strip());
      }
    }
    return Selection.of(List.copyOf(names));
  }
}
