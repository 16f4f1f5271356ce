package io.smartagent.modules.applicationdiscovery;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the version of a program may be found. All patterns have the version in their first group.
 *
 * @param variables of the environment
 * @param path within the executable's path; null where it has none
 * @param argument within an argument of the command line; null where none has it
 * @param jar whole name of a jar of the class path; a pattern without a group for one whose
 *     manifest has it; null where no jar is the product's own
 * @param packages whole name of the distribution's package; null where there is none
 */
record VersionClues(
    List<String> variables,
    @Nullable Pattern path,
    @Nullable Pattern argument,
    @Nullable Pattern jar,
    @Nullable Pattern packages) {

  /** Of a program whose version only its own files can tell. */
  static final VersionClues NONE = new VersionClues(List.of(), null, null, null, null);

  /** Copies the list. */
  VersionClues {
    variables = List.copyOf(variables);
  }

  /** Returns these clues and variables. */
  VersionClues variables(String... names) {
    return new VersionClues(List.of(names), path, argument, jar, packages);
  }

  /** Returns these clues and a part of the executable's path. */
  VersionClues path(String regex) {
    return new VersionClues(variables, Pattern.compile(regex), argument, jar, packages);
  }

  /** Returns these clues and a part of an argument. */
  VersionClues argument(String regex) {
    return new VersionClues(variables, path, Pattern.compile(regex), jar, packages);
  }

  /** Returns these clues and a jar's name. */
  VersionClues jar(String regex) {
    return new VersionClues(variables, path, argument, Pattern.compile(regex), packages);
  }

  /** Returns these clues and a package's name. */
  VersionClues packages(String regex) {
    return new VersionClues(variables, path, argument, jar, Pattern.compile(regex));
  }

  /** Returns the version in the executable's path; null where it has none. */
  @Nullable Version inPath(@Nullable String executable) {
    return path == null || executable == null
        ? null
        : Version.of(group(path.matcher(executable)), Version.Origin.PATH);
  }

  /** Returns the version in an argument; null where none has it. */
  @Nullable Version inArguments(List<String> arguments) {
    if (argument != null) {
      for (String each : arguments) {
        Version version = Version.of(group(argument.matcher(each)), Version.Origin.COMMAND_LINE);
        if (version != null) {
          return version;
        }
      }
    }
    return null;
  }

  private static @Nullable String group(Matcher matcher) {
    if (!matcher.find()) {
      return null;
    }
    for (int i = 1; i <= matcher.groupCount(); i++) {
      if (matcher.group(i) != null) {
        return matcher.group(i);
      }
    }
    return null;
  }
}
