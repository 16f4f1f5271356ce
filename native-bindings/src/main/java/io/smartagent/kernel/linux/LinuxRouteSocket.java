package io.smartagent.kernel.linux;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.net.InterfaceAddress;
import io.smartagent.kernel.net.Link;
import io.smartagent.kernel.net.RouteSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

final class LinuxRouteSocket implements RouteSocket {

  /** The kernel makes parts of a dump no longer than 32 KiB: netlink_recvmsg(). */
  private static final int MESSAGE_SIZE = 1 << 16;

  /** Without it, the kernel ignores what it does not understand of a dump's request. */
  private static final int NETLINK_GET_STRICT_CHK = 12;

  /** How often a dump is asked for again when something changed in the middle. */
  private static final int TRIES = 5;

  /** The kernel answers at once, unless somebody else holds its lock on all interfaces. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final NetlinkSocket socket;
  private int sequence;

  LinuxRouteSocket(SystemCalls calls, LinuxDescriptors descriptors) throws ErrnoException {
    socket =
        new NetlinkSocket(
            calls, descriptors, NetlinkSocket.NETLINK_ROUTE, "NETLINK_ROUTE", MESSAGE_SIZE);
    socket.enable(NETLINK_GET_STRICT_CHK);
  }

  @Override
  public int namespaceId(int pid) throws ErrnoException {
    return namespaceId("RTM_GETNSID, pid " + pid, RouteMessages.NETNSA_PID, pid);
  }

  @Override
  public int namespaceId(Descriptor namespace) throws ErrnoException {
    return namespaceId("RTM_GETNSID, " + namespace, RouteMessages.NETNSA_FD, namespace.number());
  }

  private int namespaceId(String call, int attribute, int value) throws ErrnoException {
    int[] id = {NONE};
    exchange(
        call,
        RouteMessages.request(
            RouteMessages.RTM_GETNSID, 0, ++sequence, RouteMessages.RTGENMSG, attribute, value),
        message -> {
          boolean answer = message.getShort(4) == RouteMessages.RTM_NEWNSID;
          if (answer) {
            id[0] =
                RouteMessages.attributes(message, RouteMessages.RTGENMSG)
                    .number(RouteMessages.NETNSA_NSID, NONE);
          }
          return answer;
        });
    return id[0] < 0 ? NONE : id[0];
  }

  @Override
  public int assignNamespaceId(int pid) throws ErrnoException {
    int id = namespaceId(pid);
    if (id != NONE) {
      return id;
    }
    String call = "RTM_NEWNSID, pid " + pid;
    try {
      exchange(
          call,
          RouteMessages.request(
              RouteMessages.RTM_NEWNSID,
              RouteMessages.NLM_F_ACK,
              ++sequence,
              RouteMessages.RTGENMSG,
              RouteMessages.NETNSA_NSID,
              NONE,
              RouteMessages.NETNSA_PID,
              pid),
          message -> false);
    } catch (ErrnoException e) {
      // Somebody else has been faster.
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    id = namespaceId(pid);
    if (id == NONE) {
      throw new ErrnoException(call, Errno.ESRCH);
    }
    return id;
  }

  @Override
  public Found<Link> links(int namespace, int limit) throws ErrnoException {
    return dump(
        "RTM_GETLINK",
        RouteMessages.RTM_GETLINK,
        RouteMessages.RTM_NEWLINK,
        RouteMessages.IFINFOMSG,
        RouteMessages.IFLA_TARGET_NETNSID,
        namespace,
        limit,
        RouteMessages::link);
  }

  @Override
  public Found<InterfaceAddress> addresses(int namespace, int limit) throws ErrnoException {
    return dump(
        "RTM_GETADDR",
        RouteMessages.RTM_GETADDR,
        RouteMessages.RTM_NEWADDR,
        RouteMessages.IFADDRMSG,
        RouteMessages.IFA_TARGET_NETNSID,
        namespace,
        limit,
        RouteMessages::address);
  }

  /** Asks again where the kernel says that something changed between two parts. */
  private <T> Found<T> dump(
      String name,
      short request,
      short answer,
      int family,
      int target,
      int namespace,
      int limit,
      Function<ByteBuffer, @Nullable T> parse)
      throws ErrnoException {
    int[] attributes = namespace == NONE ? new int[0] : new int[] {target, namespace};
    String call = namespace == NONE ? name : name + ", namespace " + namespace;
    for (int tries = 0; tries < TRIES; tries++) {
      byte[] message =
          RouteMessages.request(request, RouteMessages.NLM_F_DUMP, ++sequence, family, attributes);
      Dump<T> dump = new Dump<>(answer, family, target, namespace, limit, parse);
      exchange(call, message, dump::take);
      if (dump.elsewhere) {
        throw new ErrnoException(call, Errno.EOPNOTSUPP);
      }
      if (!dump.interrupted) {
        return new Found<>(dump.found, dump.leftOut);
      }
    }
    throw new ErrnoException(call, Errno.EAGAIN);
  }

