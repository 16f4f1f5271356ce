package io.smartagent.integration.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A seccomp profile that allows all but a few system calls. The file goes with the JVM. */
public final class SeccompProfile {

  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int EINVAL = 22;
  private static final int ENOSYS = 38;

  /** The option of prctl(2). */
  private static final int PR_CAP_AMBIENT = 47;

  private SeccompProfile() {}

  /** Returns Docker's option for a profile that forbids calls, as Docker's own does. */
  public static String forbidding(String... calls) {
    return answering(EPERM, calls);
  }

  /** Returns Docker's option for a profile that answers as an LSM would. */
  public static String denying(String... calls) {
    return answering(EACCES, calls);
  }

  /** Returns Docker's option for a profile that hides calls, as if the kernel were older. */
  public static String hiding(String... calls) {
    return answering(ENOSYS, calls);
  }

  /** Returns Docker's option for a profile that answers as if arguments were wrong. */
  public static String rejecting(String... calls) {
    return answering(EINVAL, calls);
  }

  /** Returns Docker's option for a profile like a kernel before 4.3: no ambient capabilities. */
  public static String withoutAmbientCapabilities() {
    return write(
        "{\"names\":[\"prctl\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":"
            + EINVAL
            + ",\"args\":[{\"index\":0,\"value\":"
            + PR_CAP_AMBIENT
            + ",\"op\":\"SCMP_CMP_EQ\"}]}");
  }

  private static String answering(int errno, String... calls) {
    String names =
        Arrays.stream(calls).map(call -> "\"" + call + "\"").collect(Collectors.joining(","));
    return write(
        "{\"names\":[" + names + "],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":" + errno + "}");
  }

  private static String write(String rule) {
    try {
      Path file = Files.createTempFile("smartagent-it", ".seccomp.json");
      file.toFile().deleteOnExit();
      Files.writeString(file, "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[" + rule + "]}");
      return "seccomp=" + file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
