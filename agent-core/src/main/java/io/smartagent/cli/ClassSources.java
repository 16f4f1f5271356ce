package io.smartagent.cli;

/**
 * The jars that classes are loaded from. The JVM opens each of them by its path when it first needs
 * one, and once the launching thread is in the host's root there is nothing at these paths. What is
 * open by then stays so. (Its own image is open from its start, with the library that unpacks it.)
 *
 * <p>Nearly all classes of a launch come from the AOT cache and need no jar. Those that report why
 * one has failed do.
 */
final class ClassSources {

  /** In no jar, so that each of them is opened to look. */
  private static final String IN_NO_JAR = "io.smartagent.cli.InNoJar";

  private ClassSources() {}

  /** Opens them all. */
  static void open() {
    try {
      Class.forName(IN_NO_JAR);
    } catch (ClassNotFoundException expected) {
      // All jars were searched for it, which is what it is for.
    }
  }
}
