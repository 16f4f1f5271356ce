package io.smartagent.plan;

/** How the host's root becomes the root of the launching thread. */
public enum RootEntry {
  PIVOT_ROOT("pivot_root"),
  MOVE_AND_CHROOT("MS_MOVE and chroot"),
  CHROOT("chroot");

  private final String calls;

  RootEntry(String calls) {
    this.calls = calls;
  }

  /** Returns the calls that do it. */
  public String calls() {
    return calls;
  }
}
