package io.smartagent.modules.containermetrics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network interface has carried, as proc_pid_net(5) has it in {@code dev}.
 *
 * @param name of the interface within its network namespace
 */
record InterfaceTraffic(
    String name,
    long receivedBytes,
    long receivedPackets,
    long receiveErrors,
    long receiveDrops,
    long sentBytes,
    long sentPackets,
    long sendErrors,
    long sendDrops) {

  /**
   * Returns the interfaces but for the loopback and the near ends of other namespaces' cables,
   * which cAdvisor leaves out as well.
   */
  static List<InterfaceTraffic> parse(byte[] text) {
    List<InterfaceTraffic> interfaces = new ArrayList<>();
    for (String line : new String(text, StandardCharsets.UTF_8).split("\n", -1)) {
      // A name may hold a colon, and no blank: dev_valid_name() of net/core/dev.c.
      int colon = line.lastIndexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).strip();
      if (name.isEmpty() || isLeftOut(name)) {
        continue;
      }
      String[] fields = line.substring(colon + 1).strip().split(" +", -1);
      if (fields.length >= 16) {
        interfaces.add(
            new InterfaceTraffic(
                name,
                count(fields[0]),
                count(fields[1]),
                count(fields[2]),
                count(fields[3]),
                count(fields[8]),
                count(fields[9]),
                count(fields[10]),
                count(fields[11])));
      }
    }
    return interfaces;
  }

  private static boolean isLeftOut(String name) {
    return name.equals("lo")
        || name.startsWith("veth")
        || name.startsWith("docker")
        || name.startsWith("nerdctl");
  }

  private static long count(String field) {
    return Math.max(0, KeyedText.number(field));
  }
}
