package io.smartagent.kernel.linux;

import io.smartagent.kernel.net.ProcessEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The messages of the process events connector: linux/connector.h, linux/cn_proc.h. A struct
 * nlmsghdr, a struct cn_msg, and a struct proc_event, which newer kernels have made longer.
 */
final class ProcessConnector {

  /** CN_IDX_PROC, as the bit of a multicast group. */
  static final int GROUP = 1;

  static final int PROC_CN_MCAST_LISTEN = 1;
  static final int PROC_CN_MCAST_IGNORE = 2;

  private static final int CN_IDX_PROC = 1;
  private static final int CN_VAL_PROC = 1;
  private static final short NLMSG_DONE = 3;

  private static final int CN_MSG = 16;
  private static final int CN_ACK = CN_MSG + 12;
  private static final int CN_LEN = CN_MSG + 16;
  private static final int EVENT = CN_MSG + 20;
  private static final int EVENT_TIME = EVENT + 8;
  private static final int EVENT_DATA = EVENT + 16;

  private static final int PROC_EVENT_NONE = 0;
  private static final int PROC_EVENT_FORK = 1;
  private static final int PROC_EVENT_EXEC = 2;
  private static final int PROC_EVENT_EXIT = 0x8000_0000;

  private ProcessConnector() {}

  /**
   * Returns the request to start or to end listening.
   *
   * @param number by which the answer is known again
   */
  static byte[] request(int operation, int number) {
    ByteBuffer message = ByteBuffer.allocate(EVENT + Integer.BYTES).order(ByteOrder.nativeOrder());
    message.putInt(message.capacity()).putShort(NLMSG_DONE).putShort((short) 0);
    message.putInt(0).putInt(0);
    message.putInt(CN_IDX_PROC).putInt(CN_VAL_PROC).putInt(0).putInt(number);
    message.putShort((short) Integer.BYTES).putShort((short) 0);
    return message.putInt(operation).array();
  }

  /**
   * Returns the errno in the kernel's answer to the request with this number, 0 where it agrees; -1
   * where the message is no such answer: all listeners get those of all others. The kernel adds one
   * to what the request has as its acknowledgement, and overwrites the sequence.
   */
  static int answer(ByteBuffer message, int number) {
    return has(message, Integer.BYTES)
            && message.getInt(EVENT) == PROC_EVENT_NONE
            && message.getInt(CN_ACK) == number + 1
        ? Math.abs(message.getInt(EVENT_DATA))
        : -1;
  }

  /** Returns the event; null where the message is none, or one of a thread. */
  static @Nullable ProcessEvent event(ByteBuffer message) {
    if (!has(message, 8)) {
      return null;
    }
    long time = message.getLong(EVENT_TIME);
    int what = message.getInt(EVENT);
    if (what == PROC_EVENT_FORK && has(message, 16)) {
      int child = message.getInt(EVENT_DATA + 8);
      return child == message.getInt(EVENT_DATA + 12)
          ? new ProcessEvent.Fork(child, message.getInt(EVENT_DATA + 4), time)
          : null;
    }
    int pid = message.getInt(EVENT_DATA);
    if (pid != message.getInt(EVENT_DATA + 4)) {
      return null;
    }
    if (what == PROC_EVENT_EXEC) {
      return new ProcessEvent.Exec(pid, time);
    }
    if (what == PROC_EVENT_EXIT && has(message, 16)) {
      int status = message.getInt(EVENT_DATA + 8);
      return new ProcessEvent.Exit(pid, (status >>> 8) & 0xff, status & 0x7f, time);
    }
    return null;
  }

  /** Returns whether this is the connector's, with so many bytes of data. */
  private static boolean has(ByteBuffer message, int data) {
    int length = message.remaining();
    return length >= EVENT_DATA + data
        && message.getInt(0) >= EVENT_DATA + data
        && message.getInt(0) <= length
        && message.getInt(CN_MSG) == CN_IDX_PROC
        && message.getInt(CN_MSG + 4) == CN_VAL_PROC
        && Short.toUnsignedInt(message.getShort(CN_LEN)) >= EVENT_DATA - EVENT + data;
  }
}
