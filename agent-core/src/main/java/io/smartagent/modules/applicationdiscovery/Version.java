package io.smartagent.modules.applicationdiscovery;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version of a program.
 *
 * @param text of it, short and without anything that no version has
 * @param origin where it was found
 */
record Version(String text, Origin origin) {

  /** Where a version can be found; the order is that of trust, the most trusted one first. */
  enum Origin {
    /** The executable itself: Go's build information, or the compiler's comment. */
    EXECUTABLE("executable"),
    /** The file {@code release} of a JDK, or {@code start_erl.data} of an Erlang. */
    RELEASE("release"),
    /** The manifest of a jar. */
    MANIFEST("manifest"),
    /** package.json of the script's package. */
    PACKAGE_JSON("package.json"),
    /** App.deps.json or App.runtimeconfig.json of a .NET program. */
    DOTNET_JSON("dotnet.json"),
    /** The name of a jar. */
    JAR_NAME("jarName"),
    /** A variable of the environment. It is inherited, so it may be another program's. */
    ENVIRONMENT("environment"),
    /** The executable's path. */
    PATH("path"),
    /** The command line. */
    COMMAND_LINE("commandLine"),
    /** What dpkg or apk says is installed where the process lives. */
    PACKAGE_DATABASE("packageDatabase");

    private final String id;

    Origin(String id) {
      this.id = id;
    }

    /** Returns the name in events. */
    String id() {
      return id;
    }
  }

  /** Whatever does not look like this is no version. */
  private static final Pattern SHAPE =
      Pattern.compile(
          "[vV]?\\d{1,8}(?:[a-z]{1,2}\\d{1,6})?(?:[._+~:-][A-Za-z0-9]{1,20}){0,8}"
              + "|jdk-?\\d[\\w.+-]{0,30}|go\\d[\\w.-]{0,30}");

  private static final int LONGEST = 80;

  /** Returns a version; null where the text does not look like one: it may be a secret. */
  static @Nullable Version of(@Nullable String text, Origin origin) {
    return text != null && text.length() <= LONGEST && SHAPE.matcher(text).matches()
        ? new Version(text, origin)
        : null;
  }

  /** Returns the first one that is known. */
  static @Nullable Version first(@Nullable Version... candidates) {
    for (Version candidate : candidates) {
      if (candidate != null) {
        return candidate;
      }
    }
    return null;
  }
}
