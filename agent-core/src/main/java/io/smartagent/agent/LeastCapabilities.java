package io.smartagent.agent;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.telemetry.AttestationReport.Check;

/**
 * A thread has what was kept and no more, and no other capability of this kernel can be had again:
 * each is tried, those too that only a newer kernel knows.
 */
final class LeastCapabilities {

  private static final String NAME = "dropped-capabilities";

  private final Capabilities capabilities;
  private final CapabilitySet kept;

  LeastCapabilities(Capabilities capabilities, CapabilitySet kept) {
    this.capabilities = capabilities;
    this.kept = kept;
  }

  /**
   * Returns what trying showed; the calling thread is not to be used for anything else after it.
   */
  Check check() throws ErrnoException {
    ThreadCapabilities own = capabilities.read();
    CapabilitySet has =
        own.permitted().union(own.effective()).union(own.inheritable()).union(own.ambient());
    if (!kept.containsAll(has)) {
      return new Check(NAME, false, "these were dropped and are here: " + has.minus(kept));
    }
    if (!own.permitted().equals(kept)) {
      return new Check(
          NAME, false, "these were kept and are missing: " + kept.minus(own.permitted()));
    }
    CapabilitySet regained = regained(own);
    if (!regained.isEmpty()) {
      return new Check(NAME, false, "these were dropped and can be had again: " + regained);
    }
    int others = CapabilitySet.upTo(capabilities.last()).minus(kept).numbers().size();
    return new Check(
        NAME, true, "kept: " + kept + "; none of the " + others + " others can be had again");
  }

  private CapabilitySet regained(ThreadCapabilities own) throws ErrnoException {
    boolean ambientIsSupported = capabilities.ambientIsSupported();
    CapabilitySet regained = CapabilitySet.NONE;
    for (int number : CapabilitySet.upTo(capabilities.last()).minus(kept).numbers()) {
      CapabilitySet one = new CapabilitySet(1L << number);
      if (canBePermitted(own, one) || (ambientIsSupported && canBeAmbient(number))) {
        regained = regained.union(one);
      }
    }
    return regained;
  }

  private boolean canBePermitted(ThreadCapabilities own, CapabilitySet one) throws ErrnoException {
    try {
      capabilities.set(own.effective(), own.permitted().union(one), own.inheritable());
      return true;
    } catch (ErrnoException e) {
      return isGranted(e);
    }
  }

  private boolean canBeAmbient(int number) throws ErrnoException {
    try {
      capabilities.raiseAmbient(number);
      return true;
    } catch (ErrnoException e) {
      return isGranted(e);
    }
  }

  /** Only EPERM is a no; anything else means that the question was not understood. */
  private static boolean isGranted(ErrnoException e) throws ErrnoException {
    if (e.errno() != Errno.EPERM) {
      throw e;
    }
    return false;
  }
}
