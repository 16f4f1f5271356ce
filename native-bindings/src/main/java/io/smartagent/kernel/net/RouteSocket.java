package io.smartagent.kernel.net;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import java.util.List;

/**
 * Asks for network interfaces by rtnetlink(7). The socket stays in the network namespace that its
 * maker was in, and names others by ids that hold in this one only. To be used by one thread.
 *
 * <p>An id, once assigned, stays until one of the two namespaces ends. It takes a few bytes,
 * changes nothing in either, and the kernel assigns one itself whenever it shows a pair of
 * interfaces that connects them.
 */
public interface RouteSocket extends AutoCloseable {

  /** Stands for the socket's own namespace, and for a namespace that has no id. */
  int NONE = -1;

  /**
   * What was found.
   *
   * @param found in the kernel's order
   * @param leftOut how many more there are than were asked for
   */
  record Found<T>(List<T> found, int leftOut) {

    /** Copies the list. */
    public Found {
      found = List.copyOf(found);
    }
  }

  /**
   * Returns the id of a process's network namespace: RTM_GETNSID. Needs nothing.
   *
   * @param pid in the caller's pid namespace
   * @return the id; {@link #NONE} where it has none
   * @throws ErrnoException ESRCH where there is no such process; EOPNOTSUPP before Linux 4.0
   */
  int namespaceId(int pid) throws ErrnoException;

  /**
   * Returns the id of a network namespace: RTM_GETNSID. Needs nothing.
   *
   * @return the id; {@link #NONE} where it has none
   * @throws ErrnoException EOPNOTSUPP before Linux 4.0
   */
  int namespaceId(Descriptor namespace) throws ErrnoException;

  /**
   * Returns the id of a process's network namespace, assigned now where it has none: RTM_NEWNSID.
   *
   * @param pid in the caller's pid namespace
   * @throws ErrnoException EPERM without CAP_NET_ADMIN, where it has none; ESRCH where there is no
   *     such process; EOPNOTSUPP before Linux 4.0
   */
  int assignNamespaceId(int pid) throws ErrnoException;

  /**
   * Returns network interfaces with their counters: RTM_GETLINK with IFLA_TARGET_NETNSID.
   *
   * @param namespace an id, or {@link #NONE} for the socket's own, which needs nothing
   * @param limit the most interfaces to return
   * @throws ErrnoException EACCES without CAP_NET_ADMIN over that namespace; EOPNOTSUPP for another
   *     namespace before Linux 4.15; EINVAL where no namespace has the id; EAGAIN where they kept
   *     changing meanwhile
   */
  Found<Link> links(int namespace, int limit) throws ErrnoException;

  /**
   * Returns addresses of network interfaces: RTM_GETADDR with IFA_TARGET_NETNSID.
   *
   * @param namespace an id, or {@link #NONE} for the socket's own, which needs nothing
   * @param limit the most addresses to return
   * @throws ErrnoException as {@link #links}, but EOPNOTSUPP before Linux 4.20
   */
  Found<InterfaceAddress> addresses(int namespace, int limit) throws ErrnoException;

  /** Closes it; does nothing the second time. */
  @Override
  void close();
}
