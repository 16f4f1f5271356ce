package io.smartagent.cli;

/**
 * What classes are loaded from: the jars, and the JVM's own library that unpacks its image. The JVM
 * opens each of them by its path when it first needs one, and once the launching thread is in the
 * host's root there is nothing at these paths. What is open by then stays so.
 *
 * <p>Nearly all classes of a launch come from the AOT cache and need neither. Those that tell why
 * one has failed do not.
 */
final class ClassSources {

  /** In no jar, so that each of them is opened to look. */
  private static final String IN_NO_JAR = "io.smartagent.cli.InNoJar";

  /** Of the JVM's image, and used by nobody here: so it is not in the cache. */
  private static final String NOT_IN_CACHE = "java.util.zip.CRC32C";

  private ClassSources() {}

  /**
   * Opens them all.
   *
   * @param rehearsal whether this JVM records what goes into the cache
   */
  static void open(boolean rehearsal) {
    load(IN_NO_JAR);
    if (!rehearsal) {
      load(NOT_IN_CACHE);
    }
  }

  private static void load(String name) {
    try {
      Class.forName(name);
    } catch (ClassNotFoundException looked) {
      // That it was looked for is all that is wanted.
    }
  }
}
