package io.smartagent.kernel.linux;

import com.sun.jna.Memory;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.process.Child;
import java.time.Duration;
import java.util.OptionalInt;

final class LinuxChild implements Child {

  private static final int P_PID = 1;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x0100_0000;
  private static final int CLD_EXITED = 1;

  /** siginfo_t of a 64-bit machine: include/uapi/asm-generic/siginfo.h. */
  private static final int SIGINFO_SIZE = 128;

  private static final int SI_CODE = 8;
  private static final int SI_PID = 16;
  private static final int SI_STATUS = 24;

  private static final int SIGKILL = 9;
  private static final int KILLED = 128;
  private static final int POLLFD_SIZE = 8;
  private static final int TIMESPEC_SIZE = 16;
  private static final short POLLIN = 1;
  private static final byte[] NOTHING = {};

  private final SystemCalls calls;
  private final long pid;
  private final Descriptor output;
  private final Memory buffer = new Memory(64 << 10);

  private boolean outputHasEnded;
  private OptionalInt status = OptionalInt.empty();

  LinuxChild(SystemCalls calls, long pid, Descriptor output) {
    this.calls = calls;
    this.pid = pid;
    this.output = output;
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public byte[] readOutput(Duration patience) throws ErrnoException {
    if (outputHasEnded || !hasOutput(patience)) {
      return NOTHING;
    }
    long length = calls.check("read(pipe)", SystemCall.READ, output, buffer, buffer.size());
    outputHasEnded = length == 0;
    return buffer.getByteArray(0, (int) length);
  }

  /** At the end of the pipe there is something too: its end. */
  private boolean hasOutput(Duration patience) throws ErrnoException {
    Memory poll = SystemCalls.zeroed(POLLFD_SIZE);
    poll.setInt(0, output.number());
    poll.setShort(Integer.BYTES, POLLIN);
    Memory time = SystemCalls.zeroed(TIMESPEC_SIZE);
    time.setLong(0, patience.getSeconds());
    time.setLong(Long.BYTES, patience.getNano());
    return calls.check("ppoll(pipe)", SystemCall.PPOLL, poll, 1, time, 0L, 0) > 0;
  }

  @Override
  public boolean outputHasEnded() {
    return outputHasEnded;
  }

  /**
   * The dead stay in the table of processes until the end, so that nobody else gets their number.
   */
  @Override
  public OptionalInt ended() throws ErrnoException {
    if (status.isEmpty()) {
      Memory info = SystemCalls.zeroed(SIGINFO_SIZE);
      calls.check(
          "waitid(" + pid + ")",
          SystemCall.WAITID,
          P_PID,
          pid,
          info,
          WEXITED | WNOHANG | WNOWAIT,
          0L);
      if (info.getInt(SI_PID) == pid) {
        int value = info.getInt(SI_STATUS);
        status = OptionalInt.of(info.getInt(SI_CODE) == CLD_EXITED ? value : KILLED + value);
      }
    }
    return status;
  }

  @Override
  public void kill() {
    calls.raw(SystemCall.KILL, -pid, SIGKILL);
  }

  @Override
  public void close() {
    output.close();
    calls.raw(SystemCall.WAIT4, pid, 0L, WNOHANG, 0L);
  }
}
