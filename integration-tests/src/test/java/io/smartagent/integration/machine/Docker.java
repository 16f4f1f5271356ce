package io.smartagent.integration.machine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Docker's command line. */
public final class Docker {

  /** On every container that a test makes, so that those left behind can be found. */
  public static final String LABEL = "io.smartagent.integration-test";

  /** What every image that a test makes is called, in front of its tag. */
  public static final String IMAGES = "smartagent-it";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private Docker() {}

  /** Returns the tag of the image that is tested. */
  public static String image() {
    return Image.TAG;
  }

  /** Looked for once, for all tests. */
  private static final class Image {
    static final String TAG = find();

    private static String find() {
      String tag = System.getProperty("smartagent.image", "smartagent:dev");
      Completed inspected = docker("image", "inspect", "-f", "{{.Id}}", tag);
      if (inspected.exitCode() != 0) {
        throw new IllegalStateException(
            "There is no image "
                + tag
                + " to test. Build it with docker/build-image, or name another with"
                + " -Dsmartagent.image=TAG. Docker says: "
                + inspected.error());
      }
      return tag;
    }
  }

  /** Runs {@code docker} with these words. */
  public static Completed docker(String... words) {
    return docker(List.of(words));
  }

  /** Runs {@code docker} with these words. */
  public static Completed docker(List<String> words) {
    return docker(words, Programs.TIMEOUT);
  }

  /** Runs {@code docker} with these words, for no longer than {@code timeout}. */
  static Completed docker(List<String> words, Duration timeout) {
    List<String> command = new ArrayList<>();
    command.add("docker");
    command.addAll(words);
    return Programs.run(command, timeout);
  }

  /** Returns a name that no other container or image has. */
  public static String newName() {
    return "smartagent-it-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
  }

  /**
   * Makes an image that holds a directory, and returns its tag. The caller removes it with {@link
   * #removeImage}.
   */
  public static String importImage(Path directory) {
    String tag = IMAGES + ":" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    Programs.run(
            "sh",
            "-c",
            "tar -C \"$1\" -cf - . | docker import - \"$2\"",
            "sh",
            directory.toString(),
            tag)
        .orFail();
    return tag;
  }

  /** Removes an image that a test made. */
  public static void removeImage(String tag) {
    docker("image", "rm", "-f", tag).orFail();
  }
}
