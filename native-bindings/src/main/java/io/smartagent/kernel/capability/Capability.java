package io.smartagent.kernel.capability;

import java.util.Locale;
import java.util.Optional;

/**
 * The capabilities of capabilities(7), in the order of their numbers in
 * include/uapi/linux/capability.h.
 */
public enum Capability {
  CAP_CHOWN,
  CAP_DAC_OVERRIDE,
  CAP_DAC_READ_SEARCH,
  CAP_FOWNER,
  CAP_FSETID,
  CAP_KILL,
  CAP_SETGID,
  CAP_SETUID,
  CAP_SETPCAP,
  CAP_LINUX_IMMUTABLE,
  CAP_NET_BIND_SERVICE,
  CAP_NET_BROADCAST,
  CAP_NET_ADMIN,
  CAP_NET_RAW,
  CAP_IPC_LOCK,
  CAP_IPC_OWNER,
  CAP_SYS_MODULE,
  CAP_SYS_RAWIO,
  CAP_SYS_CHROOT,
  CAP_SYS_PTRACE,
  CAP_SYS_PACCT,
  CAP_SYS_ADMIN,
  CAP_SYS_BOOT,
  CAP_SYS_NICE,
  CAP_SYS_RESOURCE,
  CAP_SYS_TIME,
  CAP_SYS_TTY_CONFIG,
  CAP_MKNOD,
  CAP_LEASE,
  CAP_AUDIT_WRITE,
  CAP_AUDIT_CONTROL,
  CAP_SETFCAP,
  CAP_MAC_OVERRIDE,
  CAP_MAC_ADMIN,
  CAP_SYSLOG,
  CAP_WAKE_ALARM,
  CAP_BLOCK_SUSPEND,
  CAP_AUDIT_READ,
  CAP_PERFMON,
  CAP_BPF,
  CAP_CHECKPOINT_RESTORE;

  /**
   * Returns the number of the capability, which is its bit in a set. The order above is the
   * kernel's ABI.
   */
  @SuppressWarnings("EnumOrdinal")
  public int number() {
    return ordinal();
  }

  /** Returns the name as Kubernetes and Docker write it, such as {@code SYS_ADMIN}. */
  public String shortName() {
    return name().substring("CAP_".length());
  }

  /** Returns the capability that {@code name} means, with or without {@code CAP_}, in any case. */
  public static Optional<Capability> parse(String name) {
    String upper = name.strip().toUpperCase(Locale.ROOT);
    String full = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
    for (Capability capability : values()) {
      if (capability.name().equals(full)) {
        return Optional.of(capability);
      }
    }
    return Optional.empty();
  }
}
