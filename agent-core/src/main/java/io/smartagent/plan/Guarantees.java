package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_MODULE;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_RAWIO;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.plan.MountStep.BuildMinimalRoot;
import io.smartagent.plan.MountStep.HideEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What the plan guarantees about confinement, as far as its seal, its user, its capabilities and
 * its steps decide it.
 */
public final class Guarantees {

  private final LaunchPlan plan;
  private final boolean ptrace;

  /**
   * Ends the sentence on what is read-only or hidden; a full stop where no capability undoes it.
   */
  private final String bypass;

  private Guarantees(LaunchPlan plan) {
    this.plan = plan;
    CapabilitySet kept = plan.capabilities().kept();
    this.ptrace = kept.contains(CAP_SYS_PTRACE);
    List<String> ways = new ArrayList<>();
    addWay(ways, kept, CAP_DAC_READ_SEARCH, "file handles");
    addWay(ways, kept, CAP_SYS_ADMIN, "mounts");
    addWay(ways, kept, CAP_SYS_MODULE, "kernel modules");
    addWay(ways, kept, CAP_SYS_PTRACE, "/proc/PID/root");
    addWay(ways, kept, CAP_SYS_RAWIO, "devices");
    this.bypass =
        ways.isEmpty()
            ? "."
            : "; the agent keeps what bypasses that: " + String.join(", ", ways) + ".";
  }

  private static void addWay(
      List<String> ways, CapabilitySet kept, Capability capability, String way) {
    if (kept.contains(capability)) {
      ways.add(CapabilitySet.of(capability) + " (" + way + ")");
    }
  }

  private boolean isBypassed() {
    return bypass.length() > 1;
  }

  /**
   * A property of the running agent.
   *
   * @param id such as {@code host-read-only}
   * @param holds whether the plan ensures it
   * @param because why, or why not, as a sentence
   */
  public record Guarantee(String id, boolean holds, String because) {}

  /** Returns those that the plan decides. */
  public static List<Guarantee> of(LaunchPlan plan) {
    Guarantees guarantees = new Guarantees(plan);
    List<Guarantee> all = new ArrayList<>();
    all.add(guarantees.hostReadOnly());
    all.add(guarantees.hiddenDirectories());
    all.add(guarantees.unprivilegedUser());
    if (guarantees.ptrace) {
      all.add(
          new Guarantee(
              "no-other-process",
              false,
              "SYS_PTRACE is kept: it gives access to the memory and files of other processes."));
    }
    all.add(guarantees.noNewPrivileges());
    return all;
  }

  private Guarantee hostReadOnly() {
    String id = "host-read-only";
    HostSeal seal = plan.seal();
    String writable =
        seal.writable().isEmpty() ? "nothing" : String.join(", ", new TreeSet<>(seal.writable()));
    return switch (seal.kind()) {
      case REMOUNT -> {
        if (plan.user().isRoot()) {
          yield new Guarantee(id, false, "The mounts are read-only, but the agent runs as root.");
        }
        String mounts = "Every mount is read-only but " + writable;
        yield new Guarantee(id, !isBypassed(), mounts + bypass);
      }
      case LANDLOCK ->
          new Guarantee(
              id,
              false,
              "Landlock denies writing files but in "
                  + writable
                  + "; it does not deny changes of modes, owners and attributes.");
      case MOUNTS ->
          new Guarantee(id, false, "The mounts of the host are left as the container has them.");
      case NONE -> new Guarantee(id, false, "The host's root is as it is mounted.");
    };
  }

  private Guarantee hiddenDirectories() {
    String id = "hidden-directories";
    List<String> hidden = new ArrayList<>();
    boolean minimal = false;
    for (Step step : plan.steps()) {
      if (step instanceof HideEntry entry) {
        hidden.add(entry.path());
      }
      minimal |= step instanceof BuildMinimalRoot;
    }
    String what =
        minimal
            ? "Only the directories of mode minimal are in the agent's root"
            : String.join(", ", hidden) + (hidden.size() == 1 ? " is" : " are") + " covered";
    if (hidden.isEmpty() && !minimal) {
      return new Guarantee(id, false, "Nothing of the host's root is hidden.");
    }
    return new Guarantee(id, !isBypassed(), what + bypass);
  }

  private Guarantee unprivilegedUser() {
    return plan.user().isRoot()
        ? new Guarantee("unprivileged-user", false, "The agent runs as root.")
        : new Guarantee(
            "unprivileged-user", true, "The agent runs as " + plan.user().user().name() + ".");
  }

  private Guarantee noNewPrivileges() {
    return plan.identity().locks().noNewPrivileges()
        ? new Guarantee("no-new-privileges", true, "no_new_privs is set before the agent starts.")
        : new Guarantee("no-new-privileges", false, "no_new_privs is not set.");
  }
}
