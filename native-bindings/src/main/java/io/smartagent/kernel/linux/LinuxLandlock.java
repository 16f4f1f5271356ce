package io.smartagent.kernel.linux;

import com.sun.jna.Memory;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.security.AccessRight;
import io.smartagent.kernel.security.Landlock;
import java.util.Set;

final class LinuxLandlock implements Landlock {

  private static final int LANDLOCK_CREATE_RULESET_VERSION = 1;
  private static final int LANDLOCK_RULE_PATH_BENEATH = 1;

  /** The first version's structure, with nothing but handled_access_fs. */
  private static final int RULESET_ATTR_SIZE = 8;

  /** It is packed: the descriptor has four bytes. */
  private static final int PATH_BENEATH_ATTR_SIZE = 12;

  private final SystemCalls calls;
  private final LinuxDescriptors descriptors;

  LinuxLandlock(SystemCalls calls, LinuxDescriptors descriptors) {
    this.calls = calls;
    this.descriptors = descriptors;
  }

  @Override
  public int abi() throws ErrnoException {
    return (int)
        calls.check(
            "landlock_create_ruleset(LANDLOCK_CREATE_RULESET_VERSION)",
            SystemCall.LANDLOCK_CREATE_RULESET,
            0L,
            0L,
            LANDLOCK_CREATE_RULESET_VERSION);
  }

  @Override
  public Descriptor createRuleset(Set<AccessRight> handled) throws ErrnoException {
    try (Memory attributes = new Memory(RULESET_ATTR_SIZE)) {
      attributes.setLong(0, bits(handled));
      long number =
          calls.check(
              "landlock_create_ruleset(" + names(handled) + ")",
              SystemCall.LANDLOCK_CREATE_RULESET,
              attributes,
              RULESET_ATTR_SIZE,
              0);
      return new Descriptor((int) number, descriptors);
    }
  }

  @Override
  public void allowBeneath(Descriptor ruleset, Descriptor place, Set<AccessRight> allowed)
      throws ErrnoException {
    try (Memory rule = new Memory(PATH_BENEATH_ATTR_SIZE)) {
      rule.setLong(0, bits(allowed));
      rule.setInt(8, place.number());
      calls.check(
          "landlock_add_rule(LANDLOCK_RULE_PATH_BENEATH, " + place + ", " + names(allowed) + ")",
          SystemCall.LANDLOCK_ADD_RULE,
          ruleset,
          LANDLOCK_RULE_PATH_BENEATH,
          rule,
          0);
    }
  }

  @Override
  public void restrictSelf(Descriptor ruleset) throws ErrnoException {
    calls.check("landlock_restrict_self()", SystemCall.LANDLOCK_RESTRICT_SELF, ruleset, 0);
  }

  private static long bits(Set<AccessRight> rights) {
    long bits = 0;
    for (AccessRight right : rights) {
      bits |= right.bit();
    }
    return bits;
  }

  private static String names(Set<AccessRight> rights) {
    StringBuilder names = new StringBuilder();
    for (AccessRight right : rights) {
      names.append(names.isEmpty() ? "" : "|").append(right);
    }
    return names.toString();
  }
}
