package io.smartagent.kernel.linux;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.process.Descriptors;
import java.nio.charset.StandardCharsets;

final class LinuxDescriptors implements Descriptors {

  private static final long CLOSE_RANGE_CLOEXEC = 4;
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;

  private final SystemCalls calls;

  LinuxDescriptors(SystemCalls calls) {
    this.calls = calls;
  }

  @Override
  public void closeOnExecFrom(int first) throws ErrnoException {
    long result = calls.raw(SystemCall.CLOSE_RANGE, first, 0xffff_ffffL, CLOSE_RANGE_CLOEXEC);
    if (result < 0) {
      oneByOneFrom(first, (int) -result);
    }
  }

  /**
   * For kernels before 5.11, and seccomp filters that do not know close_range(2).
   *
   * @param whyNot the errno of close_range(2)
   */
  void oneByOneFrom(int first, int whyNot) throws ErrnoException {
    long size = tableSize(whyNot);
    for (long number = first; number < size; number++) {
      long result = calls.raw(SystemCall.FCNTL, number, F_SETFD, FD_CLOEXEC);
      if (result < 0 && !SystemCalls.failedWith(result, Errno.EBADF)) {
        throw new ErrnoException("fcntl(" + number + ", F_SETFD, FD_CLOEXEC)", (int) -result);
      }
    }
  }

  /**
   * FDSize of /proc/self/status bounds the table. RLIMIT_NOFILE does not: the limit may have been
   * lowered after a higher number was given out, and where it is a billion nobody can try them all.
   */
  private long tableSize(int whyNot) throws ErrnoException {
    LinuxFilesystem filesystem = new LinuxFilesystem(calls, this);
    String status =
        new String(filesystem.readAll("/proc/self/status", 65536), StandardCharsets.ISO_8859_1);
    return status
        .lines()
        .filter(line -> line.startsWith("FDSize:"))
        .mapToLong(line -> Long.parseLong(line.substring("FDSize:".length()).strip()))
        .findFirst()
        .orElseThrow(() -> new ErrnoException("close_range(CLOSE_RANGE_CLOEXEC)", whyNot));
  }

  @Override
  public void close(int number) {
    calls.raw(SystemCall.CLOSE, number);
  }
}
