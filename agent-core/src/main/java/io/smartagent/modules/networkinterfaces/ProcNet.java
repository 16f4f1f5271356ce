package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.net.AddressText;
import io.smartagent.kernel.net.LinkCounters;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The interfaces of a namespace as the files below /proc/PID/net tell them: proc_pid_net(5). MTU,
 * MAC address and state are in none of them.
 */
final class ProcNet {

  private static final String LOOPBACK = "lo";

  private static final int COUNTERS = 16;

  /** A leaf of the trie: the address is in the line, and whose it is in those below it. */
  private static final Pattern LEAF = Pattern.compile("\\|-- (\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)");

  private static final Pattern LOCAL = Pattern.compile("/(\\d+) host LOCAL");

  private final Map<String, LinkCounters> counters;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final Map<String, List<String>> addresses = new HashMap<>();
  private int addressesLeftOut;

  /** A network that an interface is connected to. */
  private record Connected(String name, int network, int mask) {}

  /**
   * Makes of the files' texts what they tell together; a text that is empty or none of it tells
   * nothing.
   *
   * @param dev of /proc/PID/net/dev
   * @param multicast of dev_mcast, which tells indexes
   * @param ipv6 of if_inet6
   * @param trie of fib_trie, which tells all of the namespace's own IPv4 addresses
   * @param routes of route, which tells whose they are
   */
  static ProcNet parse(String dev, String multicast, String ipv6, String trie, String routes) {
    ProcNet net = new ProcNet(counters(dev));
    net.takeIndexes(multicast);
    net.takeIpv6(ipv6);
    net.takeIpv4(trie, connected(routes));
    return net;
  }

  private ProcNet(Map<String, LinkCounters> counters) {
    this.counters = counters;
  }

  /** Names may hold anything but blanks, slashes and colons. */
  private static Map<String, LinkCounters> counters(String dev) {
    Map<String, LinkCounters> found = new LinkedHashMap<>();
    for (String line : dev.split("\n", -1)) {
      int colon = line.indexOf(':');
      long[] numbers = colon < 0 ? new long[0] : numbers(line.substring(colon + 1));
      if (numbers.length >= COUNTERS) {
        found.put(
            line.substring(0, colon).strip(),
            new LinkCounters(
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[8],
                numbers[9],
                numbers[10],
                numbers[11]));
      }
    }
    return found;
  }

  private static long[] numbers(String text) {
    String[] words = text.strip().split("\\s+", -1);
    long[] numbers = new long[words.length];
    for (int i = 0; i < words.length; i++) {
      try {
        numbers[i] = Long.parseUnsignedLong(words[i]);
      } catch (NumberFormatException noCounters) {
        return new long[0];
      }
    }
    return numbers;
  }

