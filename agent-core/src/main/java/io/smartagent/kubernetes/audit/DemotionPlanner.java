package io.smartagent.kubernetes.audit;

import io.smartagent.confinement.ContainerPaths;
import io.smartagent.confinement.SecurityContext;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Decides what a privileged container could become. Pure. Which capabilities a program uses is
 * written in no manifest, but for this project's own agent; so for any other one it says where to
 * start.
 */
final class DemotionPlanner {

  private static final Pattern SETS_KERNEL =
      Pattern.compile(
          "\\bsysctl\\b[^\\n;&|]*(?:\\s-w\\b|\\s--write\\b|\\s-p\\b|\\s--load\\b|\\s--system\\b|=)"
              + "|(?:>|\\btee\\b)\\s*(?:-a\\s+)?[\"']?(?:/host)?/(?:proc|sys)/");

  private final Pod pod;
  private final Container container;
  private final List<Finding> findings;

  private DemotionPlanner(Pod pod, Container container, List<Finding> findings) {
    this.pod = pod;
    this.container = container;
    this.findings = findings;
  }

  /** Returns what a privileged container with these findings could become. */
  static Demotion of(Pod pod, Container container, List<Finding> findings) {
    return new DemotionPlanner(pod, container, findings).plan();
  }

  private Demotion plan() {
    return SmartAgentContainer.of(container).map(this::known).orElseGet(this::unknown);
  }

  /** The launcher needs nothing that blocks others: it reads devices and procfs otherwise. */
  private Demotion known(SmartAgentContainer agent) {
    List<FoundBlocker> blockers = bidirectional();
    List<String> reasons = new ArrayList<>(agent.reasons());
    stillAsRoot(reasons);
    return new Demotion(
        blockers,
        agent.isExact(),
        agent.capabilities(),
        reasons,
        blockers.isEmpty() ? agent.securityContext() : List.of(),
        blockers.isEmpty()
            ? "Replace its securityContext. The command plan, run in the pod, shows what it does"
                + " with it."
            : "Take Bidirectional away: the launcher does not need it.");
  }

  private Demotion unknown() {
    List<FoundBlocker> blockers = new ArrayList<>(bidirectional());
    container.mounts().forEach(mount -> hostMount(mount, blockers));
    kernelSettings(blockers);
    CapabilitySet capabilities = container.added();
    List<String> reasons = new ArrayList<>();
    for (CapabilityHint hint : CapabilityHint.values()) {
      if (hint.isIn(pod, container)) {
        capabilities = capabilities.union(hint.capabilities());
        reasons.add("Perhaps " + hint.capabilities() + ": " + hint.because() + ".");
      }
    }
    if (mountsBelowSys()) {
      reasons.add(
          "The default AppArmor profile denies writes below /sys: if it writes there, set"
              + " appArmorProfile: {type: Unconfined}.");
    }
    stillAsRoot(reasons);
    return new Demotion(
        blockers,
        false,
        capabilities,
        reasons,
        blockers.isEmpty()
            ? SecurityContext.unprivileged(capabilities).yaml().lines().toList()
            : List.of(),
        blockers.isEmpty()
            ? "A manifest does not show which capabilities it uses. Start so on one node, and add"
                + " what it turns out to lack: EPERM in its log, or a trace of the kernel's"
                + " cap_capable() (capable of bcc-tools)."
            : "Remove what keeps it privileged first.");
  }

  private List<FoundBlocker> bidirectional() {
    return container.mounts().stream()
        .filter(Mount::bidirectional)
        .map(mount -> blocker(Blocker.BIDIRECTIONAL, mount, "at " + mount.mountPath()))
        .toList();
  }

  private static FoundBlocker blocker(Blocker blocker, Mount mount, String words) {
    return new FoundBlocker(blocker, mount.field().path(), mount.field().line(), words);
  }

  private static void hostMount(Mount mount, List<FoundBlocker> blockers) {
    String path = mount.hostPath();
    if (path == null) {
      return;
    }
    String words = "hostPath " + path;
    if (HostPaths.contains("/dev", path)
        && Stream.concat(ContainerPaths.DEVICES.stream(), ContainerPaths.NOT_DEVICES.stream())
            .noneMatch(harmless -> HostPaths.contains(harmless, path))) {
      blockers.add(blocker(Blocker.HOST_DEVICE, mount, words));
    } else if (HostPaths.contains("/proc", path) && !mount.readOnly()) {
      blockers.add(blocker(Blocker.HOST_PROC_WRITE, mount, words));
    } else if (HostPaths.contains("/sys", path)
        && !HostPaths.isHarmless(path)
        && !HostPaths.contains("/sys/fs/cgroup", path)
        && !mount.readOnly()) {
      blockers.add(blocker(Blocker.HOST_SYS_WRITE, mount, words));
    }
  }

  private boolean mountsBelowSys() {
    return container.mounts().stream()
        .anyMatch(mount ->
            mount.hostPath() != null
                && HostPaths.contains("/sys", mount.hostPath())
                && !mount.readOnly());
  }

  private void kernelSettings(List<FoundBlocker> blockers) {
    String command = String.join(" ", container.command());
    if (SETS_KERNEL.matcher(command).find()) {
      Field field = container.field().get("command");
      Field found = field.isPresent() ? field : container.field().get("args");
      blockers.add(
          new FoundBlocker(Blocker.KERNEL_SETTING, found.path(), found.line(), "its command"));
    }
  }

  private void stillAsRoot(List<String> reasons) {
    List<String> left =
        findings.stream()
            .filter(finding -> finding.level() == Level.EQUIVALENT)
            .map(Finding::words)
            .distinct()
            .toList();
    if (!left.isEmpty()) {
      reasons.add("Demoted, it still has what amounts to root: " + String.join(", ", left) + ".");
    }
  }
}
