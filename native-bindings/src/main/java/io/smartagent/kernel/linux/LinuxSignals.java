package io.smartagent.kernel.linux;

import com.sun.jna.Memory;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.process.Signals;

final class LinuxSignals implements Signals {

  private static final int SIG_SETMASK = 2;
  private static final int SIGNALS = 64;
  private static final int SIGSET_SIZE = SIGNALS / Byte.SIZE;

  /** The kernel's own struct sigaction: handler, flags, restorer, mask; on aarch64 too. */
  private static final int SIGACTION_SIZE = 32;

  private static final long SIG_IGN = 1;

  private final SystemCalls calls;

  LinuxSignals(SystemCalls calls) {
    this.calls = calls;
  }

  @Override
  public void unblockAll() throws ErrnoException {
    Memory nothing = SystemCalls.zeroed(SIGSET_SIZE);
    calls.check(
        "rt_sigprocmask(SIG_SETMASK, none)",
        SystemCall.RT_SIGPROCMASK,
        SIG_SETMASK,
        nothing,
        0L,
        SIGSET_SIZE);
  }

  @Override
  public void stopIgnoring() throws ErrnoException {
    Memory present = new Memory(SIGACTION_SIZE);
    Memory standard = SystemCalls.zeroed(SIGACTION_SIZE);
    for (int signal = 1; signal <= SIGNALS; signal++) {
      present.clear();
      long result = calls.raw(SystemCall.RT_SIGACTION, signal, 0L, present, SIGSET_SIZE);
      if (result == 0 && present.getLong(0) == SIG_IGN) {
        calls.check(
            "rt_sigaction(" + signal + ", SIG_DFL)",
            SystemCall.RT_SIGACTION,
            signal,
            standard,
            0L,
            SIGSET_SIZE);
      }
    }
  }
}
