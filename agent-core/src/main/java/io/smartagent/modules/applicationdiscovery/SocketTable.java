package io.smartagent.modules.applicationdiscovery;

import io.smartagent.modules.applicationdiscovery.ListeningSocket.Protocol;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The sockets of a network namespace that wait for anybody.
 *
 * @param byInode the sockets
 * @param truncated whether there may be more
 * @param readable whether the namespace showed any of its files
 */
record SocketTable(Map<Long, ListeningSocket> byInode, boolean truncated, boolean readable) {

  private static final int SOCKETS_AT_MOST = 4096;

  /** UDP's sockets are told in no order, so those with a peer are read too. */
  private static final int BYTES_AT_MOST = 4 << 20;

  private static final int LONGEST_LINE = 256;

  /** Copies the map. */
  SocketTable {
    byInode = Map.copyOf(byInode);
  }

  /**
   * Reads the sockets of a namespace. Of 50,000 connections none is looked at: the kernel tells the
   * sockets that listen before them.
   *
   * @param directory /proc/PID/net of a process in it
   */
  static SocketTable read(String directory) {
    Map<Long, ListeningSocket> sockets = new HashMap<>();
    boolean truncated = false;
    boolean readable = false;
    for (Protocol protocol : Protocol.values()) {
      try (BoundedLines lines =
          new BoundedLines(
              new FileInputStream(directory + "/" + protocol.id()), BYTES_AT_MOST, LONGEST_LINE)) {
        readable = true;
        truncated |= read(protocol, lines, sockets);
      } catch (IOException endedOrWithoutIpv6) {
        // The other protocols, then.
      }
    }
    return new SocketTable(sockets, truncated, readable);
  }

  /** Returns whether there is more. */
  private static boolean read(
      Protocol protocol, BoundedLines lines, Map<Long, ListeningSocket> sockets)
      throws IOException {
    String headings = lines.next();
    if (headings == null) {
      return false;
    }
    for (String line = lines.next(); line != null; line = lines.next()) {
      String[] fields = line.strip().split(" +", -1);
      if (protocol.tellsWaitingFirst() && !ListeningSocket.waits(protocol, fields)) {
        return false;
      }
      ListeningSocket socket = ListeningSocket.parse(protocol, fields);
      if (socket != null) {
        if (sockets.size() >= SOCKETS_AT_MOST) {
          return true;
        }
        sockets.put(socket.inode(), socket);
      }
    }
    return lines.isCut();
  }
}
