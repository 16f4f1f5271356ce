package io.smartagent.launch;

import io.smartagent.config.Option;
import io.smartagent.config.ReportSettings;
import io.smartagent.config.SettingValue;
import io.smartagent.host.LayoutReader;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.module.ModulePlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the launcher leaves for the agent, as {@code launch.json} in the runtime directory: what was
 * decided and has been done. Paths are those of the virtual root.
 *
 * @param version of the launcher
 * @param root what the agent sees of the host, and may write to
 * @param user that the agent runs as
 * @param privileges that were kept
 * @param node where the agent is and what it reaches
 * @param decisions about modules, and what the plan warned of
 * @param settings each with its origin
 */
public record LaunchRecord(
    String version,
    Root root,
    User user,
    Privileges privileges,
    Node node,
    Decisions decisions,
    List<SettingValue> settings) {

  /** The name of the file in the runtime directory. */
  public static final String FILE_NAME = LayoutReader.LAUNCH_RECORD;

  /** Copies the settings. */
  public LaunchRecord {
    settings = List.copyOf(settings);
  }

  /** Returns what the agent reports to Kubernetes. */
  public ReportSettings reports() {
    return ReportSettings.of(
        SettingValue.valueIn(settings, Option.KUBERNETES_EVENTS),
        SettingValue.valueIn(settings, Option.AGENT_NODE),
        SettingValue.valueIn(settings, Option.AGENT_NODE_SPREAD_SECONDS));
  }

  /**
   * The root that the agent has.
   *
   * @param mode {@code full}, {@code read-only} or {@code minimal}
   * @param sealed whether everything but {@code writable} was made read-only
   * @param writable the directories that stayed writable
   * @param seal what keeps the agent from writing to the host: {@code remount}, {@code landlock},
   *     {@code mounts} or {@code none}
   * @param openMounts the mounts of the host that the YAML left writable, where nothing was
   *     remounted
   * @param openMountsUnlisted how many more of them there are
   */
  public record Root(
      String mode,
      boolean sealed,
      List<String> writable,
      String seal,
      List<String> openMounts,
      int openMountsUnlisted) {

    /** Copies the lists. */
    public Root {
      writable = List.copyOf(writable);
      openMounts = List.copyOf(openMounts);
    }
  }

  /**
   * The user that the agent runs as.
   *
   * @param name of the user
   * @param uid of the user
   * @param gid of the user's group
   * @param isRoot whether that is root
   */
  public record User(String name, int uid, int gid, boolean isRoot) {}

  /**
   * What the agent may do.
   *
   * @param kept the capabilities that were kept
   * @param dropped the capabilities that the container had and that were dropped
   * @param noNewPrivileges whether no_new_privs was set
   */
  public record Privileges(CapabilitySet kept, CapabilitySet dropped, boolean noNewPrivileges) {}

  /**
   * Where the agent is and what it reaches.
   *
   * @param name from K8S_NODE_NAME, empty where that is not set
   * @param statusAddress {@code HOST:PORT} of the status server
   * @param runtimeDirectory the agent's own data directory
   * @param cluster how the agent reaches Kubernetes; null where it cannot
   */
  public record Node(
      String name,
      String statusAddress,
      String runtimeDirectory,
      @Nullable ClusterAccess cluster) {}

  /**
   * What was decided.
   *
   * @param modules what was decided about each
   * @param warnings that the plan had
   */
  public record Decisions(List<ModulePlan> modules, List<String> warnings) {

    /** Copies the lists. */
    public Decisions {
      modules = List.copyOf(modules);
      warnings = List.copyOf(warnings);
    }
  }
}
