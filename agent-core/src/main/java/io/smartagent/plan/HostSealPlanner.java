package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.config.Mode;
import io.smartagent.config.Option;
import io.smartagent.config.Settings;
import io.smartagent.confinement.ContainerPaths;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostMounts.WritableMount;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.module.ModulePlan;
import io.smartagent.probe.Ability;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.ContainerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Decides what keeps the agent from writing to the host where nothing is remounted. Pure. */
final class HostSealPlanner {

  /**
   * What programs always write to. The host's /tmp is not among them: it is the host's, and full of
   * names that other users choose. Nor is /proc/self: a rule would be for this process alone and
   * not for its children, and what a JVM would like to write there, its coredump_filter, it can do
   * without.
   */
  static final List<String> DEVICES = ContainerPaths.DEVICES;

  private static final int SHOWN = 10;

  private final Settings settings;
  private final ContainerFacts container;
  private final HostFacts host;
  private final Target target;
  private final Findings findings;

  HostSealPlanner(
      Settings settings,
      ContainerFacts container,
      HostFacts host,
      Target target,
      Findings findings) {
    this.settings = settings;
    this.container = container;
    this.host = host;
    this.target = target;
    this.findings = findings;
  }

  /**
   * Returns what it is.
   *
   * @param identity whose file capabilities forbid Landlock: unprivileged processes may restrict
   *     themselves with no_new_privs only, and that makes file capabilities void
   */
  HostSeal decide(VirtualRoot root, IdentityDecision identity) {
    if (root.sealed()) {
      return new HostSeal(HostSeal.Kind.REMOUNT, root.writable(), List.of(), 0);
    }
    if (root.mode() == Mode.FULL) {
      return new HostSeal(HostSeal.Kind.NONE, Set.of(), List.of(), 0);
    }
    if (root.remount()) {
      return new HostSeal(HostSeal.Kind.MOUNTS, root.writable(), List.of(), 0);
    }
    HostSeal.Kind kind = landlockApplies(identity) ? HostSeal.Kind.LANDLOCK : HostSeal.Kind.MOUNTS;
    return new HostSeal(kind, writable(), openMounts(), host.mounts().unlisted());
  }

  /**
   * A process that Landlock restricts cannot read the links of processes in /proc that are not:
   * what keeps CAP_SYS_PTRACE keeps it for that.
   */
  private boolean landlockApplies(IdentityDecision identity) {
    return container.can(Ability.LANDLOCK)
        && identity.carrier() != CapabilityCarrier.FILE
        && !identity.capabilities().kept().contains(CAP_SYS_PTRACE);
  }

  private Set<String> writable() {
    Set<String> writable =
        new TreeSet<>(List.of(settings.root().installPath(), settings.runtimeDirectory()));
    for (WritableMount mount : host.mounts().writable()) {
      if (mount.ofPod()) {
        writable.add(mount.path());
      }
    }
    return writable;
  }

  private List<WritableMount> openMounts() {
    Set<String> writable = writable();
    List<WritableMount> open = new ArrayList<>();
    for (WritableMount mount : host.mounts().writable()) {
      if (!isBelowAny(mount.path(), writable)) {
        open.add(mount);
      }
    }
    return open;
  }

  private static boolean isBelowAny(String path, Set<String> directories) {
    for (String directory : directories) {
      if (MountTable.isAtOrBelow(path, directory)) {
        return true;
      }
    }
    return false;
  }

  /** Reports how far the host is open where nothing is remounted. */
  void warn(HostSeal seal, VirtualRoot root, List<ModulePlan> modules) {
    if (root.remount() || root.mode() == Mode.FULL) {
      return;
    }
    findings.warning(
        "The host's root is only as read-only as its mounts are: without CAP_SYS_ADMIN the launcher"
            + " cannot seal submounts."
            + (seal.openMounts().isEmpty() ? " All that are mounted now are read-only." : ""));
    if (!seal.openMounts().isEmpty()) {
      findings.warning(open(seal));
    }
    findings.warning(
        seal.kind() == HostSeal.Kind.LANDLOCK ? weakness(seal) : whyNoLandlock(modules));
  }

  private static String open(HostSeal seal) {
    int total = seal.openMounts().size() + seal.unlisted();
    WritableMount example = seal.openMounts().getFirst();
    String name = "host" + example.path().replace('/', '-');
    return total
        + (total == 1 ? " mount" : " mounts")
        + " below the host's root can be written to, for a read-only mount does not make those"
        + " below it read-only: "
        + listed(seal.openMounts(), total)
        + ". Let the YAML do that (Kubernetes 1.31, mountPropagation None):\n"
        + "volumeMounts:\n- name: host-root\n  mountPath: /mnt/root\n  readOnly: true\n"
        + "  recursiveReadOnly: Enabled\n"
        + "or, on older clusters, mount each separately:\n"
        + "volumes:\n- name: "
        + name
        + "\n  hostPath: {path: \""
        + example.path()
        + "\"}\nvolumeMounts:\n- name: "
        + name
        + "\n  mountPath: \"/mnt/root"
        + (example.path().equals("/") ? "" : example.path())
        + "\"\n  readOnly: true";
  }

  private static String listed(List<WritableMount> mounts, int total) {
    StringBuilder text = new StringBuilder();
    int shown = Math.min(SHOWN, mounts.size());
    for (WritableMount mount : mounts.subList(0, shown)) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(mount.path())
          .append(" (")
          .append(mount.type())
          .append(')');
    }
    return shown == total ? text.toString() : text + " and " + (total - shown) + " more";
  }

  private static String weakness(HostSeal seal) {
    return "Landlock keeps the agent from writing anywhere but to "
        + String.join(", ", new TreeSet<>(seal.writable()))
        + " and to devices such as /dev/null. It is the weaker seal: it does not keep it from"
        + " changing modes, owners, times and attributes, from ioctl, from writing to what is open"
        + " already or by way of a socket, nor before Linux 6.2 from truncating files.";
  }

  private String whyNoLandlock(List<ModulePlan> modules) {
    AbilityFact landlock = container.fact(Ability.LANDLOCK);
    if (!landlock.available()) {
      return "Landlock cannot keep the agent from writing there either: " + landlock.detail();
    }
    if (!(target instanceof Target.BuiltInAgent) && !settings.selections().capabilities().auto()) {
      return "Landlock could keep the program from writing there, but forbids to read other"
          + " processes' links in /proc, for which "
          + settings.sourceOf(Option.CAPABILITIES)
          + " keeps SYS_PTRACE. Remove it to enable this.";
    }
    List<String> readers = new ArrayList<>();
    for (ModulePlan module : modules) {
      if (module.capabilities().contains(CAP_SYS_PTRACE)) {
        readers.add(module.id());
      }
    }
    if (readers.isEmpty()) {
      return "Landlock could keep the agent from writing there, but not without no_new_privs, which"
          + " would make the file capabilities void that the agent has on a kernel without ambient"
          + " ones.";
    }
    return "Landlock could keep the agent from writing there, but forbids to read other processes'"
        + " links in /proc, as "
        + String.join(", ", readers)
        + (readers.size() == 1 ? " does" : " do")
        + ". Take SYS_PTRACE from the container to have it, for less to see.";
  }
}
