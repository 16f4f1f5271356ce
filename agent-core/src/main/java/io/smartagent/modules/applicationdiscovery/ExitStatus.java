package io.smartagent.modules.applicationdiscovery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a process ended.
 *
 * @param exitCode that it returned; null where a signal ended it or it is unknown
 * @param signal that ended it, such as {@code SIGKILL}; null where none did or it is unknown
 */
record ExitStatus(@Nullable Integer exitCode, @Nullable String signal) {

  /** Of a process that nobody saw end. */
  static final ExitStatus UNKNOWN = new ExitStatus(null, null);

  /** By their numbers on x86 and ARM, from 1: signal(7). */
  private static final List<String> SIGNALS =
      List.of(
          "SIGHUP",
          "SIGINT",
          "SIGQUIT",
          "SIGILL",
          "SIGTRAP",
          "SIGABRT",
          "SIGBUS",
          "SIGFPE",
          "SIGKILL",
          "SIGUSR1",
          "SIGSEGV",
          "SIGUSR2",
          "SIGPIPE",
          "SIGALRM",
          "SIGTERM",
          "SIGSTKFLT",
          "SIGCHLD",
          "SIGCONT",
          "SIGSTOP",
          "SIGTSTP",
          "SIGTTIN",
          "SIGTTOU",
          "SIGURG",
          "SIGXCPU",
          "SIGXFSZ",
          "SIGVTALRM",
          "SIGPROF",
          "SIGWINCH",
          "SIGIO",
          "SIGPWR",
          "SIGSYS");

  /**
   * Returns what the kernel tells.
   *
   * @param exitCode that counts where there was no signal
   * @param signal its number; 0 where there was none
   */
  static ExitStatus of(int exitCode, int signal) {
    if (signal == 0) {
      return new ExitStatus(exitCode, null);
    }
    return new ExitStatus(
        null,
        signal <= SIGNALS.size() && signal > 0 ? SIGNALS.get(signal - 1) : "signal " + signal);
  }
}
