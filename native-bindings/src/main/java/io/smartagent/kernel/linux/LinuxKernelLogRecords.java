package io.smartagent.kernel.linux;

import com.sun.jna.Memory;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.log.KernelLogRecords;
import org.jspecify.annotations.Nullable;

/** Non-blocking reads: closing a device does not wake a thread that waits in a read of it. */
final class LinuxKernelLogRecords implements KernelLogRecords {

  /** More than a record with its dictionary ever takes; a smaller buffer would be EINVAL. */
  private static final int RECORD_SIZE = 16384;

  private final SystemCalls calls;
  private final Descriptor device;
  private final Memory buffer = new Memory(RECORD_SIZE);

  LinuxKernelLogRecords(SystemCalls calls, Descriptor device) {
    this.calls = calls;
    this.device = device;
  }

  @Override
  public byte @Nullable [] next() throws ErrnoException {
    while (true) {
      long result = calls.raw(SystemCall.READ, device, buffer, RECORD_SIZE);
      if (result > 0) {
        return buffer.getByteArray(0, (int) result);
      }
      if (result == 0 || SystemCalls.failedWith(result, Errno.EAGAIN)) {
        return null;
      }
      if (!SystemCalls.failedWith(result, Errno.EINTR)) {
        throw new ErrnoException("read(\"/dev/kmsg\")", (int) -result);
      }
    }
  }

  @Override
  public void close() {
    device.close();
    buffer.close();
  }
}
