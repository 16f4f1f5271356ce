package io.smartagent.kubernetes.manifest;

import io.smartagent.config.Mode;
import io.smartagent.config.Selection;
import io.smartagent.config.StatusAddress;
import io.smartagent.config.UserSpec;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ClusterFeature;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the agent is to be deployed, complete and well-formed.
 *
 * @param name of all objects
 * @param namespace that they are in
 * @param createNamespace whether the manifest makes it
 * @param image reference
 * @param imagePullSecret Secret to pull it with; empty for none
 * @param mode of the virtual root, never {@link Mode#AUTO}
 * @param privileged whether the container is privileged
 * @param without capabilities that it must not have; empty where it is privileged
 * @param modules to run
 * @param user of the hosts that the agent becomes; empty if none was named
 * @param nonRootMode false where root is wanted
 * @param installPath on the host
 * @param runtimePath on the host; the data directory is {@code bonree} in it
 * @param containerRoots directories of the host by the name of the container runtime that keeps its
 *     state there
 * @param crio whether nodes run CRI-O
 * @param remount false where the mounts stay as the manifest makes them
 * @param features of the agent that use Kubernetes' API
 * @param admissionPolicy whether an admission policy keeps agents to the AgentNodes of their nodes
 * @param configMap with settings that change while the agent runs
 * @param statusAddress of the status server
 * @param installer of another agent; empty where the built-in one is meant
 * @param tolerateAll whether it runs on tainted nodes too
 * @param priorityClass of the pods; empty for none
 * @param cpu that it requests
 * @param memory that it requests
 * @param maxUnavailable how many nodes may be without it during an update, as a number or a
 *     percentage
 */
public record ManifestOptions(
    String name,
    String namespace,
    boolean createNamespace,
    String image,
    Optional<String> imagePullSecret,
    Mode mode,
    boolean privileged,
    CapabilitySet without,
    Selection modules,
    Optional<UserSpec> user,
    boolean nonRootMode,
    String installPath,
    String runtimePath,
    Map<String, List<String>> containerRoots,
    boolean crio,
    boolean remount,
    Set<ClusterFeature> features,
    boolean admissionPolicy,
    String configMap,
    StatusAddress statusAddress,
    Optional<InstallerOptions> installer,
    boolean tolerateAll,
    Optional<String> priorityClass,
    ResourceRequest cpu,
    ResourceRequest memory,
    String maxUnavailable) {

  /** Where it is where no namespace was named. */
  static final String DEFAULT_NAMESPACE = "smartagent";

  /** Copies the collections. */
  public ManifestOptions {
    containerRoots = Map.copyOf(containerRoots);
    features = Set.copyOf(features);
  }

  /**
   * Returns the name of the objects of the cluster, which those of another namespace must not have:
   * one deployment would remove the other's account from the binding.
   */
  String clusterName() {
    return namespace.equals(DEFAULT_NAMESPACE) ? name : namespace + "-" + name;
  }

  /** Returns the directory of the host that the agent keeps its data in. */
  String runtimeDirectory() {
    return runtimePath + "/bonree";
  }
}
