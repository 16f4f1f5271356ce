package io.smartagent.kernel.linux;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.net.ProcessEvent;
import io.smartagent.kernel.net.ProcessEvents;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

final class LinuxProcessEvents implements ProcessEvents {

  private static final int MESSAGE_SIZE = 1024;

  /** Room for some ten thousand events: what a busy build starts in a second. */
  private static final int RECEIVE_BUFFER = 8 << 20;

  private static final int BATCH_SIZE = 1000;

  /** What other listeners may have caused to be sent before the kernel answers. */
  private static final int MESSAGES_BEFORE_ANSWER = 10_000;

  private final NetlinkSocket socket;
  private boolean open = true;

  /** Starts to listen, as {@link io.smartagent.kernel.net.Network#openProcessEvents} says. */
  LinuxProcessEvents(SystemCalls calls, LinuxDescriptors descriptors) throws ErrnoException {
    socket =
        new NetlinkSocket(
            calls,
            descriptors,
            NetlinkSocket.NETLINK_CONNECTOR,
            "NETLINK_CONNECTOR, CN_IDX_PROC",
            MESSAGE_SIZE);
    boolean listening = false;
    try {
      socket.receiveBuffer(RECEIVE_BUFFER);
      socket.bind(ProcessConnector.GROUP);
      listen();
      listening = true;
    } finally {
      if (!listening) {
        socket.close();
      }
    }
  }

  /**
   * The kernel handles the request before sendto(2) returns, answer included (04f482faf50, Linux
   * 2.6.39), and says nothing at all to whom it does not want to hear: an empty queue means no.
   */
  private void listen() throws ErrnoException {
    int number = (int) System.nanoTime();
    socket.send(ProcessConnector.request(ProcessConnector.PROC_CN_MCAST_LISTEN, number));
    String call = "PROC_CN_MCAST_LISTEN";
    for (int i = 0; i < MESSAGES_BEFORE_ANSWER; i++) {
      ByteBuffer message = socket.receive();
      if (message == null) {
        break;
      }
      int answer = ProcessConnector.answer(message, number);
      if (answer > 0) {
        throw new ErrnoException(call, answer);
      }
      if (answer == 0) {
        return;
      }
    }
    throw new ErrnoException(call, Errno.ENODATA);
  }

  @Override
  public Batch poll(Duration timeout) throws ErrnoException {
    List<ProcessEvent> events = new ArrayList<>();
    boolean overrun = false;
    boolean more = socket.await(timeout);
    for (int i = 0; more && i < BATCH_SIZE; i++) {
      try {
        ByteBuffer message = socket.receive();
        ProcessEvent event = message == null ? null : ProcessConnector.event(message);
        more = message != null;
        if (event != null) {
          events.add(event);
        }
      } catch (ErrnoException e) {
        if (e.errno() != Errno.ENOBUFS) {
          throw e;
        }
        overrun = true;
      }
    }
    return new Batch(events, overrun);
  }

  /** Before Linux 6.6 the kernel counts its listeners by what they say, not by their sockets. */
  @Override
  public void close() {
    if (open) {
      open = false;
      try {
        socket.send(ProcessConnector.request(ProcessConnector.PROC_CN_MCAST_IGNORE, 0));
      } catch (ErrnoException notListeningAnyMore) {
        // Nothing is left to be undone.
      } finally {
        socket.close();
      }
    }
  }
}
