package io.smartagent.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel itself says of a thread: proc_pid_status(5), the oracle of these tests. */
final class ProcStatus {

  private final String text;

  private ProcStatus(Path file) throws IOException {
    text = Files.readString(file);
  }

  static ProcStatus ofThisThread() throws IOException {
    return new ProcStatus(Path.of("/proc/thread-self/status"));
  }

  static ProcStatus ofMainThread() throws IOException {
    return new ProcStatus(Path.of("/proc/self/status"));
  }

  String field(String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + text));
  }

  long hex(String name) {
    return Long.parseUnsignedLong(field(name), 16);
  }
}
