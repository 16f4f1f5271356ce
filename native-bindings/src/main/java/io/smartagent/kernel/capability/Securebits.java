package io.smartagent.kernel.capability;

import java.util.ArrayList;
import java.util.List;

/**
 * The securebits flags of a thread: capabilities(7), "The securebits flags".
 *
 * @param bits the flags as prctl(PR_GET_SECUREBITS) returns them
 */
public record Securebits(int bits) {

  /** No flag is set. */
  public static final Securebits NONE = new Securebits(0);

  private static final String[] NAMES = {
    "SECBIT_NOROOT",
    "SECBIT_NOROOT_LOCKED",
    "SECBIT_NO_SETUID_FIXUP",
    "SECBIT_NO_SETUID_FIXUP_LOCKED",
    "SECBIT_KEEP_CAPS",
    "SECBIT_KEEP_CAPS_LOCKED",
    "SECBIT_NO_CAP_AMBIENT_RAISE",
    "SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED",
  };

  private static final int NOROOT = 1;
  private static final int NO_SETUID_FIXUP = 1 << 2;
  private static final int KEEP_CAPS = 1 << 4;
  private static final int NO_CAP_AMBIENT_RAISE = 1 << 6;

  /**
   * Returns the flags of a program that can never gain a capability again: uid 0 means nothing
   * (NOROOT), a change of uid moves nothing (NO_SETUID_FIXUP), nothing is kept or raised anew, and
   * all that is locked for good.
   */
  public static Securebits lockedDown() {
    int locks = (NOROOT | NO_SETUID_FIXUP | KEEP_CAPS | NO_CAP_AMBIENT_RAISE) << 1;
    return new Securebits(NOROOT | NO_SETUID_FIXUP | NO_CAP_AMBIENT_RAISE | locks);
  }

  /** Returns whether SECBIT_NO_CAP_AMBIENT_RAISE is set: ambient capabilities cannot be raised. */
  public boolean forbidsAmbientRaise() {
    return (bits & NO_CAP_AMBIENT_RAISE) != 0;
  }

  /** Returns the names of the flags that are set, in the order of their bits. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (int bit = 0; bit < NAMES.length; bit++) {
      if ((bits >>> bit & 1) != 0) {
        names.add(NAMES[bit]);
      }
    }
    return names;
  }
}
