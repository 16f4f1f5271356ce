package io.smartagent.kernel.mount;

import java.util.Collection;
import java.util.StringJoiner;

/** Flags of mount(2) by the names that its man page gives them. */
public enum MountFlag {
  MS_RDONLY(1),
  MS_NOSUID(1 << 1),
  MS_NODEV(1 << 2),
  MS_NOEXEC(1 << 3),
  MS_REMOUNT(1 << 5),
  MS_NOSYMFOLLOW(1 << 8),
  MS_NOATIME(1 << 10),
  MS_NODIRATIME(1 << 11),
  MS_BIND(1 << 12),
  MS_MOVE(1 << 13),
  MS_REC(1 << 14),
  MS_PRIVATE(1 << 18),
  MS_SLAVE(1 << 19),
  MS_RELATIME(1 << 21),
  MS_STRICTATIME(1 << 24);

  private final int bit;

  MountFlag(int bit) {
    this.bit = bit;
  }

  /** Returns the flag's bit: include/uapi/linux/mount.h. */
  public int bit() {
    return bit;
  }

  /** Returns the bits of {@code flags} together. */
  public static int bits(Collection<MountFlag> flags) {
    int bits = 0;
    for (MountFlag flag : flags) {
      bits |= flag.bit;
    }
    return bits;
  }

  /** Returns the names of {@code flags} as C would write them, {@code 0} for none. */
  public static String names(Collection<MountFlag> flags) {
    StringJoiner names = new StringJoiner("|").setEmptyValue("0");
    for (MountFlag flag : flags) {
      names.add(flag.name());
    }
    return names.toString();
  }
}
