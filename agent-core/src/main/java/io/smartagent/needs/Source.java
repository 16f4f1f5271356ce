package io.smartagent.needs;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.probe.Ability;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a module can get at its facts.
 *
 * @param name of the source, in lower case with dashes
 * @param capabilities that a thread which uses it must have effective
 * @param abilities that the container must have
 * @param host what is opened of the host
 * @param limitation what the module cannot see through it; null where it sees all
 */
public record Source(
    String name,
    CapabilitySet capabilities,
    Set<Ability> abilities,
    HostAccess host,
    @Nullable String limitation) {

  /** Copies the abilities. */
  public Source {
    abilities = Set.copyOf(abilities);
  }

  /** Returns a source that needs these capabilities effective. */
  public static Source of(String name, Capability... capabilities) {
    return new Source(name, CapabilitySet.of(capabilities), Set.of(), HostAccess.NONE, null);
  }

  /** Returns this source, with abilities that it needs too. */
  public Source abilities(Ability first, Ability... more) {
    return new Source(name, capabilities, EnumSet.of(first, more), host, limitation);
  }

  /** Returns this source, with what it opens of the host too. */
  public Source with(HostAccess more) {
    return new Source(name, capabilities, abilities, host.and(more), limitation);
  }

  /** Returns this source as a second-best one, with what cannot be seen through it. */
  public Source degradedTo(String whatIsLeft) {
    return new Source(name, capabilities, abilities, host, whatIsLeft);
  }
}