  /** What has come of a dump so far. */
  private static final class Dump<T> {

    private final short answer;
    private final int family;
    private final int target;
    private final int namespace;
    private final int limit;
    private final Function<ByteBuffer, @Nullable T> parse;
    private final List<T> found = new ArrayList<>();
    private int leftOut;
    private boolean interrupted;

    /** A kernel that does not know the attribute tells of the socket's own namespace instead. */
    private boolean elsewhere;

    Dump(
        short answer,
        int family,
        int target,
        int namespace,
        int limit,
        Function<ByteBuffer, @Nullable T> parse) {
      this.answer = answer;
      this.family = family;
      this.target = target;
      this.namespace = namespace;
      this.limit = limit;
      this.parse = parse;
    }

    /** Returns false: only its end ends it. */
    boolean take(ByteBuffer message) {
      interrupted |= (message.getShort(6) & RouteMessages.NLM_F_DUMP_INTR) != 0;
      if (message.getShort(4) == answer) {
        T item = parse.apply(message);
        elsewhere |=
            namespace != NONE
                && RouteMessages.attributes(message, family).number(target, NONE) != namespace;
        if (item != null && found.size() < limit) {
          found.add(item);
        } else {
          leftOut++;
        }
      }
      return false;
    }
  }

  /** Takes a message of the kernel's answer. */
  @FunctionalInterface
  private interface Taker {
    /** Returns whether it was the last one. */
    boolean take(ByteBuffer message);
  }

  /** Sends a request and takes its answer, to the end, error, or last message of it. */
  private void exchange(String call, byte[] request, Taker taker) throws ErrnoException {
    int number = sequence;
    socket.send(request);
    while (true) {
      ByteBuffer datagram = socket.receive();
      if (datagram == null) {
        if (!socket.await(PATIENCE)) {
          throw new ErrnoException(call, Errno.ETIMEDOUT);
        }
        continue;
      }
      int at = 0;
      while (datagram.limit() - at >= RouteMessages.HEADER) {
        int length = datagram.getInt(at);
        if (length < RouteMessages.HEADER || length > datagram.limit() - at) {
          throw new ErrnoException(call, Errno.EPROTO);
        }
        ByteBuffer message = datagram.slice(at, length).order(datagram.order());
        at += (length + 3) & ~3;
        if (message.getInt(8) == number && isLast(call, message, taker)) {
          return;
        }
      }
    }
  }

  private static boolean isLast(String call, ByteBuffer message, Taker taker)
      throws ErrnoException {
    short type = message.getShort(4);
    if (type == RouteMessages.NLMSG_ERROR || type == RouteMessages.NLMSG_DONE) {
      // A dump's end may carry an error too; before Linux 4.20 some ends carry nothing.
      int error =
          message.limit() < RouteMessages.HEADER + Integer.BYTES
              ? 0
              : message.getInt(RouteMessages.HEADER);
      if (error < 0) {
        throw new ErrnoException(call, -error);
      }
      taker.take(message);
      return true;
    }
    return taker.take(message);
  }

  @Override
  public void close() {
    socket.close();
  }
}
