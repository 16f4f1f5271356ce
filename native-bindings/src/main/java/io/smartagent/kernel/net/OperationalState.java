package io.smartagent.kernel.net;

import java.util.List;
import java.util.Locale;

/** What an interface can do: RFC 2863, IF_OPER_ of linux/if.h, in the kernel's order. */
public enum OperationalState {
  /** Its driver does not say; so it is with loopbacks and tunnels. */
  UNKNOWN,
  /** Its hardware is missing. */
  NOTPRESENT,
  /** It carries no packets. */
  DOWN,
  /** An interface that it is stacked on is down, or its other end is. */
  LOWERLAYERDOWN,
  /** It is being tested. */
  TESTING,
  /** It waits for something, such as authentication. */
  DORMANT,
  /** It carries packets. */
  UP;

  private static final List<OperationalState> ALL = List.of(values());

  /** Returns the state of this number, {@link #UNKNOWN} for one that is none. */
  public static OperationalState of(int number) {
    return number >= 0 && number < ALL.size() ? ALL.get(number) : UNKNOWN;
  }

  /** Returns the name as /sys/class/net/NAME/operstate has it. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
