package io.smartagent.probe;

/** What denies a container an {@link Ability}. */
public enum Blocker {
  /**
   * The bounding set has the capability, but the thread does not: the container's user is not root.
   */
  CAPABILITY("capability"),
  /**
   * The bounding set lacks the capability: the container's configuration dropped or never added it.
   */
  BOUNDING("bounding"),
  /** A seccomp filter denies or hides the system call. */
  SECCOMP("seccomp"),
  /** A Linux Security Module denies it: AppArmor, SELinux. */
  LSM("lsm"),
  /** The kernel's lockdown mode: kernel_lockdown(7). */
  LOCKDOWN("lockdown"),
  /** A sysctl forbids it, such as kernel.perf_event_paranoid. */
  SYSCTL("sysctl"),
  /** The device cgroup denies the device. */
  DEVICE_CGROUP("deviceCgroup"),
  /** The kernel does not have it. */
  KERNEL("kernel"),
  /** What it needs is not mounted into the container. */
  MOUNT("mount");

  private final String id;

  Blocker(String id) {
    this.id = id;
  }

  /** Returns the name in {@code probe}'s and {@code plan}'s output. */
  public String id() {
    return id;
  }
}
