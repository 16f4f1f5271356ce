package io.smartagent.integration.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/** The programs that {@link ApiServer} needs, looked for once for all tests. */
final class ApiServerProgram {

  private static final Completed FOUND = find("--cached");

  private ApiServerProgram() {}

  private static Completed find(String... words) {
    String repository = System.getProperty("smartagent.repository", "..");
    List<String> command = new ArrayList<>();
    command.add(Path.of(repository, "integration-tests", "make-kube-apiserver").toString());
    command.addAll(List.of(words));
    return Programs.run(command);
  }

  /**
   * Returns the directory with the programs of a node.
   *
   * @throws TestAbortedException where there is none, or what it runs containers with is missing
   */
  static Path findNodeOrAbort() {
    Completed found = find("--cached", "--node");
    if (found.exitCode() != 0) {
      throw new TestAbortedException(found.error().strip());
    }
    for (String program : new String[] {"containerd", "ctr", "runc"}) {
      missing(program)
          .ifPresent(why -> {
            throw new TestAbortedException(why);
          });
    }
    return Path.of(found.out().strip());
  }

  /**
   * Returns the path of a kube-apiserver.
   *
   * @throws TestAbortedException where there is none, or one of its companions is missing: a
   *     machine without it still tests the rest
   */
  static String findOrAbort() {
    if (FOUND.exitCode() != 0) {
      throw new TestAbortedException(FOUND.error().strip());
    }
    for (String program : new String[] {"etcd", "kubectl", "openssl"}) {
      missing(program)
          .ifPresent(why -> {
            throw new TestAbortedException(why);
          });
    }
    return FOUND.out().strip();
  }

  private static Optional<String> missing(String program) {
    return Programs.run("sh", "-c", "command -v \"$1\"", "sh", program).exitCode() == 0
        ? Optional.empty()
        : Optional.of(
            "There is no \""
                + program
                + "\" on this machine: integration-tests/run-all installs it.");
  }
}
