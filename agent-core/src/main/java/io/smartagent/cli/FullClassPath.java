package io.smartagent.cli;

import io.smartagent.config.ExitStatus;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Runs commands that need more than the launcher's class path has, such as the client of
 * Kubernetes' API: each jar of that path costs every start, so those are only here. In the image
 * all jars are in one directory, beside the launcher's own.
 *
 * <p>Such a command's entry is a public class with a public constructor without parameters: a
 * {@code ToIntFunction} from the command's words to the exit code. It is loaded with all that it
 * needs by another loader, so it shares no class with the caller but the runtime's. It makes its
 * own {@link Terminal}, and ends what it started: a thread that is left keeps the program from
 * ending.
 */
final class FullClassPath {

  /** A class that only the full path has. */
  private static final String WITNESS = "io.fabric8.kubernetes.client.KubernetesClient";

  private FullClassPath() {}

  /**
   * Runs a command.
   *
   * @param entry the name of its class
   * @param words of the command line, behind the command's name
   * @return how it ended
   * @throws IllegalStateException if the jars are not where the image has them
   */
  static ExitStatus run(String entry, List<String> words) {
    ClassLoader own = FullClassPath.class.getClassLoader();
    if (has(own, WITNESS)) {
      return call(own, entry, words);
    }
    try {
      // Never closed: threads of connections that end may load a class yet, and the process is
      // about to end itself.
      return call(new URLClassLoader(jars(), ClassLoader.getPlatformClassLoader()), entry, words);
    } catch (IOException e) {
      throw new IllegalStateException("the program's jars cannot be listed", e);
    }
  }

  private static boolean has(ClassLoader loader, String name) {
    try {
      Class.forName(name, false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static URL[] jars() throws IOException {
    String first = System.getProperty("java.class.path", "").split(File.pathSeparator, 2)[0];
    Path directory = Path.of(first).toAbsolutePath().getParent();
    List<URL> jars = new ArrayList<>();
    if (directory != null) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
        for (Path file : files) {
          jars.add(file.toUri().toURL());
        }
      }
    }
    return jars.toArray(new URL[0]);
  }

  /** Services are looked for by the thread's loader. */
  private static ExitStatus call(ClassLoader loader, String entry, List<String> words) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return status(entry(loader, entry).applyAsInt(List.copyOf(words)));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @SuppressWarnings("unchecked")
  private static ToIntFunction<List<String>> entry(ClassLoader loader, String name) {
    try {
      return Class.forName(name, true, loader)
          .asSubclass(ToIntFunction.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the command " + name + " is not in the program's jars", e);
    }
  }

  private static ExitStatus status(int code) {
    for (ExitStatus status : ExitStatus.values()) {
      if (status.code() == code) {
        return status;
      }
    }
    throw new IllegalStateException("no status has the code " + code);
  }
}
