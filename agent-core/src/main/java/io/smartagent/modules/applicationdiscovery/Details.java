package io.smartagent.modules.applicationdiscovery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a program beyond its name.
 *
 * @param software with what its files tell of it
 * @param version of the product, or of the application that a runtime runs; null where it is
 *     unknown
 * @param languageVersion of the runtime or compiler; null where it is unknown
 */
record Details(Software software, @Nullable Version version, @Nullable Version languageVersion) {

  /** Returns what executable's path and command line tell: anybody may know it. */
  static Details ofCommandLine(
      Software software, @Nullable String executable, CommandLine commandLine) {
    return new Details(
        software,
        Version.first(
            JavaArchives.namedInClassPath(software, commandLine),
            fromCommandLine(software.productClues(), executable, commandLine.arguments())),
        fromCommandLine(software.languageClues(), executable, commandLine.arguments()));
  }

  private static @Nullable Version fromCommandLine(
      VersionClues clues, @Nullable String executable, List<String> arguments) {
    return Version.first(clues.inPath(executable), clues.inArguments(arguments));
  }
}
