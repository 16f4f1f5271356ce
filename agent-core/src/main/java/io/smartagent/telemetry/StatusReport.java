package io.smartagent.telemetry;

import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.ModuleStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the agent reports about itself at one moment.
 *
 * @param version of the program
 * @param nodeName of the node, empty where it was not given
 * @param startedAt when the agent started
 * @param mode of the virtual root
 * @param seal what keeps the agent from writing to the host
 * @param user that it runs as
 * @param kept the capabilities that it has
 * @param dropped the capabilities that the launcher gave up
 * @param modules what was decided about each, and how it is doing
 * @param attestation what was found at the start, and since; null while it is not known yet
 * @param warnings of the launcher
 * @param allStarted whether every module that is to run has been started
 * @param configuration what has become of settings that change while it runs
 */
public record StatusReport(
    String version,
    String nodeName,
    Instant startedAt,
    String mode,
    String seal,
    User user,
    CapabilitySet kept,
    CapabilitySet dropped,
    List<ModuleStatus> modules,
    @Nullable AttestationReport attestation,
    List<String> warnings,
    boolean allStarted,
    ConfigurationReport configuration) {

  /**
   * The user that the agent runs as.
   *
   * @param name in the host's passwd
   * @param uid of the process
   * @param gid of the process
   * @param groups supplementary ones of the process, sorted
   * @param root whether it is root
   */
  public record User(String name, int uid, int gid, List<Integer> groups, boolean root) {

    /** Copies the groups. */
    public User {
      groups = List.copyOf(groups);
    }
  }

  /** Copies the lists. */
  public StatusReport {
    modules = List.copyOf(modules);
    warnings = List.copyOf(warnings);
  }

  /** Returns why the agent is not ready, empty where it is. */
  public String notReadyBecause() {
    if (attestation == null) {
      return "The agent is starting: attestation has not ended yet.";
    }
    if (!attestation.passed()) {
      List<String> failures =
          attestation.failures().stream()
              .map(check -> check.name() + ": " + check.detail())
              .toList();
      return (allStarted ? "Attestation failed. " : "Attestation failed, so no module runs. ")
          + String.join("; ", failures);
    }
    return allStarted ? "" : "The agent is starting: not every module has been started yet.";
  }
}
