package io.smartagent.integration.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What the kernel says of a process: /proc/PID/status.
 *
 * @param text of the file
 */
public record ProcessStatus(String text) {

  static ProcessStatus ofThisProcess() {
    return read(Path.of("/proc/self/status"));
  }

  /** Returns what a file says. */
  public static ProcessStatus read(Path file) {
    try {
      return new ProcessStatus(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the value of a field, without the blanks around it. */
  public String field(String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no field " + name + " in:\n" + text));
  }

  /** Returns one of the five sets: {@code CapInh}, {@code CapPrm}, {@code CapEff}, and so on. */
  public Set<String> capabilities(String set) {
    return Capabilities.decode(field(set));
  }
}
