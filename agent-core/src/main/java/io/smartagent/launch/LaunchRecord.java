package io.smartagent.launch;

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
 * @param mode {@code full}, {@code read-only} or {@code minimal}
 * @param sealed whether everything but {@code writable} was made read-only
 * @param writable the directories that stayed writable
 * @param userName of the user that the agent runs as
 * @param uid of that user
 * @param gid of that user
 * @param root whether that user is root
 * @param kept the capabilities that were kept
 * @param dropped the capabilities that the container had and that were given up
 * @param noNewPrivileges whether no_new_privs was set
 * @param statusAddress {@code HOST:PORT} of the status server
 * @param runtimeDirectory the agent's own data directory
 * @param nodeName from K8S_NODE_NAME, empty where that is not set
 * @param modules what was decided about each
 * @param warnings that the plan had
 * @param seal what keeps the agent from writing to the host: {@code remount}, {@code landlock},
 *     {@code mounts} or {@code none}
 * @param openMounts the mounts of the host that the YAML left writable, where nothing was remounted
 * @param openMountsUnlisted how many more of them there are
 * @param cluster how the agent reaches Kubernetes; null where it cannot
 * @param settings each with its origin
 * @param reports what it tells Kubernetes
 */
public record LaunchRecord(
    String version,
    String mode,
    boolean sealed,
    List<String> writable,
    String userName,
    int uid,
    int gid,
    boolean root,
    CapabilitySet kept,
    CapabilitySet dropped,
    boolean noNewPrivileges,
    String statusAddress,
    String runtimeDirectory,
    String nodeName,
    List<ModulePlan> modules,
    List<String> warnings,
    String seal,
    List<String> openMounts,
    int openMountsUnlisted,
    @Nullable ClusterAccess cluster,
    List<SettingValue> settings,
    ReportSettings reports) {

  /** The name of the file in the runtime directory. */
  public static final String FILE_NAME = LayoutReader.LAUNCH_RECORD;

  /** Copies the lists. */
  public LaunchRecord {
    writable = List.copyOf(writable);
    modules = List.copyOf(modules);
    warnings = List.copyOf(warnings);
    openMounts = List.copyOf(openMounts);
    settings = List.copyOf(settings);
  }
}
