package io.smartagent.kernel.net;

import org.jspecify.annotations.Nullable;

/** Internet addresses as people write them: inet_ntop(3), RFC 5952. */
public final class AddressText {

  private static final int GROUPS = 8;

  private AddressText() {}

  /** Returns the text of 4 or 16 bytes in network order; null for anything else. */
  public static @Nullable String of(byte @Nullable [] address) {
    if (address == null || (address.length != 4 && address.length != 16)) {
      return null;
    }
    return address.length == 4 ? ipv4(address) : ipv6(address);
  }

  private static String ipv4(byte[] address) {
    return (address[0] & 0xff)
        + "."
        + (address[1] & 0xff)
        + "."
        + (address[2] & 0xff)
        + "."
        + (address[3] & 0xff);
  }

  /** The first of the longest runs of two or more zeros is left out. */
  private static String ipv6(byte[] address) {
    int longest = 0;
    int start = -1;
    int run = 0;
    for (int i = 0; i < GROUPS; i++) {
      run = group(address, i) == 0 ? run + 1 : 0;
      if (run > longest && run > 1) {
        longest = run;
        start = i - run + 1;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == start) {
        text.append("::");
        i += longest - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(group(address, i)));
      }
    }
    return text.toString();
  }

  private static int group(byte[] address, int index) {
    return (address[2 * index] & 0xff) << 8 | (address[2 * index + 1] & 0xff);
  }
}
