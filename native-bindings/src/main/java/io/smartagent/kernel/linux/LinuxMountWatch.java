package io.smartagent.kernel.linux;

import com.sun.jna.Memory;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.mount.MountWatch;
import java.time.Duration;

final class LinuxMountWatch implements MountWatch {

  private static final short POLLPRI = 2;
  private static final short POLLERR = 8;
  private static final int POLLFD_SIZE = 8;
  private static final int TIMESPEC_SIZE = 16;

  private final SystemCalls calls;
  private final Descriptor mountinfo;

  /**
   * @param mountinfo open since the moment from which changes are told
   */
  LinuxMountWatch(SystemCalls calls, Descriptor mountinfo) {
    this.calls = calls;
    this.mountinfo = mountinfo;
  }

  @Override
  public boolean await(Duration timeout) throws ErrnoException {
    try (Memory poll = SystemCalls.zeroed(POLLFD_SIZE);
        Memory time = SystemCalls.zeroed(TIMESPEC_SIZE)) {
      poll.setInt(0, mountinfo.number());
      poll.setShort(4, (short) (POLLPRI | POLLERR));
      time.setLong(0, timeout.getSeconds());
      time.setLong(8, timeout.getNano());
      // The kernel writes back how much time is left, so a signal does not make it longer.
      return calls.check("ppoll(\"mountinfo\", POLLPRI)", SystemCall.PPOLL, poll, 1, time, 0L, 0)
          > 0;
    }
  }

  @Override
  public void close() {
    mountinfo.close();
  }
}
