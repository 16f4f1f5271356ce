package io.smartagent.kernel.linux;

import com.sun.jna.Memory;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A netlink(7) socket that believes only the kernel: what another process sends has a port id that
 * is not zero, and is thrown away. To be used by one thread.
 */
final class NetlinkSocket implements AutoCloseable {

  static final int NETLINK_ROUTE = 0;
  static final int NETLINK_CONNECTOR = 11;

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 02000000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_NETLINK = 270;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int SOCKADDR_NL_SIZE = 12;
  private static final short POLLIN = 1;
  private static final int POLLFD_SIZE = 8;
  private static final int TIMESPEC_SIZE = 16;

  private final SystemCalls calls;
  private final Descriptor socket;
  private final String name;
  private final Memory buffer;
  private final Memory sender = SystemCalls.zeroed(SOCKADDR_NL_SIZE);
  private final Memory senderSize = SystemCalls.zeroed(Integer.BYTES);

  /**
   * @param name the protocol's, for errors
   * @param bufferSize the most bytes that a message may have
   */
  NetlinkSocket(
      SystemCalls calls, LinuxDescriptors descriptors, int protocol, String name, int bufferSize)
      throws ErrnoException {
    this.calls = calls;
    this.name = name;
    this.socket =
        new Descriptor(
            (int)
                calls.check(
                    "socket(AF_NETLINK, " + name + ")",
                    SystemCall.SOCKET,
                    AF_NETLINK,
                    SOCK_RAW_CLOEXEC,
                    protocol),
            descriptors);
    this.buffer = new Memory(bufferSize);
  }

  /** Makes room for so many bytes that were not read yet, as far as the system allows it. */
  void receiveBuffer(int bytes) {
    Memory size = SystemCalls.zeroed(Integer.BYTES);
    size.setInt(0, bytes);
    long forced =
        calls.raw(SystemCall.SETSOCKOPT, socket, SOL_SOCKET, SO_RCVBUFFORCE, size, Integer.BYTES);
    if (forced < 0) {
      calls.raw(SystemCall.SETSOCKOPT, socket, SOL_SOCKET, SO_RCVBUF, size, Integer.BYTES);
    }
  }

  /** Switches an option of the protocol family on; returns whether the kernel knows it. */
  boolean enable(int option) {
    Memory yes = SystemCalls.zeroed(Integer.BYTES);
    yes.setInt(0, 1);
    return calls.raw(SystemCall.SETSOCKOPT, socket, SOL_NETLINK, option, yes, Integer.BYTES) == 0;
  }

  /** Joins multicast groups: one bit each. */
  void bind(int groups) throws ErrnoException {
    Memory address = address();
    address.setInt(8, groups);
    calls.check("bind(" + name + ")", SystemCall.BIND, socket, address, SOCKADDR_NL_SIZE);
  }

  /** Sends to the kernel. */
  void send(byte[] message) throws ErrnoException {
    Memory content = new Memory(message.length);
    content.write(0, message, 0, message.length);
    calls.check(
        "sendto(" + name + ")",
        SystemCall.SENDTO,
        socket,
        content,
        message.length,
        0,
        address(),
        SOCKADDR_NL_SIZE);
  }

  private static Memory address() {
    Memory address = SystemCalls.zeroed(SOCKADDR_NL_SIZE);
    address.setShort(0, (short) AF_NETLINK);
    return address;
  }

  /**
   * Waits until there is something to receive.
   *
   * @return whether there is
   */
  boolean await(Duration timeout) throws ErrnoException {
    Memory poll = SystemCalls.zeroed(POLLFD_SIZE);
    poll.setInt(0, socket.number());
    poll.setShort(4, POLLIN);
    Memory time = SystemCalls.zeroed(TIMESPEC_SIZE);
    time.setLong(0, timeout.getSeconds());
    time.setLong(8, timeout.getNano());
    // The kernel writes back how much time is left, so a signal does not make it longer.
    return calls.check("ppoll(" + name + ")", SystemCall.PPOLL, poll, 1, time, 0L, 0) > 0;
  }

  /**
   * Returns the next thing that the kernel has sent, in the machine's byte order; null where there
   * is none. Never waits.
   *
   * @throws ErrnoException ENOBUFS where some were lost; EMSGSIZE where it is larger than the
   *     buffer, which is lost too
   */
  @Nullable ByteBuffer receive() throws ErrnoException {
    while (true) {
      senderSize.setInt(0, SOCKADDR_NL_SIZE);
      long length =
          calls.raw(
              SystemCall.RECVFROM,
              socket,
              buffer,
              buffer.size(),
              MSG_DONTWAIT | MSG_TRUNC,
              sender,
              senderSize);
      if (SystemCalls.failedWith(length, Errno.EAGAIN)) {
        return null;
      }
      if (length < 0) {
        throw new ErrnoException("recvfrom(" + name + ")", (int) -length);
      }
      if (senderSize.getInt(0) < SOCKADDR_NL_SIZE || sender.getInt(4) != 0) {
        continue;
      }
      if (length > buffer.size()) {
        throw new ErrnoException("recvfrom(" + name + ")", Errno.EMSGSIZE);
      }
      return ByteBuffer.wrap(buffer.getByteArray(0, (int) length)).order(ByteOrder.nativeOrder());
    }
  }

  @Override
  public void close() {
    socket.close();
    buffer.close();
  }
}
