package io.smartagent.kernel.linux;

import com.sun.jna.Memory;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.log.KernelLog;
import io.smartagent.kernel.log.KernelLogRecords;

final class LinuxKernelLog implements KernelLog {

  private static final int SYSLOG_ACTION_READ_ALL = 3;
  private static final int SYSLOG_ACTION_SIZE_BUFFER = 10;

  private static final int O_NONBLOCK = 04000;
  private static final int O_NOCTTY = 0400;
  private static final int O_CLOEXEC = 02000000;

  private final SystemCalls calls;
  private final LinuxDescriptors descriptors;

  LinuxKernelLog(SystemCalls calls, LinuxDescriptors descriptors) {
    this.calls = calls;
    this.descriptors = descriptors;
  }

  @Override
  public int bufferSize() throws ErrnoException {
    return (int)
        calls.check(
            "syslog(SYSLOG_ACTION_SIZE_BUFFER)",
            SystemCall.SYSLOG,
            SYSLOG_ACTION_SIZE_BUFFER,
            0L,
            0);
  }

  @Override
  public byte[] readAll(int limit) throws ErrnoException {
    try (Memory buffer = new Memory(Math.max(1, limit))) {
      int length =
          (int)
              calls.check(
                  "syslog(SYSLOG_ACTION_READ_ALL)",
                  SystemCall.SYSLOG,
                  SYSLOG_ACTION_READ_ALL,
                  buffer,
                  limit);
      return buffer.getByteArray(0, length);
    }
  }

  @Override
  public KernelLogRecords openRecords(String device) throws ErrnoException {
    long number =
        calls.check(
            "open(" + SystemCalls.quote(device) + ", O_RDONLY|O_NONBLOCK)",
            SystemCall.OPENAT,
            SystemCalls.AT_FDCWD,
            device,
            O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
            0);
    return new LinuxKernelLogRecords(calls, new Descriptor((int) number, descriptors));
  }
}
