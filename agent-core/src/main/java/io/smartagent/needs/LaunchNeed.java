package io.smartagent.needs;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;

/**
 * What the launch itself needs capabilities for, before it gives them up. A container needs no
 * others but for its modules, and the launch reports what it has beyond that as surplus.
 */
public enum LaunchNeed {
  SEAL("launch: its mounts, which seal the host but in mode full", Capability.CAP_SYS_ADMIN),
  ENTER("launch: enters the host's root", Capability.CAP_SYS_CHROOT),
  BECOME_USER(
      "launch: becomes the agent's user, who gets the runtime directory",
      Capability.CAP_CHOWN,
      Capability.CAP_SETGID,
      Capability.CAP_SETUID),
  /**
   * On Debian the shadow files are of a group that root is not in; on Red Hat they have mode 0,
   * which not even root may open without CAP_DAC_OVERRIDE.
   */
  MAKE_USER(
      "launch: the host's useradd creates the agent's user if it does not exist",
      Capability.CAP_CHOWN,
      Capability.CAP_DAC_OVERRIDE),
  /**
   * All that the script has: to make files of any owner and mode, to ask after users, to end what
   * it has started. None of them changes a mount, so the seal holds for the script too.
   */
  INSTALL(
      "installer: installs files of any owner and mode",
      Capability.CAP_AUDIT_WRITE,
      Capability.CAP_CHOWN,
      Capability.CAP_DAC_OVERRIDE,
      Capability.CAP_DAC_READ_SEARCH,
      Capability.CAP_FOWNER,
      Capability.CAP_FSETID,
      Capability.CAP_KILL,
      Capability.CAP_SETFCAP,
      Capability.CAP_SETGID,
      Capability.CAP_SETUID);

  private final String purpose;
  private final long bits;

  LaunchNeed(String purpose, Capability... capabilities) {
    this.purpose = purpose;
    this.bits = CapabilitySet.of(capabilities).bits();
  }

  /** Returns who needs it for what, for a comment. */
  public String purpose() {
    return purpose;
  }

  /** Returns the capabilities. */
  public CapabilitySet capabilities() {
    return new CapabilitySet(bits);
  }
}
