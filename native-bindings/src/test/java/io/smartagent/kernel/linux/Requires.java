package io.smartagent.kernel.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What a test needs of the machine; without it the test is skipped, and the report says why. */
final class Requires {

  private Requires() {}

  static void capabilities(Capability... needed) throws ErrnoException {
    CapabilitySet effective = new LinuxKernel().capabilities().read().effective();
    CapabilitySet missing = CapabilitySet.of(needed).minus(effective);
    assumeTrue(missing.isEmpty(), () -> "skipped: the tests run without " + missing);
  }

  static void root() throws ErrnoException {
    assumeTrue(
        new LinuxKernel().credentials().users().all(0), "skipped: the tests do not run as root");
  }

  static void program(String name) {
    boolean found =
        Arrays.stream(
                System.getenv().getOrDefault("PATH", "").concat(":/usr/sbin:/sbin").split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    assumeTrue(found, () -> "skipped: the program " + name + " is not installed");
  }

  static void file(String path) {
    assumeTrue(Files.isReadable(Path.of(path)), () -> "skipped: there is no " + path);
  }
}