  private void takeIndexes(String multicast) {
    for (String line : multicast.split("\n", -1)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length >= 2) {
        takeIndex(words[1], words[0], 10);
      }
    }
  }

  private void takeIndex(String name, String number, int radix) {
    try {
      indexes.put(name, Integer.parseInt(number, radix));
    } catch (NumberFormatException noIndex) {
      // Then it stays unknown.
    }
  }

  private void takeIpv6(String text) {
    for (String line : text.split("\n", -1)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length == 6 && words[0].length() == 32) {
        try {
          String address = AddressText.of(HexFormat.of().parseHex(words[0]));
          add(words[5], address + "/" + Integer.parseInt(words[2], 16));
          takeIndex(words[5], words[1], 16);
        } catch (IllegalArgumentException noAddress) {
          // Then there is one less.
        }
      }
    }
  }

  /**
   * A connected network tells interface and prefix of the addresses in it. An address in none, as
   * those of /32 are, belongs to the only interface that there is besides the loopback, or else is
   * left out.
   */
  private void takeIpv4(String trie, List<Connected> connected) {
    Map<Integer, Integer> local = local(trie);
    List<String> others =
        counters.keySet().stream().filter(name -> !name.equals(LOOPBACK)).limit(2).toList();
    for (Map.Entry<Integer, Integer> entry : local.entrySet()) {
      int address = entry.getKey();
      String text = text(address);
      if (entry.getValue() < 32) {
        continue;
      }
      if (address >>> 24 == 127) {
        add(LOOPBACK, text + prefixOfLoopback(address, local));
        continue;
      }
      Connected best = null;
      for (Connected network : connected) {
        boolean inIt = (address & network.mask()) == network.network();
        boolean narrower =
            best == null || Integer.bitCount(network.mask()) > Integer.bitCount(best.mask());
        if (inIt && narrower) {
          best = network;
        }
      }
      if (best != null) {
        add(best.name(), text + "/" + Integer.bitCount(best.mask()));
      } else if (others.size() == 1) {
        add(others.getFirst(), text);
      } else {
        addressesLeftOut++;
      }
    }
  }

  private static String prefixOfLoopback(int address, Map<Integer, Integer> local) {
    int network = address & 0xff00_0000;
    return Integer.valueOf(8).equals(local.get(network)) ? "/8" : "";
  }

  /** Returns the namespace's own addresses and networks, with the length of their prefix. */
  private static Map<Integer, Integer> local(String trie) {
    Map<Integer, Integer> found = new LinkedHashMap<>();
    Integer leaf = null;
    for (String line : trie.split("\n", -1)) {
      Matcher address = LEAF.matcher(line);
      Matcher local = LOCAL.matcher(line);
      if (address.find()) {
        leaf = address(address);
      } else if (leaf != null && local.find()) {
        found.merge(leaf, Integer.parseInt(local.group(1)), Math::max);
      }
    }
    return found;
  }

  private static @Nullable Integer address(Matcher bytes) {
    int address = 0;
    for (int i = 1; i <= 4; i++) {
      String digits = bytes.group(i);
      int part = digits.length() > 3 ? 256 : Integer.parseInt(digits);
      if (part > 255) {
        return null;
      }
      address = address << 8 | part;
    }
    return address;
  }

  private static String text(int address) {
    return String.valueOf(
        AddressText.of(
            new byte[] {
              (byte) (address >>> 24),
              (byte) (address >>> 16),
              (byte) (address >>> 8),
              (byte) address
            }));
  }

  private static List<Connected> connected(String routes) {
    Set<Connected> found = new LinkedHashSet<>();
    for (String line : routes.split("\n", -1)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length >= 8) {
        try {
          int mask = inNetworkOrder(words[7]);
          if (inNetworkOrder(words[2]) == 0 && mask != 0) {
            found.add(new Connected(words[0], inNetworkOrder(words[1]), mask));
          }
        } catch (NumberFormatException heading) {
          // It names the columns.
        }
      }
    }
    return new ArrayList<>(found);
  }

  /** The kernel prints what it has in memory as a number of the machine's own order. */
  private static int inNetworkOrder(String hexadecimal) {
    int number = Integer.parseUnsignedInt(hexadecimal, 16);
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? number : Integer.reverseBytes(number);
  }

  private void add(String name, String address) {
    addresses.computeIfAbsent(name, none -> new ArrayList<>()).add(address);
  }

  /** Returns how many addresses are not shown; to be asked after {@link #interfaces}. */
  int addressesLeftOut() {
    return addressesLeftOut;
  }

  /** Returns the interfaces in the kernel's order. */
  List<NetworkInterface> interfaces() {
    List<NetworkInterface> found = new ArrayList<>();
    counters.forEach((name, counted) -> {
      List<String> all = addresses.getOrDefault(name, List.of());
      List<String> shown = Links.firstOf(all);
      addressesLeftOut += all.size() - shown.size();
      found.add(
          new NetworkInterface(
              name,
              indexes.getOrDefault(name, 0),
              name.equals(LOOPBACK),
              null,
              null,
              null,
              null,
              null,
              shown,
              null,
              null,
              null,
              counted));
    });
    return found;
  }
}
