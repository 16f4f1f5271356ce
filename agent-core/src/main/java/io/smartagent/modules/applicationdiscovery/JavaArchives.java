package io.smartagent.modules.applicationdiscovery;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The jars that a JVM was told to load, and the versions that they tell. */
final class JavaArchives {

  private static final Set<String> PATH_OPTIONS =
      Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path");

  private static final int ENTRIES_AT_MOST = 500;
  private static final int DIRECTORIES_AT_MOST = 4;
  private static final int NAMES_AT_MOST = 1000;

  /** As Maven and Gradle call what they build. */
  private static final Pattern VERSION_IN_NAME =
      Pattern.compile(".*?-([0-9]+(?:\\.[0-9]+)+[\\w.-]*)\\.[jw]ar");

  private JavaArchives() {}

  /** Returns the product's version in the name of a jar; null where no name has it. */
  static @Nullable Version namedInClassPath(Software software, CommandLine commandLine) {
    Pattern jar = software.productClues().jar();
    if (jar == null) {
      return null;
    }
    for (String entry : entries(commandLine.options())) {
      Version version = inName(jar, baseName(entry));
      if (version != null) {
        return version;
      }
    }
    return null;
  }

  /**
   * Returns the product's version by its jars, or the application's by the one that it was started
   * with; null where none tells.
   *
   * @param workingDirectory that relative paths start from
   */
  static @Nullable Version version(
      ProcessRoot root, String workingDirectory, Software software, CommandLine commandLine) {
    Pattern jar = software.productClues().jar();
    if (jar != null) {
      return ofProduct(root, workingDirectory, jar, entries(commandLine.options()));
    }
    String started = started(commandLine.options());
    return started == null || software.product() != null
        ? null
        : Version.first(
            manifest(root, absolute(workingDirectory, started)),
            inName(VERSION_IN_NAME, baseName(started)));
  }

  private static @Nullable Version ofProduct(
      ProcessRoot root, String workingDirectory, Pattern jar, List<String> entries) {
    int directories = 0;
    for (String entry : entries) {
      Matcher matcher = jar.matcher(baseName(entry));
      if (matcher.matches()) {
        return matcher.groupCount() > 0 && matcher.group(1) != null
            ? Version.of(matcher.group(1), Version.Origin.JAR_NAME)
            : manifest(root, absolute(workingDirectory, entry));
      }
      boolean directory = entry.endsWith("/*") || !entry.endsWith(".jar");
      if (directory && directories++ < DIRECTORIES_AT_MOST) {
        String path = entry.endsWith("/*") ? entry.substring(0, entry.length() - 1) : entry + "/";
        for (String name : root.names(absolute(workingDirectory, path), NAMES_AT_MOST)) {
          Version version = inName(jar, name);
          if (version != null) {
            return version;
          }
        }
      }
    }
    return null;
  }

  private static @Nullable Version manifest(ProcessRoot root, String path) {
    try (InputStream jar = root.stream(path)) {
      return jar == null ? null : JarManifest.version(jar);
    } catch (IOException unreadable) {
      return null;
    }
  }

  private static @Nullable Version inName(Pattern jar, String name) {
    Matcher matcher = jar.matcher(name);
    return matcher.matches() && matcher.groupCount() > 0
        ? Version.of(matcher.group(1), Version.Origin.JAR_NAME)
        : null;
  }

  private static List<String> entries(List<String> options) {
    List<String> entries = new ArrayList<>();
    String started = started(options);
    if (started != null) {
      entries.add(started);
    }
    for (int i = 0; i < options.size() && entries.size() < ENTRIES_AT_MOST; i++) {
      String option = options.get(i);
      int equals = option.indexOf('=');
      String path = null;
      if (PATH_OPTIONS.contains(option) && i + 1 < options.size()) {
        path = options.get(i + 1);
      } else if (equals > 0 && PATH_OPTIONS.contains(option.substring(0, equals))) {
        path = option.substring(equals + 1);
      }
      if (path != null) {
        for (String entry : path.split(":", ENTRIES_AT_MOST)) {
          if (!entry.isEmpty()) {
            entries.add(entry);
          }
        }
      }
    }
    return entries;
  }

  private static @Nullable String started(List<String> options) {
    String entry = EntryPoint.JAVA.find(options);
    return entry != null && (entry.endsWith(".jar") || entry.endsWith(".war")) ? entry : null;
  }

  private static String absolute(String workingDirectory, String path) {
    return path.startsWith("/") ? path : workingDirectory + "/" + path;
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
