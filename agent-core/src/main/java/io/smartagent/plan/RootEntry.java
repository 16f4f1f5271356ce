package io.smartagent.plan;

/** How the host's root becomes the root of the launching thread. */
public enum RootEntry {
  PIVOT_ROOT("pivot_root", "pivot_root leaves no way back."),
  MOVE_AND_CHROOT(
      "MS_MOVE and chroot",
      "pivot_root is blocked, so the host's root is moved over the container's."),
  CHROOT("chroot", "nothing may be mounted, so a chroot has to do.");

  private final String calls;
  private final String reason;

  RootEntry(String calls, String reason) {
    this.calls = calls;
    this.reason = reason;
  }

  /** Returns the calls that do it. */
  public String calls() {
    return calls;
  }

  /** Returns why this way, as a clause. */
  String reason() {
    return reason;
  }
}
