package io.smartagent.kernel.linux;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.security.SeccompMode;
import io.smartagent.kernel.security.SecurityState;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

final class LinuxSecurityState implements SecurityState {

  private static final int PR_GET_SECCOMP = 21;
  private static final int SMALL_FILE = 4096;
  private static final int LONGEST_NUMBER = 18;

  private final SystemCalls calls;
  private final LinuxFilesystem filesystem;

  LinuxSecurityState(SystemCalls calls, LinuxFilesystem filesystem) {
    this.calls = calls;
    this.filesystem = filesystem;
  }

  /** In strict mode prctl(2) is itself a SIGKILL, so whoever gets an answer is not in it. */
  @Override
  public SeccompMode seccomp() throws ErrnoException {
    long mode = calls.check("prctl(PR_GET_SECCOMP)", SystemCall.PRCTL, PR_GET_SECCOMP, 0, 0, 0, 0);
    return mode == 0 ? SeccompMode.DISABLED : SeccompMode.FILTER;
  }

  @Override
  public Optional<String> lsmLabel() {
    return text("/proc/thread-self/attr/current")
        .or(() -> text("/proc/self/task/" + calls.raw(SystemCall.GETTID) + "/attr/current"));
  }

  @Override
  public Optional<String> lockdown() {
    return text("/sys/kernel/security/lockdown")
        .filter(text -> text.indexOf('[') >= 0 && text.indexOf(']') > text.indexOf('['))
        .map(text -> text.substring(text.indexOf('[') + 1, text.indexOf(']')));
  }

  @Override
  public String release() {
    return text("/proc/sys/kernel/osrelease").orElse(System.getProperty("os.version"));
  }

  @Override
  public String machine() {
    return calls.architecture().machine();
  }

  @Override
  public Optional<Long> sysctl(String name) {
    Optional<String> text = text("/proc/sys/" + name);
    return text.isPresent() && isNumber(text.get())
        ? Optional.of(Long.valueOf(text.get()))
        : Optional.empty();
  }

  private static boolean isNumber(String text) {
    int start = text.startsWith("-") ? 1 : 0;
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.length() > start && text.length() <= start + LONGEST_NUMBER;
  }

  private Optional<String> text(String path) {
    try {
      byte[] bytes = filesystem.readAll(path, SMALL_FILE);
      String text = new String(bytes, StandardCharsets.UTF_8).replace("\0", "").strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (ErrnoException absent) {
      return Optional.empty();
    }
  }
}
